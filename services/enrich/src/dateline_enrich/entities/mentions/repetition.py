"""Finds repetitions of a name that the tagger found once and missed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from dateline_schemas import EntityType

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.brackets import acronym_after
from dateline_enrich.entities.mentions.cleaning import mention_at
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage

__all__ = ["repeated"]

LEAST_SCORE = 0.6
"""Minimum confidence of a name whose repetitions are looked for."""

LONGEST = 12
"""Maximum number of words in a name that is looked for, so that the time stays linear."""

DISCOUNT = 0.9
"""Factor of the confidence of a repetition."""


def repeated(
    passages: Sequence[Passage], names: Sequence[NameMention], lexicon: Lexicon, places: Gazetteer
) -> list[NameMention]:
    """Find more mentions of names.

    Args:
        passages: title and body.
        names: the mentions found so far.
        lexicon: the word lists.
        places: the known places.

    Returns:
        new mentions, which do not overlap any of `names`.
    """
    wanted = _wanted(names, lexicon, set().union(*(passage.lower_words() for passage in passages)))
    shouted: set[str] = set()
    found: list[NameMention] = []
    by_field = {passage.field: passage for passage in passages}
    for name in names:
        if name.type == "organization" and (acronym := acronym_after(by_field[name.field], name)):
            wanted.setdefault(acronym, []).append(((acronym,), "organization", name.score))
            shouted.add(acronym)
    if not wanted:
        return []
    for passage in passages:
        taken = bytearray(len(passage.text))
        for name in names:
            if name.field == passage.field:
                taken[name.start : name.end] = b"\1" * (name.end - name.start)
        found += _in(passage, wanted, taken, shouted, lexicon, places)
    return found


def _wanted(
    names: Sequence[NameMention], lexicon: Lexicon, lower: set[str]
) -> dict[str, list[tuple[tuple[str, ...], EntityType, float]]]:
    """Return the names to look for by their first word, longest names first."""
    best: dict[tuple[str, ...], tuple[EntityType, float]] = {}
    for name in names:
        if name.score < LEAST_SCORE or name.type not in ("person", "organization", "location"):
            continue
        forms = [name.words]
        if name.type == "person" and len(name.words) > 1 and len(name.words[-1]) > 2:
            forms.append(name.words[-1:])
        for words in forms:
            if len(words) > LONGEST:
                continue
            if len(words) == 1 and (words[0] in lexicon.words or words[0] in lower or len(words[0]) < 3):
                continue
            if name.score > best.get(words, ("other", 0.0))[1]:
                best[words] = (name.type, name.score)
    wanted: dict[str, list[tuple[tuple[str, ...], EntityType, float]]] = {}
    for words, (kind, score) in sorted(best.items(), key=lambda item: -len(item[0])):
        wanted.setdefault(words[0], []).append((words, kind, score))
    return wanted


def _in(
    passage: Passage,
    wanted: dict[str, list[tuple[tuple[str, ...], EntityType, float]]],
    taken: bytearray,
    shouted: AbstractSet[str],
    lexicon: Lexicon,
    places: Gazetteer,
) -> Iterator[NameMention]:
    tokens = passage.tokens
    for at, token in enumerate(tokens):
        if not token.capital or token.key not in wanted or taken[token.start]:
            continue
        if token.key in shouted and not token.text[1:].isupper() and len(wanted[token.key]) == 1:
            continue
        for words, kind, score in wanted[token.key]:
            end = _end(passage, at, words)
            if not end or any(taken[token.start : tokens[end - 1].end]) or _is_part(passage, at, end):
                continue
            found = mention_at(passage, at, end, kind, score * DISCOUNT, lexicon, places)
            if found is not None and not any(taken[found.start : found.end]):
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                yield found
            break


def _end(passage: Passage, at: int, words: tuple[str, ...]) -> int:
    """Return where a name that begins at a token ends, or 0 if its words do not follow."""
    tokens = passage.tokens
    step = 0
    while at < len(tokens) and step < len(words):
        token = tokens[at]
        if token.word or token.text == "&":
            if token.key != words[step] or (step and not token.spaced):
                return 0
            step += 1
        elif token.text not in ".,'’":
            return 0
        at += 1
    return at if step == len(words) else 0


def _is_part(passage: Passage, begin: int, end: int) -> bool:
    """Return whether capitalised words beside a name make it part of a longer one; unknown, so False, in headlines."""
    if passage.in_headline(begin):
        return False
    tokens = passage.tokens
    before = tokens[begin - 1] if begin else None
    after = tokens[end] if end < len(tokens) else None
    return bool(
        (before and before.word and before.capital and tokens[begin].spaced and not before.opens and not before.closed)
        or (after and after.word and after.capital and after.spaced and not tokens[end - 1].closed)
    )
