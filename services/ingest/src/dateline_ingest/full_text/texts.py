"""What the texts of a feed's recent items look like, in a few numbers, and the verdict on them."""

from collections.abc import Collection
from typing import Final

from dateline_schemas import FeedTexts, TextVerdict

from dateline_ingest.articles.items import FeedItem

__all__ = ["texts_after"]

MAX_ITEMS = 40.0
"""The counts are reduced to at most this many items, so that a feed that changes its ways is noticed."""

MIN_ITEMS = 3
"""With fewer items there is no verdict on the feed: each item is judged by itself."""

WHOLE_SHARE: Final = 0.3
"""Up to this share of items that lack something, the texts are whole."""

CUT_SHARE: Final = 0.6
"""From this share of items that lack something, the texts are cut."""

TURNING_SHARE: Final = 0.45
"""A verdict changes only when the share has passed this, so that a feed near a limit does not change all the time."""


def texts_after(texts: FeedTexts | None, items: Collection[FeedItem]) -> FeedTexts | None:
    """Return the numbers after further items; items without a page of their own are not counted.

    Args:
        texts: the numbers before; None if no item has been counted.
        items: the new items.

    Returns:
        the numbers; None if still no item has been counted.
    """
    counted = [item for item in items if item.page_site is not None]
    if not counted:
        return texts
    before = texts or FeedTexts()
    taken = min(1.0, MAX_ITEMS / len(counted))
    added = len(counted) * taken
    kept = min(1.0, (MAX_ITEMS - added) / before.items) if before.items else 0.0
    found = before.items * kept + added
    cut = before.cut * kept + sum(item.lack == "cut" for item in counted) * taken
    short = before.short * kept + sum(item.lack == "short" for item in counted) * taken
    verdict = _verdict(before.verdict, found, (cut + short) / found)
    numbers = {"items": round(found, 2), "cut": round(cut, 2), "short": round(short, 2)}
    return before.model_copy(update={**numbers, "verdict": verdict})


def _verdict(before: TextVerdict, items: float, share: float) -> TextVerdict:
    if items < MIN_ITEMS:
        return "mixed"
    if share <= WHOLE_SHARE or (before == "whole" and share < TURNING_SHARE):
        return "whole"
    if share >= CUT_SHARE or (before == "cut" and share > TURNING_SHARE):
        return "cut"
    return "mixed"
