"""How much an article is about an entity."""

from __future__ import annotations

from collections.abc import Sequence

from dateline_schemas import Mention

__all__ = ["salience"]


def salience(mentions: Sequence[Mention], length: int) -> float:
    """Say how much an article is about what it mentions so.

    0.4 for a mention in the title; up to 0.3 for the place of the first mention in the body, from 0.3 at its first
    character down to 0 at its end; up to 0.3 for the number of mentions n, as 0.3 * (1 - 1 / n).

    Args:
        mentions: The entity's mentions.
        length: Characters of the body.

    Returns:
        A number between 0 and 1.
    """
    first = min((m.start for m in mentions if m.field == "body"), default=length)
    in_title = any(m.field == "title" for m in mentions)
    position = 1 - first / length if length else 0.0
    return round(0.4 * in_title + 0.3 * position + 0.3 * (1 - 1 / max(len(mentions), 1)), 3)
