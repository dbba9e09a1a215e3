"""The tags of words, and bit masks of allowed tags."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ANY", "CLASSES", "OUTSIDE", "TAGS", "begin", "inside"]

CLASSES = ("PER", "ORG", "LOC", "MISC")
"""The classes of names. The packaged tagger returns the first three; MISC keeps other names out of them."""

TAGS = ("O", *(f"{position}-{label}" for label in CLASSES for position in "BI"))
"""The tags: O, B-X, I-X."""

OUTSIDE = 1
"""The mask of a word outside of names."""

ANY = (1 << len(TAGS)) - 1
"""The mask of all tags."""


def begin(labels: Iterable[str]) -> int:
    """Return the mask of the first word of a name of one of these classes; "O" stands for no name."""
    return sum(OUTSIDE if label == "O" else 1 << (1 + 2 * CLASSES.index(label)) for label in set(labels))


def inside(labels: Iterable[str]) -> int:
    """Return the mask of any later word of a name of one of these classes; "O" stands for no name."""
    return sum(OUTSIDE if label == "O" else 1 << (2 + 2 * CLASSES.index(label)) for label in set(labels))
