"""How much an article is about an entity."""

from __future__ import annotations

from collections.abc import Sequence

from dateline_schemas import TextField

__all__ = ["salience"]


def salience(mentions: Sequence[tuple[TextField, int]], length: int) -> float:
    """Say how much an article is about what it mentions so.

    0.4 for a mention in the title; up to 0.3 for the place of the first mention in the body, from 0.3 at its first
    character down to 0 at its end; up to 0.3 for the number of mentions n, as 0.3 * (1 - 1 / n).

    Args:
        mentions: Field and start of each of its mentions.
        length: Characters of the body.

    Returns:
        A number between 0 and 1.
    """
    first = min((start for field, start in mentions if field == "body"), default=length)
    in_title = any(field == "title" for field, _ in mentions)
    position = 1 - first / length if length else 0.0
    return round(0.4 * in_title + 0.3 * position + 0.3 * (1 - 1 / max(len(mentions), 1)), 3)
