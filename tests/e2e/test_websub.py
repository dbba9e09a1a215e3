"""WebSub with real processes, a real Kafka and a hub whose behaviour a test sets."""

import asyncio
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from dateline.pipeline.layout import TopicLayout
from dateline.service.http_server import address_of
from dateline.settings import RuntimeSettings
from dateline_broker import Broker
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.poller import FeedPoller, polling_worker
from dateline_ingest.server import listener_of, run_http
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings
from dateline_ingest.websub.subscriber import WebSub
from dateline_schemas import FeedPush
from dateline_web.client import WebClient
from support.hub import Hub, a_hub
from support.ingest_lab import IngestLab, an_ingest_lab
from support.news_site import NewsSite, Story, news_site, rss
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka


@pytest.fixture
async def ingest_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[IngestLab]:
    async with an_ingest_lab(kafka_broker.bootstrap_servers, f"w{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        yield made


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with a_hub() as made:
        yield made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def a_replica(lab: IngestLab, port: int, *, serves: bool = True, **settings: str) -> None:
    """Start a replica; hubs are told to call the one that serves `port`."""
    lab.process(
        DATELINE_WEBSUB__CALLBACK_URL=f"http://127.0.0.1:{port}",
        DATELINE_WEBSUB__SECRET="a secret of many characters",
        **({"DATELINE_INGEST__HTTP_PORT": str(port)} if serves else {}),
        **settings,
    )


def document(hub: Hub, topic: str, stories: int, name: str = "a") -> bytes:
    """Return a feed that names its hub."""
    return rss([Story(number) for number in range(stories)], name).replace(
        b"<channel>", f"<channel>{hub.links(topic)}".encode()
    )


@asynccontextmanager
async def replica(lab: IngestLab, **changes: Any) -> AsyncIterator[None]:
    """Run a replica in this process while the block does."""
    http = HttpSettings.model_validate({"http_port": 0})
    listener = listener_of(http)
    assert listener is not None
    found = {"callback_url": address_of(listener), "secret": "a secret of many characters", **changes}
    websub = WebSubSettings.model_validate(found)
    stop, owned = asyncio.Event(), OwnedFeeds()
    hosts = lab.settings.new_hosts()
    async with WebClient.open(lab.settings.client_options, hosts) as client:
        hubs = WebSub.of(websub, client, owned)
        job = FeedPoller(client=client, hosts=hosts, settings=lab.settings, runtime=RuntimeSettings(), websub=hubs)
        worker = polling_worker(job, lab.kafka, client_id=f"{lab.name}-one")
        answering = run_http(
            listener, http, lab.kafka, TopicLayout(), stop, ingest=lab.settings, websub=websub, owned=owned
        )
        running = [asyncio.ensure_future(each) for each in (worker.run(stop), answering)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*running)


async def unsubscribed(hub: Hub, url: str) -> None:
    async def ended() -> bool:
        return ("unsubscribe", url, 200) in hub.verified

    await eventually("the subscription is ended", ended)


async def subscribed(hub: Hub, *topics: str) -> None:
    async def there() -> bool:
        return hub.subscriptions.keys() >= set(topics)

    await eventually(f"subscriptions of {topics}", there, 90)


async def pushed(lab: IngestLab, url: str, state: str) -> FeedPush:
    """Wait until the subscription of a feed is in a state, and return it."""
    found: FeedPush | None = None

    async def there() -> bool:
        nonlocal found
        known = await lab.state(url)
        found = known.push if known is not None else None
        return found is not None and found.state == state

    await eventually(f"{url} is {state}", there, 90)
    assert found is not None
    return found


async def test_signed_pushes_are_published_once_and_unsigned_ones_never(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    url = site.url("a")
    site.documents["a"] = document(hub, url, 1)
    await ingest_lab.add(url, interval_seconds=None)
    async with replica(ingest_lab, poll_seconds=90_000):
        await subscribed(hub, url)
        push = await pushed(ingest_lab, url, "active")
        assert (push.hub, push.topic) == (hub.url, url)
        asked = site.count("a")

        # 301 and 302 of websub.rocks: acknowledged and ignored.
        assert await hub.push(url, document(hub, url, 9), secret="somebody else's") == 202
        assert await hub.push(url, document(hub, url, 9), secret=None) == 202
        # 300, with each hash function; each document holds the items pushed before as well.
        for stories, method in ((2, "sha256"), (3, "sha1"), (4, "sha384"), (5, "sha512")):
            assert await hub.push(url, document(hub, url, stories), method=method) == 202
            await ingest_lab.wait_articles(stories)
        assert site.count("a") == asked
        # 205: the hub verifies a subscription that was never requested.
        assert (await hub.call(hub.subscriptions[url], "subscribe", topic="http://127.0.0.1/other")).status_code == 404
        assert (await hub.call(hub.subscriptions[url], "unsubscribe")).status_code == 404

        # A poll publishes nothing again; a push without a document makes the feed due.
        site.documents["a"] = document(hub, url, 6)
        assert await hub.push(url, b"") == 202
        await ingest_lab.wait_articles(6)
        assert Counter(article.title for article in await ingest_lab.articles()) == {
            f"Story {number} of a": 1 for number in range(6)
        }
        state = await ingest_lab.state(url)
        assert state is not None
        assert state.next_poll is not None
        assert state.last_poll is not None
        assert (state.next_poll - state.last_poll).total_seconds() > 24 * 3600
        assert "the hub pushes new items until" in (state.next_poll_reason or "")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_203_and_204_a_request_to_a_hub_that_moved_is_repeated_unchanged(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub, status: int
) -> None:
    url = site.url("a")
    hub.redirect = status
    site.documents["a"] = document(hub, url, 1).replace(hub.url.encode(), hub.old_url.encode())
    await ingest_lab.add(url, interval_seconds=None)
    async with replica(ingest_lab):
        await subscribed(hub, url)


async def test_200_to_202_topics_are_the_self_links_of_feeds_wherever_they_are_found(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    topic = site.url("real")
    site.documents |= {"real": document(hub, topic, 1), "other": document(hub, topic, 1, "b")}
    site.statuses |= {"moved": 302}
    site.extra_headers["Location"] = topic
    await ingest_lab.add(site.url("moved"), site.url("other"), interval_seconds=None)
    async with replica(ingest_lab):
        for url in (site.url("moved"), site.url("other")):
            assert (await pushed(ingest_lab, url, "active")).topic == topic
        # Each feed has a callback and a secret of its own.
        assert len({form["hub.callback"] for form in hub.requests}) == 2
        assert len({form["hub.secret"] for form in hub.requests}) == 2


async def test_a_denial_ends_the_subscription_and_a_lease_is_renewed_before_its_end(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    url = site.url("a")
    site.documents["a"] = document(hub, url, 1)
    hub.lease_seconds = "4"
    await ingest_lab.add(url, interval_seconds=None)
    async with replica(ingest_lab):
        await subscribed(hub, url)

        async def renewed() -> bool:
            return hub.count("subscribe", url) >= 3

        await eventually("the lease is renewed", renewed)
        assert {status for _, _, status in hub.verified} == {200}

        hub.verifies = False
        assert (await hub.call(hub.subscriptions[url], "denied", reason="no more")).status_code == 200
        push = await pushed(ingest_lab, url, "denied")
        assert push.reason == "the hub refuses: no more"


async def test_a_feed_whose_hub_accepts_no_request_is_polled(ingest_lab: IngestLab, site: NewsSite, hub: Hub) -> None:
    url = site.url("a")
    site.documents["a"] = document(hub, url, 1)
    hub.status = 403
    await ingest_lab.add(url, interval_seconds=0.2)
    async with replica(ingest_lab):
        push = await pushed(ingest_lab, url, "failed")
        assert push.reason == "the hub answered 403: I would rather not"
        site.documents["a"] = document(hub, url, 2)
        await ingest_lab.wait_articles(2)
        assert hub.count("subscribe", url) == 1


async def test_a_removed_feed_is_unsubscribed_and_further_pushes_are_answered_410(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    url = site.url("a")
    site.documents["a"] = document(hub, url, 1)
    await ingest_lab.add(url, interval_seconds=None)
    async with replica(ingest_lab):
        await subscribed(hub, url)
        await pushed(ingest_lab, url, "active")
        form = hub.subscriptions[url]
        await ingest_lab.remove(url)

        await unsubscribed(hub, url)
        assert url not in hub.subscriptions
        hub.subscriptions[url] = form
        assert await hub.push(url, document(hub, url, 2)) == 410


async def test_the_hub_of_a_feed_that_is_removed_while_no_replica_runs_is_told_at_the_next_start(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    url = site.url("a")
    site.documents["a"] = document(hub, url, 1)
    await ingest_lab.add(url, interval_seconds=None)
    async with replica(ingest_lab):
        await subscribed(hub, url)
        await pushed(ingest_lab, url, "active")
    await ingest_lab.remove(url)
    async with replica(ingest_lab):
        await unsubscribed(hub, url)
    assert await ingest_lab.state(url) is None


async def push_until_taken(hub: Hub, topic: str, stories: int, name: str) -> None:
    """Push like a hub that retries until it is answered 202."""
    status = 0
    while status != 202:
        status = await hub.push(topic, document(hub, topic, stories, name))
        if status != 202:
            await asyncio.sleep(0.1)


async def test_pushes_reach_the_replica_that_owns_the_feed_and_survive_its_death(
    ingest_lab: IngestLab, site: NewsSite, hub: Hub
) -> None:
    names = [f"feed{number}" for number in range(8)]
    topics = {name: site.url(name) for name in names}
    for name, topic in topics.items():
        site.documents[name] = document(hub, topic, 1, name)
    await ingest_lab.add(*topics.values(), interval_seconds=None)
    port = free_port()
    # Only one replica is called, and it does not own all the feeds.
    a_replica(ingest_lab, port)
    a_replica(ingest_lab, port, serves=False)
    await subscribed(hub, *topics.values())
    await ingest_lab.wait_articles(8)
    for round_number in (2, 3, 4):
        for name, topic in topics.items():
            await push_until_taken(hub, topic, round_number, name)
        if round_number < 4:
            ingest_lab.processes[-1].kill()
            a_replica(ingest_lab, port, serves=False)
    await ingest_lab.wait_articles(32, seconds=120)
    assert await ingest_lab.end(ingest_lab.processes[0]) == 0
    counts = Counter(article.title for article in await ingest_lab.articles())
    assert counts == {f"Story {number} of {name}": 1 for name in names for number in range(4)}
