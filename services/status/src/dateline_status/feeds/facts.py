"""Says in words what is known about a feed, with the words of `dateline feeds show`."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dateline.duration import in_words
from dateline_schemas import Feed, FeedPages, FeedPoll, FeedState

from dateline_status.feeds.archive_facts import archive_facts
from dateline_status.feeds.entry import FeedEntry, moment
from dateline_status.feeds.models import FeedFact, PollNote
from dateline_status.feeds.redaction import line
from dateline_status.feeds.text_facts import text_facts

__all__ = ["feed_facts", "next_poll", "poll_notes"]


def next_poll(entry: FeedEntry, state: FeedState | None) -> FeedFact:
    """Return when a feed is polled next, and why then; without its state the reason is unknown."""
    if entry.paused:
        return FeedFact(name="no next poll", text="because it is paused: dateline feeds resume")
    if entry.last_poll is None:
        return FeedFact(name="next poll at once", text="its first, when the ingest service runs")
    if entry.next_poll is None:
        if entry.verdict == "GONE":
            return FeedFact(name="no next poll", text="because it is gone: dateline feeds resume asks again")
        return FeedFact(name="next poll at once")
    reason = state.next_poll_reason if state is not None else None
    return FeedFact(name="next poll at", at=moment(entry.next_poll), text=f"because {line(reason)}" if reason else "")


def feed_facts(
    feed: Feed | None, state: FeedState | None, pages: Sequence[FeedPages], now: datetime
) -> Iterator[FeedFact]:
    """Yield what is known about a feed.

    Args:
        feed: its record in `feeds`; None if that could not be read.
        state: its record in `feed-state`; None if it has none or that could not be read.
        pages: what the pages of its articles gave, the sites with most pages first.
        now: the current time.
    """
    if state is not None:
        yield _time("last poll", state.last_poll)
        yield _time("last item", state.last_item)
        yield FeedFact(name="items seen", text=f"{state.seen_items + len(state.seen):,}")
        if state.rhythm_seconds is not None:
            yield FeedFact(name="rhythm", text=f"something new every {in_words(state.rhythm_seconds)}")
    if feed is not None and feed.interval_seconds is not None:
        yield FeedFact(name="interval", text=f"{in_words(feed.interval_seconds)}, as was set")
    if state is not None:
        yield from _trouble(state)
        yield from _push(state)
    if feed is not None:
        for names in feed.folders:
            yield FeedFact(name="folder", text=line("/".join(names)))
        if feed.home_page:
            yield FeedFact(name="home page", text=line(feed.home_page))
        if feed.poll_asked is not None:
            yield _time("poll asked for", feed.poll_asked)
        yield _time("added", feed.added)
        yield from text_facts(feed, state.texts if state else None, pages)
        yield from archive_facts(feed, state, now)


def poll_notes(polls: Sequence[FeedPoll]) -> list[PollNote]:
    """Return the polls, newest first."""
    return [
        PollNote(
            at=poll.at,
            status=poll.status,
            outcome=line(poll.outcome or ("not modified" if poll.status == 304 else "")),
            items=poll.items,
            new=poll.new,
            reason=line(poll.reason) if poll.reason else None,
            kind=_kind(poll),
        )
        for poll in reversed(polls)
    ]


def _kind(poll: FeedPoll) -> str:
    if poll.reason or poll.outcome == "failed":
        return "failed"
    if poll.outcome == "pushed":
        return "pushed"
    return "new" if poll.new else "nothing new"


def _trouble(state: FeedState) -> Iterator[FeedFact]:
    if state.failures:
        yield FeedFact(name="failed polls", text=f"{state.failures:,} in a row")
    if state.last_error:
        yield FeedFact(name="last error", text=line(state.last_error))
    if state.moved_to:
        yield FeedFact(name="moved to", text=line(state.moved_to))
    if state.redirect_to:
        yield FeedFact(name="moving to", text=f"{line(state.redirect_to)}, good polls there: {state.redirect_polls}")
    for candidate in state.candidates:
        yield FeedFact(name="names feed", text=line(candidate))


def _push(state: FeedState) -> Iterator[FeedFact]:
    push = state.push
    if push is None:
        return
    why = f": {line(push.reason)}" if push.reason else ""
    yield FeedFact(name="pushed by", text=f"{line(push.hub)}, {line(push.state)}{why}")
    if push.expires is not None:
        yield _time("subscribed until", push.expires)
    if push.last_push is not None:
        yield _time("last push", push.last_push)
    if push.missed:
        yield FeedFact(name="missed pushes", text=f"{push.missed:,} in a row: polls found items that the hub kept back")


def _time(name: str, moment: datetime | None) -> FeedFact:
    return FeedFact(name=name, text="never") if moment is None else FeedFact(name=name, at=moment)
