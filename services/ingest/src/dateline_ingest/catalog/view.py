"""Shows feeds in a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dateline.cli.printable import printable
from dateline.duration import in_words, relative
from dateline_schemas import Feed, FeedPages, FeedPoll, FeedState
from dateline_web.address import without_credentials
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dateline_ingest.catalog.archive_facts import archive_facts
from dateline_ingest.catalog.folders import shown_folder
from dateline_ingest.catalog.page_facts import page_facts

__all__ = ["FeedRow", "feed_lines", "feed_table", "feed_view", "verdict_of"]

VERDICT_STYLES = {"OK": "green", "QUIET": "yellow", "FAILING": "red", "GONE": "red", "paused": "dim", "new": "dim"}
"""The colour of each verdict."""


def verdict_of(feed: Feed, state: FeedState | None) -> str:
    """Return the verdict of the last polls; "paused" or "new" if there is none."""
    if feed.paused:
        return "paused"
    return "new" if state is None or state.verdict is None else state.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """The values of a feed that the list shows; kept small, because there may be many feeds."""

    url: str
    name: str | None
    verdict: str
    last_item: datetime | None
    next_poll: datetime | None
    reason: str
    folders: str = ""

    @classmethod
    def of(cls, feed: Feed, state: FeedState | None) -> "FeedRow":
        """Return the row of a feed."""
        verdict = verdict_of(feed, state)
        reasons = {"new": "not polled yet", "paused": ""}
        return cls(
            url=printable(without_credentials(feed.url)),
            name=printable(feed.name or (state and state.title) or "") or None,
            verdict=verdict,
            last_item=state.last_item if state else None,
            next_poll=state.next_poll if state and not feed.paused else None,
            reason=reasons.get(verdict, printable((state and state.reason) or "")),
            folders=_folders(feed),
        )


def _folders(feed: Feed) -> str:
    return ", ".join(printable(shown_folder(names)) for names in feed.folders)


def feed_table(rows: Sequence[FeedRow], now: datetime) -> Table:
    """Return the rows as a table; with thousands of rows, computing the column widths is slow."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    filed = any(row.folders for row in rows)
    for column in ("feed", *(["folder"] if filed else []), "verdict", "last item", "next poll", "reason"):
        table.add_column(column, overflow="fold", min_width=7 if column == "verdict" else None)
    for row in rows:
        table.add_row(
            Text(f"{row.name}\n{row.url}" if row.name else row.url),
            *([Text(row.folders)] if filed else []),
            Text(row.verdict, VERDICT_STYLES.get(row.verdict, "")),
            relative(row.last_item, now),
            _due(row, now),
            Text(row.reason),
        )
    return table


def feed_lines(rows: Sequence[FeedRow], now: datetime) -> Iterator[str]:
    """Yield one line of text for each row; fast enough for thousands of rows."""
    width = min(40, max((len(row.folders) for row in rows), default=0))
    width = max(width, len("folder")) if width else 0
    yield f"{'feed':60}  {_column('folder', width)}{'verdict':7}  {'last item':14}  {'next poll':14}  reason"
    for row in rows:
        last, due = relative(row.last_item, now), _due(row, now)
        line = f"{row.url:60}  {_column(row.folders, width)}{row.verdict:7}  {last:14}  {due:14}  {row.reason}"
        yield line.rstrip()


def _column(text: str, width: int) -> str:
    return f"{text:{width}}  " if width else ""


def _due(row: FeedRow, now: datetime) -> str:
    if row.verdict == "new" or (row.next_poll is not None and row.next_poll <= now):
        return "now"
    return relative(row.next_poll, now)


def feed_view(feed: Feed, state: FeedState | None, now: datetime, pages: Sequence[FeedPages] = ()) -> RenderableType:
    """Return all details of a feed: verdict, next poll with its reason, what pages gave, and last polls."""
    return Group(*_parts(feed, state, now, pages))


