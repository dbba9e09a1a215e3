"""The subscriptions of a partition: how polls, hubs and people change them, and which hubs are asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast

import pytest
from aiohttp import web
from aiokafka import TopicPartition
from dateline.kafka.records import Record
from dateline.runtime.state import State
from dateline_ingest.feeds import FeedLimits
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.progress import FeedProgress
from dateline_ingest.polling.results import Failed, FeedDocument, FeedResponse, PollResult, Read, Unchanged
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.settings import IngestSettings
from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from dateline_ingest.websub.deliveries import Deliveries
from dateline_ingest.websub.delivery import delivery_output, document_delivery
from dateline_ingest.websub.hub import HubClient
from dateline_ingest.websub.inbox import PushInbox
from dateline_ingest.websub.lease import ASKED, HubAnswer, LeaseRules
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings
from dateline_ingest.websub.subscriber import Subscriber, WebSub
from dateline_schemas import Feed, FeedDelivery, FeedPush, FeedState, feed_key
from dateline_web.client import WebClient
from dateline_web.connectivity.monitor import Connectivity
from pydantic import SecretStr
from support.http_server import serving
from support.news_site import Story, rss

URL, HUB = "https://news.example/rss.xml", "https://hub.example/"
KEY = feed_key(URL).encode()
NOW = datetime(2024, 6, 27, 12, tzinfo=UTC)
CALLBACK = Callback(KEY.decode(), hub_id(HUB), URL)


@dataclass
class FakeHubs:
    """Records the requests, and answers as a test says."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    error: str | None = None
    forever: bool = False
    is_offline: bool = False

    async def ask(self, mode: str, feed: str, hub: str, topic: str) -> HubAnswer:
        self.asked.append((mode, hub))
        if self.forever:
            await asyncio.Event().wait()
        return HubAnswer(hub=hub, topic=topic, error=self.error)


@dataclass
class FakeInbox:
    records: list[Record] = field(default_factory=list)
    closed: bool = False
    partition: TopicPartition = field(default_factory=lambda: TopicPartition("feed-pushes", 0))

    async def take(self) -> list[Record]:
        found, self.records = self.records, []
        return found

    async def close(self) -> None:
        self.closed = True


@dataclass
class Bench:
    """A subscriber with one feed."""

    hubs: FakeHubs = field(default_factory=FakeHubs)
    now: datetime = NOW
    subscriber: Subscriber = field(init=False)
    inbox: FakeInbox = field(default_factory=FakeInbox)
    deliveries: Deliveries = field(init=False)
    owned: OwnedFeeds = field(default_factory=OwnedFeeds)

    def __post_init__(self) -> None:
        settings = WebSubSettings()
        websub = WebSub(
            client=cast("HubClient", self.hubs),
            rules=LeaseRules(settings=settings, callback="here", chance=lambda: 0.0),
            slots=asyncio.Semaphore(2),
            owned=self.owned,
        )
        table = FeedStateTable(State(FeedState))
        self.subscriber = Subscriber(websub=websub, feeds=Schedule(), table=table, now=lambda: self.now)
        self.deliveries = Deliveries(
            inbox=cast("PushInbox", self.inbox),
            subscriber=self.subscriber,
            progress=FeedProgress(settings=IngestSettings(), chance=lambda: 0.0),
            limits=FeedLimits(),
            now=lambda: self.now,
        )
        self.put_feed()
        self.put_state(FeedState(url=URL))

    def put_feed(self, **changes: Any) -> None:
        self.subscriber.feeds.put(KEY, Feed.model_validate({"url": URL, "added": NOW, **changes}))

    def put_state(self, state: FeedState) -> None:
        self.subscriber.table.put(KEY, state)

    @property
    def state(self) -> FeedState:
        state = self.subscriber.table.get(KEY)
        assert state is not None
        return state

    def subscribe(self, **changes: Any) -> FeedPush:
        """Give the feed a live subscription."""
        known = {"hub": HUB, "topic": URL, "state": "active", "callback": "here", "since": NOW}
        later = {"expires": NOW + timedelta(days=10), "next_request": NOW + timedelta(days=8)}
        push = FeedPush.model_validate({**known, **later, **changes})
        self.put_state(FeedState(url=URL, push=push, last_poll=NOW, next_poll=NOW + timedelta(minutes=15)))
        self.subscriber.plan(KEY, self.state)
        return push

    def read(self, new: int = 0, hubs: Sequence[str] = (HUB,)) -> FeedState:
        """Let a poll read a document, and return the feed's state after that."""
        document = FeedDocument(hubs=hubs)
        return self.polled(Read(key=KEY, at=self.now, response=FeedResponse(status=200), document=document), new)

    def polled(self, result: PollResult, new: int = 0) -> FeedState:
        """Let the feed be polled, and return its state after that."""
        after = self.state.model_copy(update={"last_poll": self.now, "next_poll": self.now + timedelta(minutes=15)})
        state = self.subscriber.polled(KEY, self.state, after, result, new)
        self.put_state(state)
        return state

    async def ask(self) -> list[tuple[str, str]]:
        """Let the due requests be sent and answered, and return them."""
        self.hubs.asked.clear()
        self.subscriber.start()
        await asyncio.gather(*self.subscriber.asking)
        self.subscriber.take_answers()
        return self.hubs.asked

    def deliver(self, delivery: FeedDelivery, key: bytes = KEY) -> None:
        value = delivery_output(key.decode(), delivery, "", "/ingest").value
        self.inbox.records.append(Record("feed-pushes", 0, len(self.inbox.records) + 5, 0, key, value))


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_hub_that_a_poll_finds_is_asked_once(bench: Bench) -> None:
    assert bench.read().push is not None
    assert await bench.ask() == [("subscribe", HUB)]
    assert await bench.ask() == []
    assert bench.state.push is not None
    assert bench.state.push.reason == "the hub accepted the request and must verify it"


