"""What is known about the pages of a feed's articles when the feed is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dateline_schemas import FeedPages

__all__ = ["PageEvidence", "no_evidence", "pages_give_nothing"]

MIN_READ: Final = 10
"""Fewer pages do not show that pages give no more than the feed."""

MIN_WANTED: Final = 30
"""Fewer pages that could not be read do not show that pages cannot be read."""

NOTHING_SHARE: Final = 0.1
"""Up to this share of pages with more text, the pages give nothing."""

SOMETHING_SHARE: Final = 0.3
"""From this share of pages with more text, the pages give something."""

UNREADABLE_SHARE: Final = 0.05
"""Up to this share of pages with a text, the pages cannot be read."""

NOTHING_MORE_DAYS = 30
"""After this time, pages that gave no more than the feed are asked for again."""

UNREADABLE_DAYS = 3
"""After this time, pages that could not be read are asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """Whether pages can be asked for, and what those of a feed gave."""

    running: bool = False
    """Whether the service that reads pages was seen."""
    results: Sequence[FeedPages] = ()
    """What the pages of each site gave to the articles of the feed."""


def no_evidence(feed: bytes) -> PageEvidence:
    """Return that nothing is known about the pages of a feed, and that none can be asked for."""
    return PageEvidence()


def pages_give_nothing(results: Iterable[FeedPages], now: datetime, *, before: bool) -> bool:
    """Return whether past pages show that pages hold no more than the feed, or cannot be read.

    Results that are too old do not count, so that pages are tried again from time to time.

    Args:
        results: what the pages of each site gave.
        now: the current time.
        before: what was true before: a share between the limits changes nothing.
    """
    fresh = [each for each in results if now - each.at < timedelta(days=NOTHING_MORE_DAYS)]
    read, more = sum(each.read for each in fresh), sum(each.more for each in fresh)
    if read >= MIN_READ:
        return more <= (SOMETHING_SHARE if before else NOTHING_SHARE) * read
    lately = [each for each in fresh if now - each.at < timedelta(days=UNREADABLE_DAYS)]
    wanted = sum(each.pages for each in lately)
    return wanted >= MIN_WANTED and sum(each.read for each in lately) <= UNREADABLE_SHARE * wanted
