"""Says what is done with the pages of a feed's articles, why, and what they gave."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dateline.duration import in_words
from dateline.feeds.page_choice import page_choice
from dateline_schemas import Feed, FeedPages, FeedState

__all__ = ["page_facts"]

MOST_SITES = 5
"""At most this many sites are named."""


def page_facts(
    feed: Feed, state: FeedState | None, pages: Sequence[FeedPages], now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield names and values: what is done and why, then what the pages of each site gave."""
    yield "full text", str(page_choice(feed, state.texts if state else None, pages))
    for each in pages[:MOST_SITES]:
        ago = in_words(max(0.0, (now - each.at).total_seconds()))
        failure = f"; the last one gave none: {each.reason}" if each.reason else ""
        yield (
            f"pages of {each.site}",
            f"{each.more} of {each.pages} held more text than the feed, {each.pages - each.read} gave no text, "
            f"last {ago} ago{failure}",
        )
    if len(pages) > MOST_SITES:
        yield "more sites", f"{len(pages) - MOST_SITES}"