async def test_no_hub_is_asked_while_the_network_is_away(bench: Bench) -> None:
    bench.read()
    bench.hubs.is_offline = True
    assert await bench.ask() == []
    bench.hubs.is_offline = False
    assert await bench.ask() == [("subscribe", HUB)]


async def test_the_answer_of_a_hub_is_kept(bench: Bench) -> None:
    bench.hubs.error = "the hub answered 500"
    bench.read()
    await bench.ask()
    assert bench.state.push is not None
    assert (bench.state.push.state, bench.state.push.reason) == ("failed", "the hub answered 500")
    bench.now += timedelta(seconds=900)
    assert await bench.ask() == [("subscribe", HUB)]


async def test_polls_without_a_document_leave_the_subscription_unchanged(bench: Bench) -> None:
    push = bench.subscribe()
    assert bench.polled(Unchanged(key=KEY, at=NOW, response=FeedResponse(status=304))).push == push
    assert bench.polled(Failed(key=KEY, at=NOW, error="404", trouble="missing")).push == push


async def test_a_new_hub_is_followed_and_the_former_one_told(bench: Bench) -> None:
    bench.subscribe()
    state = bench.read(hubs=("https://new.example/",))
    assert state.push is not None
    assert state.push.hub == "https://new.example/"
    assert sorted(await bench.ask()) == [("subscribe", "https://new.example/"), ("unsubscribe", HUB)]
    assert bench.read(hubs=()).push is None


async def test_while_the_hub_pushes_polls_are_put_off_until_the_lease_ends_at_the_latest(
    bench: Bench,
) -> None:
    bench.subscribe()
    state = bench.read()
    assert state.next_poll == NOW + timedelta(hours=6)
    assert "the hub pushes new items until 2024-07-07" in (state.next_poll_reason or "")
    bench.subscribe(expires=NOW + timedelta(hours=1))
    assert bench.read().next_poll == NOW + timedelta(hours=1)


async def test_an_interval_of_the_feed_and_a_slower_rhythm_take_precedence(bench: Bench) -> None:
    bench.subscribe()
    bench.put_feed(interval_seconds=60)
    assert bench.read().next_poll == NOW + timedelta(minutes=15)
    bench.put_feed()
    result = Unchanged(key=KEY, at=NOW, response=FeedResponse(status=304))
    rare = bench.state.model_copy(update={"next_poll": NOW + timedelta(hours=12)})
    assert bench.subscriber.polled(KEY, bench.state, rare, result, 0).next_poll == NOW + timedelta(hours=12)


