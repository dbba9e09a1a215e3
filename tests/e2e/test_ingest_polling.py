"""Feeds polled from a real site into a real Kafka: each content of an item is published once, despite crashes."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateline_broker import Broker
from dateline_schemas.headers import header
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"i{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


async def answered(site: NewsSite, name: str, count: int, status: int | None = None) -> None:
    """Wait for `count` more answers for a feed."""
    wanted = site.count(name, status) + count

    async def there() -> bool:
        return site.count(name, status) >= wanted

    await eventually(f"{wanted} answers {status or ''} for {name}", there)


async def test_new_and_corrected_items_are_published_once_and_unchanged_documents_publish_nothing(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["a"] = rss([Story(1), Story(2)], "a")
    await ingest_lab.add(site.url("a"))
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(2)
        await answered(site, "a", 2, status=304)
        assert len(await ingest_lab.articles()) == 2

        site.documents["a"] = rss([Story(1, "The council met again."), Story(2), Story(3)], "a")
        await ingest_lab.wait_articles(4)
        await answered(site, "a", 2, status=304)
    articles = await ingest_lab.articles()
    assert Counter(article.title for article in articles) == {
        "Story 1 of a": 2,
        "Story 2 of a": 1,
        "Story 3 of a": 1,
    }
    first, corrected = (article for article in articles if article.title == "Story 1 of a")
    assert first.id == corrected.id
    assert corrected.body == "The council met again."
    assert corrected.source.name == "News of a"
    state = await ingest_lab.state(site.url("a"))
    assert state is not None
    assert state.verdict == "OK"
    assert (state.seen_items, state.seen_next) == (4, 1)


async def test_articles_carry_event_headers_and_a_trace(ingest_lab: IngestLab, site: NewsSite) -> None:
    from dateline_schemas.topics import ARTICLES_PARSED

    site.documents["a"] = rss([Story(1)], "a")
    await ingest_lab.add(site.url("a"))
    async with ingest_lab.polling("one"):
        (article,) = await ingest_lab.wait_articles(1)
    (record,) = await ingest_lab.records(ARTICLES_PARSED)
    assert record.key == article.id.encode()
    assert header(record.headers, "ce_type") == "org.dateline.article.parsed.v1"
    assert (header(record.headers, "ce_source") or "").endswith("ingest")
    assert (header(record.headers, "traceparent") or "").startswith("00-")


async def test_the_feeds_of_a_replica_killed_during_polls_are_taken_over_without_loss_or_duplicates(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    names = [f"feed{number}" for number in range(16)]
    for name in names:
        site.documents[name] = rss([Story(number) for number in range(5)], name)
    site.delay_seconds = 0.1
    await ingest_lab.add(*map(site.url, names), interval_seconds=0.3)
    ingest_lab.process()
    ingest_lab.process()
    await ingest_lab.wait_articles(10)
    for victim in range(2):
        ingest_lab.processes[victim].kill()
        ingest_lab.process()
        for name in names:
            site.documents[name] = rss([Story(number) for number in range(5 + 3 * (victim + 1))], name)
        await ingest_lab.wait_articles(16 * 5 + 16 * 3 * victim + 10)
    await ingest_lab.wait_articles(16 * 11)
    for name in names:
        await answered(site, name, 1)
    for process in ingest_lab.processes[2:]:
        assert await ingest_lab.end(process) == 0
    counts = Counter(article.title for article in await ingest_lab.articles())
    assert counts == {f"Story {number} of {name}": 1 for name in names for number in range(11)}


async def test_a_service_that_is_killed_repeatedly_publishes_each_item_once(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    names = [f"feed{number}" for number in range(6)]
    for name in names:
        site.documents[name] = rss([Story(0)], name)
    await ingest_lab.add(*map(site.url, names), interval_seconds=0.2)
    told = 0
    for _ in range(2):
        process = ingest_lab.process()
        await ingest_lab.wait_articles(6 * (told + 1))
        # Each answer has one more story, so the kill finds polls that are requested, read and committed.
        for _ in range(3):
            told += 1
            for name in names:
                site.documents[name] = rss([Story(number) for number in range(told + 1)], name)
            await answered(site, names[told % 6], 1)
        process.kill()
        await asyncio.to_thread(process.wait, 10)
    last = ingest_lab.process()
    await ingest_lab.wait_articles(6 * (told + 1))
    for name in names:
        await answered(site, name, 2)
    assert await ingest_lab.end(last) == 0
    counts = Counter(article.title for article in await ingest_lab.articles())
    assert counts == {f"Story {number} of {name}": 1 for name in names for number in range(told + 1)}


async def test_a_feed_keeps_its_state_when_another_replica_takes_over(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents["a"] = rss([Story(1), Story(2)], "a")
    await ingest_lab.add(site.url("a"))
    first = ingest_lab.process()
    await ingest_lab.wait_articles(2)
    await answered(site, "a", 1, status=304)
    assert await ingest_lab.end(first) == 0

    before = len(site.requests)
    second = ingest_lab.process()
    await answered(site, "a", 2, status=304)
    assert "If-None-Match" in site.requests[before][1]
    assert await ingest_lab.end(second) == 0
    assert len(await ingest_lab.articles()) == 2


async def test_replicas_that_join_and_leave_share_the_feeds_without_loss_or_duplicates(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    names = [f"feed{number}" for number in range(12)]
    for name in names:
        site.documents[name] = rss([Story(1)], name)
    await ingest_lab.add(*map(site.url, names))
    async with ingest_lab.polling("stays"):
        await ingest_lab.wait_articles(12)
        async with ingest_lab.polling("guest") as (guest,):

            async def shared() -> bool:
                return any(progress.offset is not None for progress in guest.progress.values())

            await eventually("the guest holds a partition", shared)
            for name in names:
                site.documents[name] = rss([Story(1), Story(2)], name)
            await ingest_lab.wait_articles(24)
        for name in names:
            site.documents[name] = rss([Story(1), Story(2), Story(3)], name)
        await ingest_lab.wait_articles(36)
    counts = Counter(article.title for article in await ingest_lab.articles())
    assert counts == {f"Story {number} of {name}": 1 for name in names for number in (1, 2, 3)}


async def test_a_poll_that_was_asked_for_is_made_once_whenever_the_next_one_is(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    feed, fails, day = site.url("a"), site.url("fails"), 86_400.0
    site.documents |= {"a": rss([Story(1)], "a"), "b": rss([Story(1)], "b")}
    site.statuses["fails"] = 500

    async def failed(times: int) -> None:
        async def there() -> bool:
            state = await ingest_lab.state(fails)
            return state is not None and (state.verdict, state.failures) == ("FAILING", times)

        await eventually(f"failed polls: {times}", there)

    await ingest_lab.add(feed, fails, interval_seconds=day)
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(1)
        await failed(1)
        site.documents["a"] = rss([Story(1), Story(2)], "a")
        asked = datetime.now(UTC)
        await ingest_lab.add(feed, fails, interval_seconds=day, poll_asked=asked)
        await ingest_lab.wait_articles(2)
        await failed(2)
        # The same request in another record asks for nothing, nor does the start of another replica.
        await ingest_lab.add(feed, interval_seconds=day, poll_asked=asked, name="Mine")
    async with ingest_lab.polling("two"):
        await ingest_lab.add(site.url("b"))
        await ingest_lab.wait_articles(3)
        await answered(site, "b", 3)
    assert (site.count("a"), site.count("fails")) == (2, 2)


async def test_a_failing_feed_that_moves_to_another_folder_is_not_polled_for_that(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["b"] = rss([Story(1)], "b")
    feed, hour = site.url("a"), 3600.0

    async def polled() -> bool:
        return site.count("a") > 0

    async with ingest_lab.polling("one"):
        await ingest_lab.add(feed, interval_seconds=hour)
        await eventually("a poll that fails", polled)
        await ingest_lab.add(site.url("b"))
        await answered(site, "b", 2)
        await ingest_lab.add(feed, interval_seconds=hour, folders=[["World"]], name="Mine")
        await answered(site, "b", 3)
        assert site.count("a") == 1
        site.documents["a"] = rss([Story(2)], "a")
        await ingest_lab.add(feed, interval_seconds=hour, folders=[["World"]], name="Mine")
        await ingest_lab.wait_articles(2)
    assert "Mine" in {article.source.name for article in await ingest_lab.articles()}


async def test_feeds_are_added_paused_resumed_and_removed_while_the_service_runs(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    async with ingest_lab.polling("one"):
        await ingest_lab.add(site.url("a"))
        await ingest_lab.wait_articles(1)

        await ingest_lab.add(site.url("a"), paused=True)
        site.documents["b"] = rss([Story(1)], "b")
        await ingest_lab.add(site.url("b"))
        await ingest_lab.wait_articles(2)
        # A poll that was running when the feed was paused has ended by now.
        await answered(site, "b", 1)
        before = site.count("a")
        site.documents["a"] = rss([Story(1), Story(2)], "a")
        await answered(site, "b", 3)
        assert site.count("a") <= before + 1

        await ingest_lab.add(site.url("a"))
        await ingest_lab.wait_articles(3)

        await ingest_lab.remove(site.url("a"))

        async def forgotten() -> bool:
            return await ingest_lab.state(site.url("a")) is None

        await eventually("the state of the removed feed is deleted", forgotten)
        before = site.count("a")
        await answered(site, "b", 3)
        assert site.count("a") <= before + 1
    assert len(await ingest_lab.articles()) == 3


async def test_the_state_of_a_feed_removed_while_no_replica_ran_is_deleted_at_the_next_start(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    site.documents["b"] = rss([Story(1)], "b")
    await ingest_lab.add(site.url("a"), site.url("b"))
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(2)
    await ingest_lab.remove(site.url("a"))
    before = site.count("a")
    async with ingest_lab.polling("two"):
        await answered(site, "b", 2)

        async def forgotten() -> bool:
            return await ingest_lab.state(site.url("a")) is None

        await eventually("the state of the removed feed is deleted", forgotten)
    assert site.count("a") == before


async def test_a_failing_feed_has_a_reason_and_does_not_disturb_the_others(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["good"] = rss([Story(1)], "good")
    site.documents["page"] = b"<!DOCTYPE html><html><body>No feed.</body></html>"
    site.statuses["gone"] = 410
    site.statuses["broken"] = 503
    names = ("good", "page", "gone", "broken")
    await ingest_lab.add(*map(site.url, names))
    async with ingest_lab.polling("one"):
        await ingest_lab.wait_articles(1)
        for name in names:
            await answered(site, name, 0)

        async def judged() -> bool:
            return len(await ingest_lab.states()) == 4

        await eventually("a verdict on each feed", judged)
        site.documents["good"] = rss([Story(1), Story(2)], "good")
        await ingest_lab.wait_articles(2)
    verdicts = {name: await ingest_lab.state(site.url(name)) for name in names}
    assert {name: state and state.verdict for name, state in verdicts.items()} == {
        "good": "OK",
        "page": "FAILING",
        "gone": "GONE",
        "broken": "FAILING",
    }
    gone, page = verdicts["gone"], verdicts["page"]
    assert gone is not None
    assert gone.next_poll is None
    before = site.count("gone")
    await ingest_lab.add(site.url("gone"))
    async with ingest_lab.polling("two"):
        await answered(site, "gone", 1)
    assert site.count("gone") == before + 1, "writing the same record again revives the feed"
    assert page is not None
    assert "HTML page" in (page.reason or "")
    broken = verdicts["broken"]
    assert broken is not None
    assert "503" in (broken.reason or "")


async def test_an_invalid_record_of_feeds_becomes_one_dead_letter_over_all_restarts(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    await ingest_lab.configure(
        (b"x", b"no JSON"),
        (b"y", b'{"url": "ftp://news.example/rss", "added": "2024-06-01T00:00:00Z"}'),
        (b"z", b"{}"),
        (b"unknown", None),
    )
    await ingest_lab.add(site.url("a"))
    for name in ("one", "two"):
        async with ingest_lab.polling(name):
            await answered(site, "a", 2)

            async def lettered() -> bool:
                return len(await ingest_lab.dead_letters()) >= 3

            await eventually("three dead letters", lettered)
    letters = await ingest_lab.dead_letters()
    assert sorted(letter.value or b"" for letter in letters) == sorted(
        [b"no JSON", b'{"url": "ftp://news.example/rss", "added": "2024-06-01T00:00:00Z"}', b"{}"]
    )


async def test_running_polls_are_cancelled_when_the_service_stops(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    site.pass_on.clear()
    await ingest_lab.add(site.url("a"))
    process = ingest_lab.process()

    async def requested() -> bool:
        return bool(site.requests)

    await eventually("the feed is requested", requested)
    began = asyncio.get_running_loop().time()
    assert await ingest_lab.end(process) == 0
    assert asyncio.get_running_loop().time() - began < 5
    assert await ingest_lab.articles() == []


async def test_credentials_of_a_feed_are_used_and_never_published(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents["a"] = rss([Story(1)], "a")
    secret = f"http://ann:sesame@127.0.0.1:{site.port}/a"
    await ingest_lab.add(secret)
    process = ingest_lab.process()
    (article,) = await ingest_lab.wait_articles(1)
    await answered(site, "a", 1)
    assert await ingest_lab.end(process) == 0
    assert site.requests[0][1]["Authorization"] == "Basic YW5uOnNlc2FtZQ=="
    assert article.source.uri == site.url("a")
    assert "sesame" not in ingest_lab.log(0)
    state = await ingest_lab.state(secret)
    assert state is not None
    assert b"sesame" not in state.to_bytes()
