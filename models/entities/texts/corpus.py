"""Reads the training sets and unifies their marks; names on which they disagree stay open."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["MarkedName", "Text", "as_marked", "cleaned", "read", "trimmed"]

SETS = ("gum_clear", "gum_sitelicence", "fewnerd", "docred", "crossner", "wikigold")
"""The training sets. Their licences allow training, see NOTICE beside the weights."""

CLASS = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC", "EVENT": "MISC"}
"""Our class of each class of the sets."""

ARTICLE = re.compile(r"(?:the|an|a)\s+", re.IGNORECASE)
"""An article at the start of a span."""

POSSESSIVE = re.compile(r"\s?['’]s$", re.IGNORECASE)
"""A possessive ending."""

MARKS = "\"'“”‘’«»„`"
"""Quotation marks."""
PRESS = re.compile(
    r"\b(?:Times|Post|Herald|Tribune|Guardian|Journal|News|Telegraph|Gazette|Observer|Independent|Chronicle|Mail|"
    r"Daily|Globe|Courier|Examiner|Review|Press|Weekly|Newsweek|Rolling Stone|Billboard|Forbes)\b"
)
"""Words in names of newspapers and magazines, which are organisations in news and works in half of the sets."""

RARE = 0.15
"""Share of a name's occurrences below which a class counts as an error or as ambiguous."""

FEWEST = 8
"""Minimum number of occurrences for this share to be meaningful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedName:
    """A marked span; where the sets disagree, `labels` has more than one class, or also "O"."""

    start: int
    end: int
    labels: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text and its marked names, in order and without overlaps."""

    id: str
    source: str
    genre: str
    split: str
    text: str
    names: tuple[MarkedName, ...]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without blanks, quotation marks, a leading article and a possessive, as scoring compares it."""
    while True:
        before = (start, end)
        while start < end and (text[start].isspace() or text[start] in MARKS):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in MARKS):
            end -= 1
        if article := ARTICLE.match(text, start, end):
            start = article.end()
        if possessive := POSSESSIVE.search(text[start:end]):
            end = start + possessive.start()
        if (start, end) == before:
            return before


def read(folder: Path, sets: Sequence[str] = SETS) -> Iterator[Text]:
    """Read the sets without leaked lines; spans that overlap an earlier one are dropped.

    Args:
        folder: folder of the files NAME.jsonl.xz.
        sets: names of the sets.
    """
    for name in sets:
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if record.get("leak_crossner_test"):
                    continue
                yield Text(
                    id=record["id"],
                    source=name,
                    genre=record["genre"],
                    split=record["split"],
                    text=record["text"],
                    names=tuple(_names(record["text"], record["ents"])),
                )


def _names(text: str, raw: Iterable[tuple[int, int, str]]) -> Iterator[MarkedName]:
    last = 0
    for start, end, label in sorted(raw, key=lambda span: (span[0], -span[1])):
        first, final = trimmed(text, start, end)
        if first >= final or first < last:
            continue
        last = final
        yield MarkedName(start=first, end=final, labels=frozenset({CLASS[label]}))


def as_marked(texts: Iterable[Text], demonyms: frozenset[str]) -> list[Text]:
    """Return the texts with the marks of the sets, except that demonyms are MISC."""
    result = []
    for text in texts:
        names = [
            replace(n, labels=frozenset({"MISC"})) if text.text[n.start : n.end] in demonyms else n for n in text.names
        ]
        result.append(replace(text, names=tuple(names)))
    return result


def cleaned(texts: Sequence[Text], demonyms: frozenset[str]) -> list[Text]:
    """Unify the marks of all texts.

    A demonym is not a place, person or organisation. A span that cuts a word leaves all tags of its words open, and a
    span without a capital letter may not be a name. Both readings stay open for a rare class of a name, for a newspaper
    marked as a work, and for an unmarked repetition of a marked name.

    Args:
        texts: the texts as read.
        demonyms: names of peoples, adjectives and nouns, as they are written.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for name in text.names:
            counts[text.text[name.start : name.end]].update(name.labels)
    return [_cleaned(text, counts, demonyms) for text in texts]


def _cleaned(text: Text, counts: dict[str, Counter[str]], demonyms: frozenset[str]) -> Text:
    names = []
    for name in text.names:
        surface = text.text[name.start : name.end]
        labels = _labels(surface, name.labels, counts[surface], demonyms)
        if _cuts_word(text.text, name.start, name.end):
            labels = frozenset({"O", "PER", "ORG", "LOC", "MISC"})
        names.append(replace(name, labels=labels))
    return replace(text, names=tuple(_with_repetitions(text.text, names)))


def _labels(surface: str, labels: frozenset[str], seen: Counter[str], demonyms: frozenset[str]) -> frozenset[str]:
    if not any(c.isupper() for c in surface) and surface.isascii():
        return labels | {"O"}
    if surface in demonyms:
        return frozenset({"MISC"})
    if labels == {"MISC"} and PRESS.search(surface):
        return frozenset({"MISC", "ORG"})
    total = sum(seen.values())
    if total >= FEWEST and all(seen[label] < RARE * total for label in labels):
        return labels | {seen.most_common(1)[0][0]}
    return labels


def _cuts_word(text: str, start: int, end: int) -> bool:
    return (start > 0 and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )


def _with_repetitions(text: str, names: list[MarkedName]) -> list[MarkedName]:
    """Add the unmarked repetitions of names marked elsewhere in the text, as open."""
    known: dict[str, frozenset[str]] = {}
    for name in names:
        surface = text[name.start : name.end]
        if len(surface) > 2 and surface[0].isupper() and name.labels != {"MISC"}:
            known[surface] = known.get(surface, frozenset()) | name.labels
    if not known:
        return names
    taken = bytearray(len(text))
    for name in names:
        taken[name.start : name.end] = b"\1" * (name.end - name.start)
    pattern = "|".join(re.escape(surface) for surface in sorted(known, key=len, reverse=True))
    added = [
        MarkedName(start=found.start(), end=found.end(), labels=known[found.group()] | {"O"})
        for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)
        if not any(taken[found.start() : found.end()])
    ]
    return sorted([*names, *added], key=lambda name: name.start)