async def test_polls_that_find_articles_show_that_the_hub_does_not_push(bench: Bench) -> None:
    bench.subscribe()
    bench.read(new=2)
    assert bench.read(new=1).next_poll == NOW + timedelta(minutes=15)


async def test_the_next_owner_repeats_a_request_that_was_not_answered(bench: Bench) -> None:
    bench.subscribe(reason=ASKED)
    assert await bench.ask() == []
    bench.subscriber.restore(KEY, bench.state)
    assert await bench.ask() == [("subscribe", HUB)]


async def test_pending_requests_are_cancelled_with_the_partition(bench: Bench) -> None:
    bench.hubs.forever = True
    bench.read()
    bench.subscriber.start()
    await asyncio.sleep(0)
    await bench.subscriber.close()
    assert bench.subscriber.asking == set()


async def test_pausing_ends_the_subscription_and_resuming_starts_it_again(bench: Bench) -> None:
    bench.subscribe()
    bench.put_feed(paused=True)
    bench.put_state(bench.subscriber.configured(KEY, bench.state, paused=True))
    assert await bench.ask() == [("unsubscribe", HUB)]
    assert bench.subscriber.is_unwanted(CALLBACK)
    bench.put_feed()
    bench.put_state(bench.subscriber.configured(KEY, bench.state, paused=False))
    assert await bench.ask() == [("subscribe", HUB)]
    without = FeedState(url=URL)
    assert bench.subscriber.configured(KEY, without, paused=True) == without


async def test_a_replica_answers_for_the_feeds_of_its_own_partitions_only(bench: Bench) -> None:
    other = Callback(CALLBACK.feed, hub_id("https://former.example/"), URL)
    assert not bench.owned.is_gone(CALLBACK.feed)
    assert not bench.owned.is_unwanted(other)
    for partition in range(4):
        bench.owned.enter(partition, bench.subscriber)
    bench.subscribe()
    assert not bench.owned.is_unwanted(CALLBACK)
    assert bench.owned.is_unwanted(other)
    bench.subscriber.feeds.remove(KEY)
    bench.subscriber.removed(KEY, bench.state)
    assert bench.owned.is_gone(CALLBACK.feed)
    assert bench.owned.is_unwanted(CALLBACK)
    assert await bench.ask() == [("unsubscribe", HUB)]
    for partition in range(4):
        bench.owned.leave(partition)
    assert not bench.owned.is_gone(CALLBACK.feed)


def a_document(stories: int) -> FeedDelivery:
    return document_delivery(CALLBACK, rss([Story(number) for number in range(stories)]), "text/xml", NOW)


async def test_documents_are_published_once_and_the_rest_of_the_state_stays(bench: Bench) -> None:
    bench.subscribe()
    for stories in (2, 3):
        bench.deliver(a_document(stories))
    done = await bench.deliveries.take(10**6)
    assert done is not None
    assert [article.title for article in done.articles] == [f"Story {number} of feed" for number in range(3)]
    assert done.articles[0].source.uri == URL
    assert (done.next_offset, done.planned) == (7, [])
    assert bench.state.next_poll == NOW + timedelta(minutes=15)
    assert bench.state.push is not None
    assert bench.state.push.last_push == NOW
    assert await bench.deliveries.take(10**6) is None
    await bench.deliveries.close()
    assert bench.inbox.closed


async def test_a_transaction_is_closed_when_it_is_large_enough(bench: Bench) -> None:
    bench.subscribe()
    for stories in (1, 2):
        bench.deliver(a_document(stories))
    offsets = []
    while (done := await bench.deliveries.take(1)) is not None:
        offsets.append(done.next_offset)
    assert offsets == [6, 7]


@pytest.mark.parametrize(
    "delivery",
    [
        document_delivery(CALLBACK, b"", None, NOW),
        document_delivery(CALLBACK, b"<html>no feed</html>", None, NOW),
        FeedDelivery(kind="document", at=NOW, hub=CALLBACK.hub, topic=URL, document="no base64!"),
    ],
    ids=["ping", "no feed", "damaged"],
)
async def test_a_push_without_a_readable_feed_makes_the_feed_due_at_once(bench: Bench, delivery: FeedDelivery) -> None:
    bench.subscribe()
    bench.deliver(delivery)
    done = await bench.deliveries.take(10**6)
    assert done is not None
    assert (done.articles, done.planned, bench.state.next_poll) == ([], [KEY], NOW)


