"""What the pages of a site give to the articles of a feed; ingest decides by it whether the pages are worth reading."""

from datetime import datetime

from dateline_schemas import FeedPages

__all__ = ["counted", "is_clearly_longer", "is_news"]

RECENT_PAGES = 64
"""From this many pages on, the counts are halved, so that recent pages count more."""

EVERY = 8
"""After the first pages, the counts are written with every eighth page, or when the outcome changes."""

LONGER_SHARE = 1.25
LONGER_CHARACTERS = 200
"""A page's text is clearly longer than the feed's if it exceeds it by a quarter and by this many characters."""


def is_clearly_longer(page: str, feed: str) -> bool:
    """Return whether the text of a page is clearly longer than that of the feed."""
    return len(page) >= max(len(feed) * LONGER_SHARE, len(feed) + LONGER_CHARACTERS)


def counted(before: FeedPages | None, site: str, at: datetime, *, more: bool, reason: str | None) -> FeedPages:
    """Return the counts with one more page.

    Args:
        before: the counts so far, None if there are none.
        site: the site.
        at: the time of the page.
        more: whether its text was clearly longer than the feed's.
        reason: why it gave no text, None if it did.
    """
    old = before or FeedPages(site=site, at=at)
    divisor = 2 if old.pages >= RECENT_PAGES else 1
    return FeedPages(
        site=site,
        at=at,
        pages=old.pages // divisor + 1,
        read=old.read // divisor + (reason is None),
        more=old.more // divisor + more,
        reason=reason,
    )


def is_news(before: FeedPages | None, after: FeedPages) -> bool:
    """Return whether the counts have to be written for ingest now."""
    if before is None or after.pages <= EVERY or after.pages % EVERY == 0:
        return True
    return (before.reason is None) != (after.reason is None)