def _parts(feed: Feed, state: FeedState | None, now: datetime, pages: Sequence[FeedPages]) -> Iterator[RenderableType]:
    verdict = verdict_of(feed, state)
    title = feed.name or (state and state.title)
    if title:
        yield Text(printable(title), "bold")
    yield Text(printable(without_credentials(feed.url)), "" if title else "bold")
    reason = printable((state and state.reason) or "")
    yield Text.assemble((verdict, VERDICT_STYLES.get(verdict, "")), f": {reason}" if reason else "")
    yield Text(_next_poll(feed, state, now))
    facts = Table.grid(padding=(0, 2))
    archives = archive_facts(feed, state, now)
    for name, value in (*_facts(feed, state, now), *page_facts(feed, state, pages, now), *archives):
        facts.add_row(Text(name, "dim"), Text(printable(value)))
    yield facts
    if state is not None and state.polls:
        yield Text()
        yield _polls(state.polls, now)


def _next_poll(feed: Feed, state: FeedState | None, now: datetime) -> str:
    if feed.paused:
        return "no next poll because it is paused: dateline feeds resume"
    if state is None or state.last_poll is None:
        return "next poll at once, its first, when the ingest service runs"
    if state.next_poll is None:
        gone = state.verdict == "GONE"
        return "no next poll because it is gone: dateline feeds resume asks again" if gone else "next poll at once"
    why = f" because {printable(state.next_poll_reason)}" if state.next_poll_reason else ""
    return f"next poll at {_clock(state.next_poll, now)}{why}"


def _facts(feed: Feed, state: FeedState | None, now: datetime) -> Iterator[tuple[str, str]]:
    if state is not None:
        if state.next_poll is not None and not feed.paused:
            yield "due", _moment(state.next_poll, now)
        yield "last poll", _moment(state.last_poll, now)
        yield "last item", _moment(state.last_item, now)
        yield "items seen", f"{state.seen_items + len(state.seen):,}"
        if state.rhythm_seconds is not None:
            yield "rhythm", f"something new every {in_words(state.rhythm_seconds)}"
    if feed.interval_seconds is not None:
        yield "interval", f"{in_words(feed.interval_seconds)}, as was set"
    if state is not None:
        yield from _trouble(state)
    for names in feed.folders:
        yield "folder", shown_folder(names)
    if feed.home_page:
        yield "home page", without_credentials(feed.home_page)
    yield "added", _moment(feed.added, now)


def _trouble(state: FeedState) -> Iterator[tuple[str, str]]:
    if state.failures:
        yield "failed polls", f"{state.failures:,} in a row"
    if state.last_error:
        yield "last error", state.last_error
    if state.moved_to:
        yield "moved to", without_credentials(state.moved_to)
    if state.redirect_to:
        yield "moving to", f"{without_credentials(state.redirect_to)}, good polls there: {state.redirect_polls}"
    for candidate in state.candidates:
        yield "names feed", without_credentials(candidate)
    if state.push is not None:
        until = f" until {state.push.expires:%Y-%m-%d %H:%M:%S}" if state.push.expires else ""
        why = f": {state.push.reason}" if state.push.reason else ""
        yield "pushed by", f"{without_credentials(state.push.hub)}, {state.push.state}{until}{why}"


def _polls(polls: Sequence[FeedPoll], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("last polls", "", "status", "outcome"):
        table.add_column(column, no_wrap=True)
    for column in ("items", "new"):
        table.add_column(column, justify="right")
    table.add_column("reason", overflow="fold")
    for poll in reversed(polls):
        table.add_row(
            _clock(poll.at, now),
            relative(poll.at, now),
            "" if poll.status is None else str(poll.status),
            Text(printable(poll.outcome or ("not modified" if poll.status == 304 else ""))),
            f"{poll.items:,}",
            f"{poll.new:,}",
            Text(printable(poll.reason or "")),
        )
    return table


def _moment(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}, {relative(moment, now)}"


def _clock(moment: datetime, now: datetime) -> str:
    """Return the time of day, with the date unless it is today."""
    return f"{moment:%H:%M:%S}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M:%S}"
