"""Changes from the pages of the status service, with a real Kafka: a replay, a group that is forgotten, and feeds."""

import asyncio
import re
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from dateline.feeds.address import feed_record_key
from dateline.kafka.groups import group_markers, reset_group
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Record
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_broker import Broker
from dateline_schemas import TOPICS, DeadLetter, Feed, GroupOffset
from dateline_status.main import run
from dateline_status.settings import StatusSettings

pytestmark = pytest.mark.kafka

TOKEN = "a-token-that-nobody-guesses"
PATIENCE = 120.0
NOW = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
JSON = {"accept": "application/json"}


class Site:
    """A running status service, and a browser in a session."""

    def __init__(self, kafka: KafkaSettings, browser: httpx.AsyncClient, offsets: OffsetReader) -> None:
        self.kafka = kafka
        self.browser = browser
        self.offsets = offsets

    async def until(self, path: str, holds: Callable[[Any], bool]) -> Any:
        """Request JSON until a condition holds, and return it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    found = (await self.browser.get(path, headers=JSON)).json()
                    if holds(found):
                        return found
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def press(self, page: str, action: str, **typed: str) -> str:
        """Open a page, press a button as a browser does, and return the page that follows."""
        text = (await self.browser.get(page)).text
        form = re.search(rf'action="{re.escape(action)}">(.*?)</form>', text, re.DOTALL)
        assert form is not None, text
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1])) | typed
        answer = await self.browser.post(action, data=fields)
        assert (answer.status_code, answer.history[0].status_code) == (200, 303)
        return answer.text

    async def records(self, topic: str) -> list[Record]:
        found = []
        for partition in await self.offsets.partitions(self.kafka.topic_prefix + topic):
            async for batch in read_to_end(self.kafka, partition, client_id="test", offsets=self.offsets):
                found += batch
        return found


@asynccontextmanager
async def running_site(kafka: KafkaSettings) -> AsyncIterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = StatusSettings.model_validate({"port": port, "token": TOKEN, "refresh_seconds": 0.2})
    stop = asyncio.Event()
    service = asyncio.ensure_future(run(kafka, TopicLayout(), RuntimeSettings(), settings, stop))
    offsets = await OffsetReader.connect(kafka, "test")
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=headers, follow_redirects=True, timeout=PATIENCE
        ) as browser:
            site = Site(kafka, browser, offsets)
            await site.until("/readyz", lambda answer: bool(answer["ok"]))
            assert (await browser.post("/sign-in", data={"token": TOKEN})).status_code == 200
            yield site
    finally:
        stop.set()
        await offsets.close()
        await service


async def test_changes_from_the_pages_write_what_the_verbs_write(kafka_broker: Broker) -> None:
    kafka = KafkaSettings(bootstrap_servers=kafka_broker.bootstrap_servers, topic_prefix=f"t{uuid.uuid4().hex[:8]}.")
    await ensure_topics(
        kafka,
        [TOPICS[name] for name in ("articles.parsed", "dead-letters", "feeds", "feed-state", "groups", "heartbeats")],
    )
    parsed = kafka.topic_prefix + "articles.parsed"
    group = f"mine-{uuid.uuid4().hex[:8]}"
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    marker = GroupOffset(group=group, topic=parsed, partition=0, offset=0, created=NOW, role="consumer")
    key, value = marker.to_record()
    await producer.send_and_wait(kafka.topic_prefix + "groups", key=key, value=value)
    for number in range(2):
        about = DeadLetter(
            topic=parsed, partition=0, offset=number, group=group, stage="s", error_type="KeyError",
            error_message=f"no {number}", failed_at=NOW,
        )  # fmt: skip
        headers = about.to_headers([("ce_id", b"1")])
        await producer.send_and_wait(
            kafka.topic_prefix + "dead-letters", key=b"k", value=b"\xff%d" % number, headers=headers
        )
    await producer.stop()

    async with running_site(kafka) as site:
        # A replay of one letter, and of the rest of its cause.
        await site.until("/dead-letters", lambda page: [each["open"] for each in page["causes"]] == [2])
        detail = (await site.browser.get("/dead-letters/0:1", headers=JSON)).json()
        assert detail["value"]["text"] == "\N{REPLACEMENT CHARACTER}1" or detail["value"]["kind"] == "hexadecimal"
        page = await site.press("/dead-letters/0:1", "/dead-letters/0:1/replay")
        assert f"Replayed 1 to {group}." in page
        assert "It was sent back" in page
        assert f"Replayed 1 to {group}." in await site.press("/dead-letters", "/dead-letters/replay")
        sent = await site.records("articles.parsed")
        assert [(each.key, each.value, each.headers) for each in sent] == [
            (b"k", b"\xff%d" % number, (("ce_id", b"1"), ("dateline_replay_group", group.encode())))
            for number in (1, 0)
        ]
        await site.until("/status", lambda status: status["pipeline"]["dead_letters"]["replayed"] == 2)

        # A group is forgotten.
        await reset_group(kafka, site.offsets, group, "earliest")
        await site.until("/groups", lambda groups: [each["group"] for each in groups] == [group])
        page = await site.press(f"/groups/{group}/forget", f"/groups/{group}/forget")
        assert f"{group} is forgotten." in page
        assert group not in await group_markers(kafka, site.offsets)
        partition = TopicPartition(parsed, 0)
        assert await site.offsets.committed(group, [partition]) == {partition: None}
        await site.until("/groups", lambda groups: groups == [])

        # A feed is added, paused, resumed and polled, each change on top of the one before.
        assert "https://news.example/feed: added." in await site.press(
            "/feeds/add", "/feeds/add", url="news.example/feed", name="News"
        )
        name = feed_record_key("https://news.example/feed").decode()
        await site.until("/feeds", lambda page: [each["key"] for each in page["feeds"]] == [name])
        assert "paused." in await site.press(f"/feeds/{name}", f"/feeds/{name}/pause")
        bearer = {"authorization": f"Bearer {TOKEN}"} | JSON
        for verb in ("resume", "poll"):
            assert (await site.browser.post(f"/feeds/{name}/{verb}", headers=bearer)).status_code == 200
        feeds = [Feed.from_bytes(each.value or b"") for each in await site.records("feeds")]
        assert [(each.name, each.paused, each.poll_asked is not None) for each in feeds][-1] == ("News", False, True)
        assert [each.paused for each in feeds][-3:] == [True, False, False]
