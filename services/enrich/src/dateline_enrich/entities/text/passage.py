"""One field of an article: its words, and the lines in which capital letters do not indicate names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dateline_schemas import TextField

from dateline_enrich.entities.text.lexicon import Lexicon, fold
from dateline_enrich.entities.text.token import Token, tokenize

__all__ = ["Passage"]

JOINTS = frozenset("-‐‑–/")
"""Characters that join words."""

SHARE = 0.7
"""Minimum share of capitalised words among the longer words of a headline."""

FEWEST = 4
"""Minimum number of longer words in a headline; shorter lines may be lists or by-lines."""

FEWEST_UPPER = 3
"""Minimum number of words in a line of upper-case words."""

ORDINARY_SHARE = 0.2
"""Minimum share of ordinary words in a headline; a line with fewer may be a list of names."""


class Passage:
    """The title or the body of an article, cut into words."""

    def __init__(
        self,
        field: TextField,
        text: str,
        lexicon: Lexicon,
        cuts: AbstractSet[int] = frozenset(),
        loud: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Cut a text.

        Args:
            field: the field of the article.
            text: the text.
            lexicon: the word lists.
            cuts: where a tagger's names begin and end; words joined by hyphens are cut there: anti-China.
            loud: where the lines begin and end that the article writes in capitals.
        """
        self.field: TextField = field
        self.text = text
        self.tokens: list[Token] = list(_parted(tokenize(text, lexicon), text, cuts))
        self._starts = [token.start for token in self.tokens]
        self._headline = [False] * len(self.tokens)
        for line in _lines(self.tokens):
            if _is_headline(self.tokens, line, lexicon, title=field == "title"):
                self._headline[line.start : line.stop] = [True] * len(line)
        for start, end in loud:
            first, stop = self.after(start), self.after(end)
            self._headline[first:stop] = [True] * (stop - first)

    def first(self, start: int) -> int:
        """Return the index of the first token that ends after a character."""
        at = max(bisect_right(self._starts, start) - 1, 0)
        while at < len(self.tokens) and self.tokens[at].end <= start:
            at += 1
        return at

    def after(self, end: int) -> int:
        """Return the index of the first token that begins at a character or after it."""
        return bisect_left(self._starts, end)

    def keys(self, begin: int, end: int) -> list[str]:
        """Return the keys of the tokens from one index to another, which is excluded."""
        return [token.key for token in self.tokens[max(begin, 0) : max(end, 0)]]

    def in_headline(self, index: int) -> bool:
        """Return whether a token stands in a line where most words are capitalised."""
        return self._headline[index]

    def lower_words(self) -> set[str]:
        """Return the words written in lower case."""
        return {token.key for token in self.tokens if token.word and not token.capital}


def _parted(tokens: Iterable[Token], text: str, cuts: AbstractSet[int]) -> Iterator[Token]:
    """Yield the tokens, split at the cuts beside a hyphen or a slash."""
    for token in tokens:
        if len(token.text) < 3 or JOINTS.isdisjoint(token.text):
            yield token
            continue
        start = token.start
        for at in range(token.start + 1, token.end):
            if at not in cuts:
                continue
            joint = at if text[at] in JOINTS else at - 1
            if text[joint] in JOINTS and start < joint < token.end - 1:
                yield _piece(token, text, start, joint)
                start = joint + 1
        yield token if start == token.start else _piece(token, text, start, token.end)


def _piece(token: Token, text: str, start: int, end: int) -> Token:
    part = text[start:end]
    first = start == token.start
    return replace(
        token,
        start=start,
        end=end,
        text=part,
        key=fold(part),
        capital=part[0].isupper(),
        spaced=token.spaced if first else True,
        opens=token.opens and first,
        closed=token.closed if end == token.end else True,
    )


def _lines(tokens: Sequence[Token]) -> Iterator[range]:
    begin = 0
    for i in range(1, len(tokens)):
        if not tokens[i].spaced:
            yield range(begin, i)
            begin = i
    if tokens:
        yield range(begin, len(tokens))


def _is_headline(tokens: Sequence[Token], line: range, lexicon: Lexicon, *, title: bool) -> bool:
    """Return whether most words of a line are capitalised and, except in titles, some of them are ordinary words."""
    letters = [tokens[i].text for i in line if tokens[i].word and len(tokens[i].text) > 1]
    if len(letters) >= FEWEST_UPPER and sum(map(str.isupper, letters)) >= SHARE * len(letters):
        return True
    words = [tokens[i] for i in line if tokens[i].word and len(tokens[i].text) > 3]
    if len(words) < FEWEST:
        return False
    if sum(word.capital for word in words) < SHARE * len(words) or any(tokens[i].text in ".!?" for i in line[-2:]):
        return False
    ordinary = sum(word.capital and word.key in lexicon.words for word in words[1:])
    return title or ordinary >= ORDINARY_SHARE * len(words)
