"""Gives words in capitals a readable form: "JOHN MCKAY OF NATO" is John McKay of NATO."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from dateline_enrich.entities.text.lexicon import Lexicon, fold
from dateline_enrich.entities.text.vocabulary import NAME_PARTICLES

__all__ = ["Casing", "capitalised"]

WORD = re.compile(r"[^\W\d_](?:[\w.]*[^\W_])?(?:['’][^\W\d_]+)*")
"""A word with letters; a hyphen ends it."""

SAMPLE = 80
"""The first characters of a line, which tell whether it is in capitals."""

FEWEST = 2
"""Minimum number of words in a line in capitals."""

SHARE = 0.7
"""Minimum share of words in capitals, among words of at least two letters."""

SHORTEST = 4
"""Minimum number of letters of an unknown word that is not an acronym."""

LONGEST_ACRONYM = 5
"""Maximum number of letters of an unknown organisation in capitals that is taken for an acronym."""

SLUG = re.compile(r"\s*([A-Z&]+(?:[ \t]+(?:[A-Z&]+|\d{1,2})){0,2})([ \t]*[-–—:|][ \t]*)(?=\S)")
"""Words in capitals before a dash or a colon at the start of a headline."""

VOWELS = re.compile("[aeiouy]")

SCOTTISH = re.compile(r"Mc[a-z]{3,}")
"""A surname with a capital after its prefix: McKay."""

NUMERALS = frozenset(("ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xvi"))
"""Roman numerals that keep their capitals."""


class Casing:
    """How an article writes its words, where not all is in capitals."""

    def __init__(self, texts: Iterable[str], lexicon: Lexicon) -> None:
        """Look for lines in capitals.

        Args:
            texts: title and body.
            lexicon: the word lists.
        """
        self._lexicon = lexicon
        self._texts = list(texts)
        self._forms: dict[str, Counter[str]] | None = None

    def recased(self, text: str, *, title: bool) -> tuple[str, list[tuple[int, int]]]:
        """Return a text of the same length in a readable form, and where the lines are that were in capitals.

        The slug of a title or of such a line, as in "SOCCER - ", becomes a line of its own in lower case.

        Args:
            text: title or body.
            title: whether it is the title.
        """
        loud = list(_shouted(text))
        parts: list[str] = []
        last = 0
        for start, end in loud or ([(0, len(text))] if title else []):
            stop, slug = self._slug(text[start:end])
            line = text[start + stop : end]
            parts += (text[last:start], slug, WORD.sub(self._readable, line) if loud else line)
            last = end
        return "".join((*parts, text[last:])) if parts else text, loud

    def _slug(self, line: str) -> tuple[int, str]:
        """Return the end of the slug at the start of a line, and the slug in lower case."""
        found = SLUG.match(line)
        if found is None:
            return 0, ""
        words, mark = found.groups()
        if not all(word.isdigit() or fold(word) in self._lexicon.slugs for word in words.split()):
            return 0, ""
        return found.end(), line[: found.start(2)].lower() + "\n".ljust(len(mark))

    def name(self, written: str, read: str, *, acronym: bool) -> str:
        """Return a name in a readable form.

        Args:
            written: the name as the article writes it.
            read: the name as it was read.
            acronym: whether words in capitals may be acronyms, as in names of organisations.
        """
        words = read.split()
        loud = written.isupper()
        if not loud and (acronym or not any(map(str.isupper, words))):
            return " ".join(words)
        if len(words) == 1 and acronym:
            return " ".join(written.split()) if len(written) <= LONGEST_ACRONYM else words[0]
        return " ".join(self._part(word, number, loud=loud, acronym=acronym) for number, word in enumerate(words))

    def _part(self, word: str, number: int, *, loud: bool, acronym: bool) -> str:
        key = fold(word)
        if word.islower():
            inner = key in self._lexicon.function_words and number > 0
            return word if inner or not loud else word[:1].upper() + word[1:]
        if number and not acronym and word.isupper() and key in NAME_PARTICLES:
            return word.lower()
        lexicon = self._lexicon
        if not (loud or number or len(word) > LONGEST_ACRONYM or key in lexicon.given_names):
            return word
        known = key in lexicon.words or key in lexicon.organization_heads or key in lexicon.countries
        if acronym and not known and len(word) <= LONGEST_ACRONYM:
            return word
        return capitalised(word, lexicon)

    def _readable(self, found: re.Match[str]) -> str:
        word = found.group()
        if not word.isupper() or len(word) < 2:
            return word
        form = self._form(word)
        if not form[:1].isupper() and not found.string[: found.start()].strip(" \t'\"“‘«"):
            form = form[:1].upper() + form[1:]
        return form if len(form) == len(word) else word

    def _form(self, word: str) -> str:
        key = fold(word)
        forms = self._known().get(key)
        if forms:
            return forms.most_common(1)[0][0]
        lexicon = self._lexicon
        named = key in lexicon.given_names or (key in lexicon.countries and len(key) >= SHORTEST)
        if not named and (key in lexicon.words or key in lexicon.roles):
            return word.lower()
        return capitalised(word, lexicon)

    def _known(self) -> dict[str, Counter[str]]:
        """The forms of the words outside lines in capitals; the first word of a sentence tells nothing."""
        if self._forms is None:
            self._forms = {}
            for text in self._texts:
                last = 0
                for start, end in [*_shouted(text), (len(text), len(text))]:
                    self._count(text[last:start])
                    last = end
        return self._forms

    def _count(self, text: str) -> None:
        forms = self._forms if self._forms is not None else {}
        for found in WORD.finditer(text):
            before = text[max(found.start() - 2, 0) : found.start()]
            word = found.group()
            inside = before[1:] == " " and (before[0].isalnum() or before[0] == ",")
            if len(word) > 1 and (word.islower() or inside):
                forms.setdefault(fold(word), Counter())[word] += 1


def capitalised(word: str, lexicon: Lexicon) -> str:
    """Return a word in capitals as it is written as a name, or unchanged if it is an acronym.

    >>> from dateline_enrich.entities.text.lexicon import lexicon
    >>> [capitalised(word, lexicon()) for word in ("MORITA", "MCKAY", "O'NEILL", "UNESCO", "EU", "III", "JEAN-LUC")]
    ['Morita', 'McKay', "O'Neill", 'UNESCO', 'EU', 'III', 'Jean-Luc']
    """
    return "-".join(_capitalised(part, lexicon) for part in word.split("-"))


def _capitalised(word: str, lexicon: Lexicon) -> str:
    key = fold(word)
    if key in NUMERALS or "." in word or key in lexicon.acronyms or not word.isupper():
        return word
    known = key in lexicon.given_names or key in lexicon.words or key in lexicon.titles
    if not known and key not in ("al", "el") and (len(key) < SHORTEST or not VOWELS.search(key)):
        return word
    if len(word) > 2 and word[1] in "'’" and not word.endswith(("'S", "’S")):
        return word[:2] + word[2:].capitalize()
    form = word[0] + word[1:].lower()
    return f"Mc{form[2:].capitalize()}" if SCOTTISH.fullmatch(form) else form


def _shouted(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines in capitals begin and end."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        sample = line[:SAMPLE]
        if sample and not sample.islower() and _is_shouted(sample) and (len(line) <= SAMPLE or _is_shouted(line)):
            yield start, end
        start = end + 1


def _is_shouted(line: str) -> bool:
    if 2 * sum(map(str.islower, line)) > sum(map(str.isalpha, line)):
        return False
    words = [word for word in WORD.findall(line) if len(word) > 1]
    upper = sum(map(str.isupper, words))
    return len(words) >= FEWEST and upper >= FEWEST and upper >= SHARE * len(words)
