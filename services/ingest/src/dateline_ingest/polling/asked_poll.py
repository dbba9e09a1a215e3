"""Polls that somebody asked for: the feed is due at once, whatever its next poll was."""

from datetime import datetime

from dateline_schemas import Feed, FeedState

__all__ = ["after_request", "asks_for_poll", "is_asked", "only_asks"]

REASON = "it was asked for"
"""The reason of such a poll; it is stored in the feed's state, and tells it from others."""

OTHER_FIELDS = ("poll_asked", "name", "folders", "home_page")
"""Fields of a feed that a request for a poll may change, and those that polling does not depend on."""


def asks_for_poll(before: Feed | None, feed: Feed, state: FeedState) -> bool:
    """Return whether a record of `feeds` asks for a poll.

    Args:
        before: the feed before; None if it is not known, because its record was replaced before it was read.
        feed: the feed in the record.
        state: its state.
    """
    if feed.poll_asked is None or feed.paused:
        return False
    if before is not None:
        # Clocks are not compared: that of whoever asks may differ from that of whoever polls.
        return feed.poll_asked != before.poll_asked
    return state.last_poll is None or feed.poll_asked > state.last_poll


def only_asks(before: Feed | None, feed: Feed) -> bool:
    """Return whether a record changes nothing else that polling depends on."""
    if before is None or before.poll_asked == feed.poll_asked:
        return False
    return before == feed.model_copy(update={name: getattr(before, name) for name in OTHER_FIELDS})


def after_request(state: FeedState, now: datetime) -> FeedState:
    """Return the state of a feed whose poll was asked for; its failures and its verdict stay until it is polled."""
    return state.model_copy(update={"next_poll": now, "next_poll_reason": REASON})


def is_asked(state: FeedState) -> bool:
    """Return whether the next poll of a feed was asked for."""
    return state.next_poll_reason == REASON
