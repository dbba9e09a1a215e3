"""The tags of a word, and sets of tags as bit masks, for words whose tag is not certain."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ANY", "CLASSES", "OUTSIDE", "TAGS", "begin", "inside"]

CLASSES = ("PER", "ORG", "LOC", "MISC")
"""The first three are delivered; MISC teaches the model what looks like one of them and is not."""

TAGS = ("O", *(f"{position}-{label}" for label in CLASSES for position in "BI"))

OUTSIDE = 1
ANY = (1 << len(TAGS)) - 1


def begin(labels: Iterable[str]) -> int:
    """The mask of a first word of a name of one of some classes; "O" stands for no name."""
    return sum(OUTSIDE if label == "O" else 1 << (1 + 2 * CLASSES.index(label)) for label in set(labels))


def inside(labels: Iterable[str]) -> int:
    """The mask of any other word of such a name."""
    return sum(OUTSIDE if label == "O" else 1 << (2 + 2 * CLASSES.index(label)) for label in set(labels))
