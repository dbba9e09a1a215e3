"""Feeds shown in a terminal."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_ingest.catalog.view import FeedRow, feed_lines, feed_table, feed_view, verdict_of
from dateline_schemas import ArchivesRequest, Feed, FeedArchives, FeedPoll, FeedPush, FeedState
from rich.console import Console

NOW = datetime(2026, 11, 23, 14, 28, 10, tzinfo=UTC)
URL = "https://news.example/rss.xml"


def feed(**changes: Any) -> Feed:
    return Feed(**{"url": URL, "added": NOW - timedelta(days=3), **changes})


def state(**changes: Any) -> FeedState:
    known = {
        "url": URL,
        "verdict": "OK",
        "reason": "it publishes",
        "last_poll": NOW - timedelta(minutes=6),
        "next_poll": NOW + timedelta(minutes=4),
        "next_poll_reason": "max-age=600 (server) is below the feed's own rhythm of 25 min; jitter 8 s",
        "last_item": NOW - timedelta(minutes=26),
        "seen_items": 1234,
        "rhythm_seconds": 1500.0,
    }
    return FeedState(**{**known, **changes})


def shown(of: Feed, known: FeedState | None) -> list[str]:
    console = Console(file=io.StringIO(), width=160)
    console.print(feed_view(of, known, NOW))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def listed(*rows: FeedRow) -> list[str]:
    console = Console(file=io.StringIO(), width=160)
    console.print(feed_table(rows, NOW))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_the_next_poll_is_shown_with_its_reason() -> None:
    polls = [
        FeedPoll(at=NOW - timedelta(minutes=16), status=503, outcome="failed", reason="the server answered 503"),
        FeedPoll(at=NOW - timedelta(minutes=6), status=200, outcome="read", items=20, new=2),
    ]
    lines = shown(feed(name="The News", interval_seconds=600), state(polls=polls))
    assert lines[:4] == [
        "The News",
        URL,
        "OK: it publishes",
        "next poll at 14:32:10 because max-age=600 (server) is below the feed's own rhythm of 25 min; jitter 8 s",
    ]
    facts = {line.split("  ")[0]: line.split("  ", 1)[1].strip() for line in lines[4:] if "  " in line}
    assert facts["due"] == "2026-11-23 14:32:10, in 4 min"
    assert facts["last item"] == "2026-11-23 14:02:10, 26 min ago"
    assert facts["items seen"] == "1,234"
    assert facts["rhythm"] == "something new every 25 min"
    assert facts["interval"] == "10 min, as was set"
    assert facts["added"] == "2026-11-20 14:28:10, 3 d ago"
    newest, oldest = lines[-2:]
    assert newest.split() == ["14:22:10", "6", "min", "ago", "200", "read", "20", "2"]
    assert oldest.split()[:6] == ["14:12:10", "16", "min", "ago", "503", "failed"]
    assert oldest.endswith("the server answered 503")


@pytest.mark.parametrize(
    ("of", "known", "expected"),
    [
        (feed(), None, "next poll at once, its first, when the ingest service runs"),
        (feed(paused=True), state(), "no next poll because it is paused: dateline feeds resume"),
        (
            feed(),
            state(verdict="GONE", next_poll=None),
            "no next poll because it is gone: dateline feeds resume asks again",
        ),
        (feed(), state(next_poll=None), "next poll at once"),
        (feed(), state(next_poll_reason=None), "next poll at 14:32:10"),
        (
            feed(),
            state(next_poll=NOW + timedelta(days=1), next_poll_reason="404"),
            "next poll at 2026-11-24 14:28:10 because 404",
        ),
    ],
)
def test_the_next_poll_of_every_feed_is_described(of: Feed, known: FeedState | None, expected: str) -> None:
    assert expected in shown(of, known)


def test_the_troubles_of_a_feed_are_shown_without_credentials() -> None:
    known = state(
        verdict="FAILING",
        failures=3,
        last_error="HTML came",
        moved_to="https://ann:sesame@a.example/",
        redirect_to="https://b.example/",
        redirect_polls=2,
        candidates=["https://news.example/feed"],
        push=FeedPush(hub="https://hub.example/", topic=URL, state="active", expires=NOW, reason="it said so"),
    )
    text = "\n".join(shown(feed(url="https://ann:sesame@news.example/rss.xml"), known))
    assert "sesame" not in text
    for expected in (
        "3 in a row",
        "HTML came",
        "https://a.example/",
        "https://b.example/, good polls there: 2",
        "https://news.example/feed",
        "https://hub.example/, active until 2026-11-23 14:28:10: it said so",
    ):
        assert expected in text


def test_untrusted_text_cannot_control_the_terminal() -> None:
    evil = "[bold]\x1b]0;owned\x07[/nonsense]\nnext"
    polls = [FeedPoll(at=NOW, reason=evil, outcome=evil)]
    text = "\n".join(shown(feed(name=evil), state(reason=evil, last_error=evil, next_poll_reason=evil, polls=polls)))
    text += "\n".join(listed(FeedRow.of(feed(name=evil), state(reason=evil))))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]\ufffd]0;owned\ufffd[/nonsense] next" in text


def test_the_list_shows_verdict_last_item_next_poll_and_reason() -> None:
    rows = [
        FeedRow.of(feed(url="https://ann:sesame@a.example/f"), state(title="Title of a")),
        FeedRow.of(feed(url="https://b.example/f"), None),
        FeedRow.of(feed(url="https://c.example/f", paused=True), state()),
        FeedRow.of(feed(url="https://d.example/f"), state(next_poll=NOW - timedelta(seconds=5), verdict="QUIET")),
    ]
    lines = listed(*rows)
    assert lines[0].split("  ")[0] == "feed"
    assert lines[1].split() == ["Title", "of", "a", "OK", "26", "min", "ago", "in", "4", "min", "it", "publishes"]
    assert lines[2] == "https://a.example/f"
    assert lines[3].split() == ["https://b.example/f", "new", "now", "not", "polled", "yet"]
    assert lines[4].split() == ["https://c.example/f", "paused", "26", "min", "ago"]
    assert lines[5].split() == ["https://d.example/f", "QUIET", "26", "min", "ago", "now", "it", "publishes"]


def test_a_long_list_has_one_line_for_each_feed() -> None:
    rows = [FeedRow.of(feed(name="A", url=f"https://a.example/{number}"), state()) for number in range(3)]
    head, *lines = feed_lines(rows, NOW)
    assert head.split() == ["feed", "verdict", "last", "item", "next", "poll", "reason"]
    assert [line.split()[0] for line in lines] == [f"https://a.example/{number}" for number in range(3)]
    assert {line.index("26 min ago") for line in lines} == {head.index("last item")}


def test_folders_have_a_column_only_if_there_are_any_and_titles_of_the_user_come_first() -> None:
    filed = FeedRow.of(feed(name="Mine", folders=[["World", "Europe"], ["Must read"]]), state(title="Its own"))
    head, line, address = listed(filed)
    assert head.split()[:2] == ["feed", "folder"]
    assert (line.split("  ")[0], address) == ("Mine", URL)
    assert "World/Europe, Must read" in line
    head, *lines = feed_lines([filed, FeedRow.of(feed(), state())], NOW)
    assert head.split()[:2] == ["feed", "folder"]
    assert lines[0].index("World/Europe, Must read") == head.index("folder")
    assert {line.index("26 min ago") for line in lines} == {head.index("last item")}
    text = "\n".join(shown(feed(folders=[["World", "Europe"]], home_page="https://news.example/"), state()))
    assert "World/Europe" in text
    assert "home page" in text


def test_a_feed_without_a_verdict_is_new_or_paused() -> None:
    assert verdict_of(feed(), None) == "new"
    assert verdict_of(feed(), state(verdict=None)) == "new"
    assert verdict_of(feed(paused=True), state()) == "paused"
    assert verdict_of(feed(), state()) == "OK"


def test_the_archives_are_shown_with_how_far_they_are_and_how_they_ended() -> None:
    asked = ArchivesRequest(asked=NOW, since=datetime(2024, 1, 1, tzinfo=UTC), limit=1000)
    wanted = feed(archives=asked)
    assert any(
        "asked for; they are read after the next good poll (back to 2024-01-01 00:00, at most 1,000 articles)" in line
        for line in shown(wanted, state())
    )
    walk = FeedArchives(
        asked=NOW,
        next="https://news.example/2024/03.xml",
        documents=2,
        items=60,
        published=58,
        problem="no answer",
        next_request=NOW + timedelta(minutes=2),
    )
    lines = "\n".join(shown(wanted, state(archives=walk)))
    assert "next https://news.example/2024/03.xml (back to" in lines
    assert "2 documents with 60 items, 58 sent on" in lines
    assert "no answer, again at 2026-11-23 14:30:10" in lines
    ended = walk.model_copy(update={"ended": NOW, "reason": "the first archive was reached"})
    lines = "\n".join(shown(wanted, state(archives=ended)))
    assert "ended at 2026-11-23 14:28:10: the first archive was reached" in lines
    assert "no answer" not in lines
    assert "archive" not in "\n".join(shown(feed(), state(archives=ended)))
