"""Edits of feeds: each says what becomes of a feed's record, and what was done in words."""

from dataclasses import dataclass
from datetime import datetime

from dateline_schemas import Feed, FullText

from dateline.feeds.address import without_login
from dateline.feeds.values import FeedValues

__all__ = ["FeedEdit", "added", "paused", "poll_asked", "resumed", "with_full_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEdit:
    """A change of a feed, which is not written yet.

    Attributes:
        feed: the feed as it becomes.
        done: what was done, in a few words.
        is_needed: whether its record has to be written; if not, everything is as was asked, or cannot be done.
        is_refused: whether the change cannot be made; `done` says why.
    """

    feed: Feed
    done: str
    is_needed: bool = True
    is_refused: bool = False

    @property
    def address(self) -> str:
        """The address of the feed without user name and password."""
        return without_login(self.feed.url)


def added(address: str, before: Feed | None, now: datetime, values: FeedValues | None = None) -> FeedEdit:
    """Add the feed at `address`, without looking at what is there, or set values of a feed that is followed already.

    Args:
        address: its own address, as `feed_address` or `typed_address` returned it.
        before: the feed as it is now; None if it is not in the table.
        now: the current time.
        values: the values to set.
    """
    after = (values or FeedValues()).applied(address, before, now)
    if before is None:
        return FeedEdit(feed=after, done="added")
    if after == before:
        return FeedEdit(feed=before, done="already there", is_needed=False)
    return FeedEdit(feed=after, done="changed")


def paused(feed: Feed) -> FeedEdit:
    """Stop polling a feed; its state is kept."""
    if feed.paused:
        return FeedEdit(feed=feed, done="was paused already", is_needed=False)
    return FeedEdit(feed=feed.model_copy(update={"paused": True}), done="paused")


def resumed(feed: Feed) -> FeedEdit:
    """Poll a paused feed again, and a feed that fails or is gone at once."""
    done = "resumed" if feed.paused else "was not paused; if it failed it is polled at once"
    # A new record makes ingest poll the feed again, so it is written even if the feed was not paused.
    return FeedEdit(feed=feed.model_copy(update={"paused": False}), done=done)


def poll_asked(feed: Feed, now: datetime) -> FeedEdit:
    """Ask for one poll of a feed now; a paused feed is not polled."""
    if feed.paused:
        return FeedEdit(feed=feed, done="is paused and is not polled; resume it", is_needed=False, is_refused=True)
    return FeedEdit(feed=feed.model_copy(update={"poll_asked": now}), done="asked for a poll")


def with_full_text(feed: Feed, choice: FullText) -> FeedEdit:
    """Set whether the pages of the feed's articles are read."""
    before = feed.full_text or "never"
    if feed.full_text == choice:
        return FeedEdit(feed=feed, done=f"full text was {before} already", is_needed=False)
    changed = feed.model_copy(update={"full_text": choice})
    return FeedEdit(feed=changed, done=f"full text {choice}, before {before}")
