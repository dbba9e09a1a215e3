"""Names: the parts of a run that are mentions, without articles, titles and words that only open a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dateline_enrich.entities.lexicon import Lexicon
from dateline_enrich.entities.run import Run, quoted_run
from dateline_enrich.entities.token import Token
from dateline_enrich.entities.vocabulary import DIRECTIONS, FORMS_OF_ADDRESS, PARTICLES

__all__ = ["Name", "split_run"]


@dataclass(slots=True, kw_only=True)
class Name:
    """A stretch of tokens that may be a mention."""

    first: int
    last: int
    words: tuple[str, ...]
    """The keys of its words."""

    titles: list[str] = field(default_factory=list)
    quoted: bool = False
    headline: bool = False
    """It stands in a line that is all in capitals, where capitals tell nothing."""

    @property
    def key(self) -> str:
        """The words as one folded name."""
        return " ".join(self.words)


def split_run(tokens: Sequence[Token], run: Run, lexicon: Lexicon, ordinary: AbstractSet[str]) -> Iterator[Name]:
    """Cut a run into names.

    Args:
        tokens: The text's tokens.
        run: Places of the run's words.
        lexicon: The word lists.
        ordinary: Words that the article also has in lower case.
    """
    if run and tokens[run[0]].key not in lexicon.titles and quoted_run(tokens, run[0]) == run:
        name = _name(tokens, run)
        name.quoted = True
        yield name
        return
    run = _without_opener(tokens, _without_edges(tokens, run, lexicon), lexicon, ordinary)
    if not run:
        return
    if _is_whole(tokens, run, lexicon):
        yield _name(tokens, run)
        return
    cut = _title_end(tokens, run, lexicon)
    if cut is not None:
        begin, end = cut
        yield from split_run(tokens, run[:begin], lexicon, ordinary)
        if rest := run[end:]:
            name = _name(tokens, rest)
            name.titles.append(" ".join(tokens[i].text for i in run[begin:end]))
            yield name
        return
    cut_at = _person_start(tokens, run, lexicon)
    if cut_at:
        yield from split_run(tokens, run[:cut_at], lexicon, ordinary)
        yield _name(tokens, run[cut_at:])
        return
    if len(run) > 1 and tokens[run[0]].key in lexicon.demonyms and _is_plain_tail(tokens, run[1:], lexicon):
        yield _name(tokens, run[:1])
        return
    yield _name(tokens, run)


def _name(tokens: Sequence[Token], run: Run) -> Name:
    return Name(first=run[0], last=run[-1], words=tuple(tokens[i].key for i in run))


def _keys(tokens: Sequence[Token], run: Run) -> list[str]:
    return [tokens[i].key for i in run]


def _without_edges(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> Run:
    """Drop connectors and calendar words at both ends, where the whole is not known."""
    if " ".join(_keys(tokens, run)) in lexicon.organizations:
        return run
    if len(run) > 1 and tokens[run[-1]].key in lexicon.body_heads:
        return run
    begin, end = 0, len(run)
    while begin < end and _is_edge(tokens[run[begin]], lexicon):
        begin += 1
    while end > begin and _is_edge(tokens[run[end - 1]], lexicon):
        end -= 1
    return run[begin:end]


def _is_edge(token: Token, lexicon: Lexicon) -> bool:
    return not token.capital or token.key in lexicon.calendar


def _without_opener(tokens: Sequence[Token], run: Run, lexicon: Lexicon, ordinary: AbstractSet[str]) -> Run:
    """Drop ordinary words that are capitals only because a sentence opens, or that stand before a person."""
    while len(run) > 1:
        token = tokens[run[0]]
        if token.key in DIRECTIONS and lexicon.is_known_place(" ".join(_keys(tokens, run[1:]))):
            return run
        if (
            token.key in PARTICLES
            or token.key in lexicon.place_openers
            or (token.key not in lexicon.words and not (token.opens and token.key in ordinary))
        ):
            return run
        following = tokens[run[1]].key
        if _is_whole(tokens, run, lexicon) or following in lexicon.body_heads:
            return run
        if token.key in lexicon.given_names or token.key in lexicon.title_words:
            return run
        rest = run[1:]
        whole = " ".join(_keys(tokens, rest))
        starts = (lexicon.given_names, lexicon.demonyms, lexicon.places, lexicon.countries)
        if not (
            following in lexicon.titles
            or any(following in words for words in starts)
            or whole in lexicon.organizations
            or (token.opens and token.key in ordinary and tokens[run[-1]].key not in lexicon.words)
        ):
            return run
        if tokens[run[-1]].key in lexicon.organization_heads and following not in lexicon.titles:
            return run
        run = rest
    return run


def _is_whole(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> bool:
    whole = " ".join(_keys(tokens, run))
    return (
        lexicon.is_known_place(whole)
        or whole in lexicon.organizations
        or whole in lexicon.demonyms
        or (len(run) > 2 and whole.removeprefix("the ") in lexicon.organizations)
    )


def _title_end(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> tuple[int, int] | None:
    """Where the last title of the run begins and ends, if a name can follow it or it ends the run."""
    keys = _keys(tokens, run)
    if len(run) == 2 and keys[0] in FORMS_OF_ADDRESS:
        return 0, 1
    if len(run) == 2 and keys[0] in lexicon.titles and keys[1] in lexicon.countries:
        return None
    if len(run) > 1 and _has_head(keys, lexicon) and not any(key in lexicon.given_names for key in keys[1:]):
        return None
    end = max((i + 1 for i, key in enumerate(keys) if key in lexicon.titles), default=0)
    if not end:
        return None
    begin = end - 1
    while begin and (keys[begin - 1] in lexicon.titles or keys[begin - 1] in lexicon.title_modifiers):
        begin -= 1
    if keys[end : end + 1] and keys[end] in ("of", "for", "and"):
        return None
    return begin, end


def _has_head(keys: Sequence[str], lexicon: Lexicon) -> bool:
    heads = lexicon.heads
    return keys[-1] in heads or any(key == "of" and keys[i] in heads for i, key in enumerate(keys[1:]))


def _person_start(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> int:
    """Where a person begins within the run, after a people, a role or an ordinary word; 0 if nowhere."""
    keys = _keys(tokens, run)
    if _has_head(keys, lexicon):
        return 0
    for i in range(1, len(keys) - 1):
        if keys[i] in lexicon.given_names and (keys[i - 1] in lexicon.demonyms or keys[i - 1] in lexicon.words):
            return i
    return 0


def _is_plain_tail(tokens: Sequence[Token], run: Run, lexicon: Lexicon) -> bool:
    keys = _keys(tokens, run)
    return not _has_head(keys, lexicon) and all(key in lexicon.words for key in keys)