async def test_unsolicited_deliveries_change_nothing(bench: Bench) -> None:
    bench.subscribe()
    before = bench.state
    former = Callback(CALLBACK.feed, hub_id("https://former.example/"), URL)
    bench.deliver(document_delivery(former, rss([Story(1)]), None, NOW))
    bench.deliver(a_document(1), key=b"another feed")
    bench.inbox.records.append(Record("feed-pushes", 0, 9, 0, KEY, b"{"))
    done = await bench.deliveries.take(10**6)
    assert done is not None
    assert (done.articles, done.next_offset, bench.state) == ([], 10, before)
    bench.put_feed(paused=True)
    bench.deliver(a_document(1))
    done = await bench.deliveries.take(10**6)
    assert done is not None
    assert done.articles == []


async def test_a_lease_and_its_end_reach_the_state(bench: Bench) -> None:
    bench.read()
    await bench.ask()
    bench.deliver(FeedDelivery(kind="verified", at=NOW, hub=CALLBACK.hub, topic=URL, lease_seconds=1000))
    await bench.deliveries.take(10**6)
    assert bench.state.push is not None
    assert (bench.state.push.state, bench.state.push.since) == ("active", NOW)
    bench.deliver(FeedDelivery(kind="denied", at=NOW, hub=CALLBACK.hub, topic=URL, reason="no more"))
    done = await bench.deliveries.take(10**6)
    assert done is not None
    # The next poll was put off because the hub pushed, and is due now.
    assert (done.planned, bench.state.next_poll) == ([KEY], NOW)
    assert bench.state.next_poll_reason == "the hub refuses: no more"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Serve hubs that accept no subscription."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/loop":
            return web.Response(status=307, headers={"Location": "/loop"})
        if request.path == "/out":
            return web.Response(status=308, headers={"Location": "ftp://hub.example/"})
        return web.Response(status=503, text="busy", headers={"Retry-After": "77"})

    app = web.Application()
    app.router.add_post("/{name}", answer)
    async with serving(app) as port:
        yield port


async def asked_at(hub: str, **changes: Any) -> HubAnswer:
    settings = IngestSettings.model_validate({"allow_networks": "127.0.0.0/8", **changes})
    seconds = count(step=20.0)
    network = Connectivity(clock=lambda: next(seconds))
    async with WebClient.open(settings.client_options, connectivity=network) as client:
        hubs = HubClient(client, Capabilities("http://we.example", SecretStr("x" * 20)), 1000)
        return await hubs.ask("subscribe", KEY.decode(), hub, URL)


async def test_a_hub_that_cannot_be_asked_or_refuses_says_why(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    busy = await asked_at(f"{base}/busy")
    assert (busy.error, busy.retry_after_seconds) == ("the hub answered 503: busy", 77)
    assert (await asked_at(f"{base}/loop")).error == "the hub cannot be asked: more than 5 redirects"
    out = await asked_at(f"{base}/out")
    assert out.error == "the hub cannot be asked: only http and https addresses are fetched, not ftp"
    gone = await asked_at("http://127.0.0.1:1/")
    assert (gone.error or "").startswith("the hub cannot be asked: cannot connect to 127.0.0.1:1: ")
    assert (gone.cut_off, out.cut_off) == (True, False), "no other host was asked"


async def test_hubs_are_asked_under_the_same_guard_as_feeds(port: int) -> None:
    answer = await asked_at(f"http://127.0.0.1:{port}/busy", allow_networks="")
    assert "not public" in (answer.error or "")
    answer = await asked_at("http://127.0.0.1/", allow_networks="", proxy="http://user:word@127.0.0.1:1")
    assert "not public" in (answer.error or "")
    answer = await asked_at("http://hub.example/", proxy="http://user:word@127.0.0.1:1")
    assert "word" not in (answer.error or "")
    assert answer.error is not None
