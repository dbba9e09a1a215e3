"""Keeps the letters behind a person's name out of the names: M.D., PhD, OBE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon, letters
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.token import Token

__all__ = ["name_end", "without_postnominals"]

LONGEST = 5
"""Maximum number of letters behind a person's name that are not in the list."""

BETWEEN = frozenset((",", ".", "and", "&"))
"""Marks and words between such letters."""


def name_end(passage: Passage, begin: int, end: int, lexicon: Lexicon) -> int:
    """Return where a person's name of at least two words ends, without the letters behind it.

    Args:
        passage: the text.
        begin: the first token of the span.
        end: the token after the span.
        lexicon: the word lists.
    """
    tokens = passage.tokens
    at = stop = end
    while at > begin + 1 and not passage.in_headline(at - 1):
        first = _letters_before(tokens, begin, at, lexicon)
        if first == at:
            break
        at = first
        while at > begin and tokens[at - 1].text in BETWEEN:
            at -= 1
        stop = at
    return stop if sum(token.word for token in tokens[begin:stop]) > 1 else end


def _letters_before(tokens: list[Token], begin: int, end: int, lexicon: Lexicon) -> int:
    """Return where the letters that end before a token begin, or that token: "Ph" "." "D" is one of them."""
    last = end - (tokens[end - 1].text == ".")
    for first in (last - 1, last - 3):
        if first <= begin or not tokens[first].word:
            continue
        parts = tokens[first:last]
        joined = all(one.end == other.start for one, other in pairwise(parts))
        text = "".join(part.text for part in parts)
        if joined and letters(text) in lexicon.postnominals and _is_written_as_letters(text):
            return first
    return end


def _is_written_as_letters(text: str) -> bool:
    """Return whether a text has the form of a degree or an order: M.D., PhD, OBE, Esq, but not Ma."""
    return text.isupper() or "." in text or sum(c.isupper() for c in text) > 1 or (text.istitle() and len(text) > 2)


def without_postnominals(passage: Passage, names: Iterable[NameMention], lexicon: Lexicon) -> Iterator[NameMention]:
    """Yield the mentions that are not degrees, orders or offices behind the name of a person.

    Args:
        passage: the text of the mentions.
        names: the mentions, in order.
        lexicon: the word lists.
    """
    tail = -1
    for name in names:
        if tail >= 0 and _is_behind(passage, tail, name, lexicon):
            tail = passage.after(name.end)
            continue
        if name.type == "person":
            tail = passage.after(name.end)
        elif not _is_listed(name.text, lexicon):
            tail = -1
        yield name


def _is_behind(passage: Passage, tail: int, name: NameMention, lexicon: Lexicon) -> bool:
    """Return whether a mention consists of such letters, and only such letters stand between it and the person."""
    dotted = "." in name.text and name.text.replace(".", "").isupper()
    short = name.type == "person" and not name.titles and 1 < len(letters(name.text)) <= LONGEST
    unknown = short and (dotted or name.text.isupper()) and not passage.in_headline(passage.first(name.start))
    if not (_is_listed(name.text, lexicon) or unknown):
        return False
    first = passage.first(name.start)
    between = passage.tokens[tail:first]
    if len(between) > 2 * LONGEST or (unknown and not any(token.text == "," for token in between)):
        return False
    if not all(token.spaced for token in passage.tokens[tail : first + 1]):
        return False
    return all(token.text in BETWEEN or letters(token.text) in lexicon.postnominals for token in between)


def _is_listed(text: str, lexicon: Lexicon) -> bool:
    return letters(text) in lexicon.postnominals and _is_written_as_letters(text)
