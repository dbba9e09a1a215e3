"""Sets of words, each written as one string."""

from __future__ import annotations

__all__ = ["words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a string."""
    return frozenset(text.split())
