"""Computes how much an article is about an entity."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dateline_schemas import TextField

__all__ = ["salience"]

TITLE, POSITION, NUMBER = 0.3, 0.5, 0.2
"""Weights of a mention in the title, of an early mention, and of the number of mentions.

They were chosen on news whose entities people had put in order; see docs/entities.md.
"""

LEAD = 800
"""Characters, about the first paragraphs, after which the weight of an early mention has fallen to 1/e."""


def salience(mentions: Sequence[tuple[TextField, int]], most: int) -> float:
    """Return how much an article is about an entity.

    The sum of 0.3 for a mention in the title, 0.5 * exp(-c / 800) for c characters before the first mention in the
    body, and 0.2 * mentions / most.

    Args:
        mentions: field and start of each mention of the entity.
        most: the number of mentions of the entity that is mentioned most.

    Returns:
        a number between 0 and 1.
    """
    first = min((start for field, start in mentions if field == "body"), default=None)
    in_title = any(field == "title" for field, _ in mentions)
    position = 0.0 if first is None else math.exp(-first / LEAD)
    return round(TITLE * in_title + POSITION * position + NUMBER * len(mentions) / max(most, 1), 3)
