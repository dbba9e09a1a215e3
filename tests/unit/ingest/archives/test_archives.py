"""Archives are requested politely, one document of a feed at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from dateline.runtime.state import State
from dateline_ingest.archives.archives import Archives
from dateline_ingest.archives.fetch import archive_address
from dateline_ingest.archives.walk import ArchiveDocument, ArchiveFailed, ArchiveResult, after_archive
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.polling.slots import Slots
from dateline_ingest.settings import IngestSettings
from dateline_schemas import ArchivesRequest, FeedState
from dateline_web.client import WebClient
from dateline_web.hosts import Hosts
from support.feed_history import NOW, a_feed
from support.news_site import NewsSite, news_site

KEY = b"k"


def archive(item: str, prev: str | None) -> bytes:
    link = f'<link rel="prev-archive" href="/{prev}"/>' if prev else ""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{link}<updated>2024-01-01T00:00:00Z</updated>'
        f"<entry><id>{item}</id><title>{item}</title></entry></feed>"
    ).encode()


@dataclass
class Reader:
    """The archives of one feed of a local site, with a clock of its own."""

    site: NewsSite
    archives: Archives
    table: FeedStateTable
    now: datetime = NOW
    titles: list[str] = field(default_factory=list)

    def state(self) -> FeedState:
        state = self.table.get(KEY)
        assert state is not None
        return state

    async def result(self) -> ArchiveResult:
        """Wait for the request that was started."""
        self.archives.start()
        await asyncio.gather(*self.archives._running.values())
        await asyncio.sleep(0)
        result = self.archives.take()
        assert result is not None
        return result

    def apply(self, result: ArchiveResult) -> None:
        feed = self.archives.feeds.get(KEY)
        assert feed is not None
        change = after_archive(feed, self.state(), result, self.table.parts(KEY), PageEvidence())
        self.table.apply(KEY, change)
        self.titles += [article.title for article in change.articles]
        self.archives.plan(KEY)

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.site.requests]


@asynccontextmanager
async def reading(pause_seconds: float = 0.0) -> AsyncIterator[Reader]:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", "host_pause_seconds": pause_seconds})
    async with news_site() as site, WebClient.open(settings.client_options) as client:
        site.documents |= {"a": archive("new", "2"), "2": archive("two", "1"), "1": archive("one", None)}
        table, feeds = FeedStateTable(State(FeedState)), Schedule()
        feeds.put(KEY, a_feed(site.url("a"), archives=ArchivesRequest(asked=NOW)))
        table.put(KEY, FeedState(url=site.url("a"), last_full=NOW))
        reader: Reader
        archives = Archives(
            feeds=feeds,
            table=table,
            client=client,
            hosts=Hosts(limit=1, pause_seconds=pause_seconds),
            settings=settings,
            slots=Slots(total=4, users=1),
            now=lambda: reader.now,
        )
        reader = Reader(site=site, archives=archives, table=table)
        archives.plan(KEY)
        yield reader
        await archives.close()


async def test_the_archives_of_a_feed_are_followed_to_the_first() -> None:
    async with reading() as reader:
        for _ in range(3):
            reader.apply(await reader.result())
        assert (reader.asked, reader.titles) == (["a", "2", "1"], ["two", "one"])
        received = reader.archives.figures.received["archive"].value
        assert received == sum(len(reader.site.documents[name]) for name in ("a", "2", "1"))
        found = reader.state().archives
        assert found is not None
        assert found.reason == "the first archive was reached"
        reader.archives.start()
        assert reader.asked == ["a", "2", "1"]


async def test_the_pause_of_a_host_is_kept_between_two_documents() -> None:
    async with reading(pause_seconds=10) as reader:
        reader.apply(await reader.result())
        reader.archives.start()
        assert reader.archives._running == {}
        reader.now += timedelta(seconds=10)
        reader.apply(await reader.result())
        assert reader.asked == ["a", "2"]


async def test_a_document_that_is_no_feed_and_a_missing_one_are_failures() -> None:
    async with reading() as reader:
        reader.apply(await reader.result())
        reader.site.documents["2"] = b"<html>no</html>"
        result = await reader.result()
        assert isinstance(result, ArchiveFailed)
        assert result.trouble == "document"
    async with reading() as reader:
        del reader.site.documents["a"]
        result = await reader.result()
        assert isinstance(result, ArchiveFailed)
        assert result.trouble == "missing"


async def test_a_feed_that_is_dropped_gives_no_result_and_frees_its_slot() -> None:
    async with reading() as reader:
        reader.archives.start()
        [request] = reader.archives._running.values()
        reader.archives.drop(KEY)
        await asyncio.gather(request, return_exceptions=True)
        await asyncio.sleep(0)
        assert reader.archives.take() is None
        reader.archives.plan(KEY)
        assert isinstance(await reader.result(), ArchiveDocument)


async def test_no_request_is_sent_while_all_slots_are_taken() -> None:
    async with reading() as reader:
        taken = sum(reader.archives.slots.take(0) for _ in range(4))
        assert taken == 4
        reader.archives.start()
        assert reader.archives._running == {}
        reader.archives.slots.give_back()
        assert isinstance(await reader.result(), ArchiveDocument)


@pytest.mark.parametrize(
    ("address", "requested"),
    [
        (None, "https://ann:pw@news.example/feed"),
        ("https://news.example/2", "https://ann:pw@news.example/2"),
        ("https://cdn.example/2", "https://cdn.example/2"),
        ("http://news.example/2", "http://news.example/2"),
    ],
)
def test_credentials_go_only_to_the_server_of_the_feed(address: Any, requested: str) -> None:
    assert archive_address(a_feed("https://ann:pw@news.example/feed"), address) == requested
