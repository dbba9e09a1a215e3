"""Which articles of a real Kafka go to the task that reads their page, and which are published directly."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateline.kafka.partitioning import partition_of
from dateline_broker import Broker
from dateline_schemas import FeedPages, feed_key
from dateline_schemas.headers import header
from dateline_schemas.topics import PAGE_REQUESTS
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka

WHOLE = "The council met and decided to close the bridge. " * 40
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
NOT_RUNNING = "the service that reads pages is not running"


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"f{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


def teasers(*numbers: int, text: str = "The council met…", address: str = "https://www.news.co.uk") -> bytes:
    return rss([Story(number, text) for number in numbers], "t", address)


def deleted(document: bytes, *guids: str) -> bytes:
    """Return a document that states that items were deleted."""
    stones = "".join(
        f"<at:deleted-entry xmlns:at='{TOMBSTONES}' ref='{guid}' when='2024-06-28T10:00:00Z'/>" for guid in guids
    )
    return document.replace(b"</channel>", f"{stones}</channel>".encode())


async def test_teasers_go_to_the_task_of_their_site_and_whole_texts_are_published(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["t"] = teasers(1, 2, 3)
    site.documents["w"] = rss([Story(number, WHOLE) for number in range(3)], "w")
    await ingest_lab.beat("pages")
    await ingest_lab.add(site.url("t"), site.url("w"), full_text="auto")
    process = ingest_lab.process()
    first = await ingest_lab.wait_requests(3)
    await ingest_lab.wait_articles(3)
    for record, request in await ingest_lab.requests():
        assert record.key == b"news.co.uk"
        assert record.partition == partition_of(b"news.co.uk", PAGE_REQUESTS.partitions)
        assert (header(record.headers, "ce_source") or "").endswith("ingest")
        assert (request.feed, request.needed, request.patient) == (feed_key(site.url("t")), True, True)
        assert request.article is not None
        assert (request.article.body, request.article.observed) == ("The council met…", request.asked)

    # A corrected text, a deletion of what was asked for, and a deletion of what was published.
    site.documents["t"] = deleted(teasers(1, 2, text=WHOLE), "t-3", "unknown")
    site.documents["w"] = deleted(rss([Story(0, WHOLE)], "w"), "w-1")
    later = (await ingest_lab.wait_requests(6))[3:]
    *_, gone = await ingest_lab.wait_articles(4)
    assert await ingest_lab.end(process) == 0
    ids = {request.url.rpartition("/")[2]: request.article.id for request in first if request.article is not None}
    articles = [request.article for request in later if request.article is not None]
    assert {article.id for article in articles} == set(ids.values())
    (retracted,) = (article for article in articles if article.retracted is not None)
    assert (retracted.id, retracted.title, retracted.body) == (ids["3"], "", "")
    assert gone.retracted is not None
    assert gone.id in {article.id for article in (await ingest_lab.articles())[:3]}
    assert len(await ingest_lab.articles()) == 4, "each deletion is told once"
    assert {record.key for record, _ in await ingest_lab.requests()} == {b"news.co.uk"}


async def test_articles_are_published_until_the_service_that_reads_pages_was_seen(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    site.documents["t"] = teasers(1, 2, 3)
    await ingest_lab.beat("pages", "stopped")
    await ingest_lab.add(site.url("t"), full_text="auto")
    process = ingest_lab.process()
    articles = await ingest_lab.wait_articles(3)
    assert {article.text_reason for article in articles} == {NOT_RUNNING}
    assert await ingest_lab.requests() == []

    await ingest_lab.beat("pages")
    numbers = [1, 2, 3]

    async def asked() -> bool:
        numbers.append(len(numbers) + 1)
        site.documents["t"] = teasers(*numbers)
        return bool(await ingest_lab.requests())

    await eventually("a page is asked for", asked, 90)
    assert await ingest_lab.end(process) == 0
    known = len(await ingest_lab.requests()), len(await ingest_lab.articles())
    # Whoever starts now knows it before the first poll.
    numbers.append(len(numbers) + 1)
    site.documents["t"] = teasers(*numbers)
    process = ingest_lab.process()
    await ingest_lab.wait_requests(known[0] + 1)
    assert await ingest_lab.end(process) == 0
    assert len(await ingest_lab.articles()) == known[1]


async def test_a_feed_whose_pages_gave_no_more_is_published_as_it_is(ingest_lab: IngestLab, site: NewsSite) -> None:
    site.documents["t"] = teasers(1, 2, 3)
    await ingest_lab.beat("pages")
    pages = FeedPages(site="news.co.uk", at=datetime.now(UTC), pages=20, read=20, more=1)
    await ingest_lab.pages_gave(site.url("t"), pages)
    await ingest_lab.add(site.url("t"), full_text="auto")
    process = ingest_lab.process()
    articles = await ingest_lab.wait_articles(3)
    assert {article.text_reason for article in articles} == {None}

    # What arrives while the service runs counts as well.
    more = FeedPages(site="news.co.uk", at=datetime.now(UTC), pages=40, read=40, more=30)
    await ingest_lab.pages_gave(site.url("t"), more)
    numbers = [1, 2, 3]

    async def asked() -> bool:
        numbers.append(len(numbers) + 1)
        site.documents["t"] = teasers(*numbers)
        return bool(await ingest_lab.requests())

    await eventually("a page is asked for", asked, 90)
    assert await ingest_lab.end(process) == 0


async def test_each_teaser_is_asked_for_once_although_the_service_is_killed_repeatedly(
    ingest_lab: IngestLab, site: NewsSite
) -> None:
    numbers = [1, 2, 3]
    site.documents["t"] = teasers(*numbers)
    await ingest_lab.beat("pages")
    await ingest_lab.add(site.url("t"), full_text="always")
    for _ in range(3):
        process = ingest_lab.process()
        await ingest_lab.wait_requests(len(numbers))
        numbers.append(len(numbers) + 1)
        before = site.count("t")
        site.documents["t"] = teasers(*numbers)

        async def polled(before: int = before) -> bool:
            return site.count("t") > before

        # The poll was answered: the kill comes before, during or after its transaction.
        await eventually("a poll", polled)
        process.kill()
        await asyncio.to_thread(process.wait, 10)
    process = ingest_lab.process()
    requests = await ingest_lab.wait_requests(len(numbers))
    assert await ingest_lab.end(process) == 0
    assert Counter(request.url.rpartition("/")[2] for request in requests) == {str(each): 1 for each in numbers}
    assert await ingest_lab.articles() == []
