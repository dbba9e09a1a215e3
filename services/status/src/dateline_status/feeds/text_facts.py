"""Says whether the pages of a feed's articles are read, why, and what they gave."""

from collections.abc import Iterator, Sequence

from dateline.feeds.page_choice import page_choice
from dateline_schemas import Feed, FeedPages, FeedTexts

from dateline_status.feeds.models import FeedFact
from dateline_status.feeds.redaction import line

__all__ = ["text_facts"]

MOST_SITES = 5
"""At most this many sites are named."""


def text_facts(feed: Feed, texts: FeedTexts | None, pages: Sequence[FeedPages]) -> Iterator[FeedFact]:
    """Yield what is done and why, then what the pages of each site gave.

    Args:
        feed: the feed; its `full_text` says who decides.
        texts: what its recent texts look like; None if it was not read yet.
        pages: what past pages gave, the sites with most pages first.
    """
    yield FeedFact(name="full text", text=str(page_choice(feed, texts, pages)))
    for each in pages[:MOST_SITES]:
        failure = f"; the last one gave none: {line(each.reason)}" if each.reason else ""
        yield FeedFact(
            name=f"pages of {line(each.site)}",
            text=f"{each.more} of {each.pages} held more text than the feed, {each.pages - each.read} gave no text"
            f"{failure}; the last one at",
            at=each.at,
        )
    if len(pages) > MOST_SITES:
        yield FeedFact(name="more sites", text=f"{len(pages) - MOST_SITES}")
