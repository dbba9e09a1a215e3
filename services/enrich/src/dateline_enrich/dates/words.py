"""Lists of words, written as one text each."""

from __future__ import annotations

__all__ = ["words"]


def words(text: str) -> frozenset[str]:
    """The set of the words of a text."""
    return frozenset(text.split())
