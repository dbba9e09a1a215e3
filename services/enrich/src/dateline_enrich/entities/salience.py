"""How much an article is about an entity."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dateline_schemas import TextField

__all__ = ["salience"]

_TITLE, _POSITION, _NUMBER = 0.3, 0.5, 0.2
"""Weights, chosen by the order of entities in news that people have ordered; see docs/entities.md."""

_LEAD = 800
"""Characters over which the weight of an early mention falls to 1/e: the first paragraphs of a story."""


def salience(mentions: Sequence[tuple[TextField, int]], most: int) -> float:
    """Say how much an article is about what it mentions so.

    0.3 for a mention in the title; up to 0.5 for the place of the first mention in the body, as 0.5 * exp(-c / 800)
    for c characters before it; up to 0.2 for the number of mentions, as a share of that of the entity with the most.

    Args:
        mentions: Field and start of each of its mentions.
        most: The number of mentions of the entity that has the most.

    Returns:
        A number between 0 and 1.
    """
    first = min((start for field, start in mentions if field == "body"), default=None)
    in_title = any(field == "title" for field, _ in mentions)
    position = 0.0 if first is None else math.exp(-first / _LEAD)
    return round(_TITLE * in_title + _POSITION * position + _NUMBER * len(mentions) / max(most, 1), 3)
