"""The answers to calls of hubs, without a network and without Kafka."""

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from gzip import compress

import httpx
import pytest
from dateline_ingest.figures import IngestFigures
from dateline_ingest.http.app import create_app
from dateline_ingest.http.body import Room
from dateline_ingest.http.settings import HttpSettings
from dateline_ingest.websub.callback import HubCalls, callback_router
from dateline_ingest.websub.capability import Callback, Capabilities, hub_id
from dateline_ingest.websub.delivery import MAX_DOCUMENT_BYTES
from dateline_ingest.websub.signature import signature
from pydantic import SecretStr
from support.outbox import FakeOutbox

TOPIC = "https://news.example/rss.xml"
CALLBACK = Callback("0123abcd", hub_id("https://hub.example/"), TOPIC)
CAPABILITIES = Capabilities("http://ingest", SecretStr("a secret of many characters"))
NOW = datetime(2024, 6, 27, tzinfo=UTC)
DOCUMENT = b"<rss><channel/></rss>"


@dataclass(slots=True)
class FakeFeeds:
    gone: bool = False
    unwanted: bool = False

    def is_gone(self, feed: str) -> bool:
        return self.gone

    def is_unwanted(self, callback: Callback) -> bool:
        return self.unwanted


@dataclass(slots=True)
class Replica:
    """A replica that does not own the feed, and a hub that calls it."""

    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    feeds: FakeFeeds = field(default_factory=FakeFeeds)
    accept_sha1: bool = True
    max_bytes: int = 10_000_000
    figures: IngestFigures = field(default_factory=IngestFigures.of)

    def hub(self) -> httpx.AsyncClient:
        calls = HubCalls(
            capabilities=CAPABILITIES,
            outbox=self.outbox,
            room=Room(64_000_000),
            settings=HttpSettings(),
            feeds=self.feeds,
            prefix="t.",
            max_bytes=self.max_bytes,
            accept_sha1=self.accept_sha1,
            now=lambda: NOW,
            figures=self.figures,
        )
        app = create_app([callback_router(calls)], unavailable=lambda: None, release="0")
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app))

    async def verify(self, mode: str = "subscribe", address: str | None = None, **changes: str) -> httpx.Response:
        query = {"hub.mode": mode, "hub.topic": TOPIC, "hub.challenge": "ch<a>llenge", "hub.lease_seconds": "1000"}
        query |= {f"hub.{name}": value for name, value in changes.items()}
        async with self.hub() as hub:
            return await hub.get(address or CAPABILITIES.address(CALLBACK), params=query)

    async def push(
        self, body: bytes = DOCUMENT, signed: str | None = "", address: str | None = None, **headers: str
    ) -> httpx.Response:
        if signed == "":
            signed = signature("sha256", CAPABILITIES.hub_secret(CALLBACK), body)
        found = {"Content-Type": "application/rss+xml", **headers, **({"X-Hub-Signature": signed} if signed else {})}
        async with self.hub() as hub:
            return await hub.post(address or CAPABILITIES.address(CALLBACK), content=body, headers=found)


@pytest.fixture
def replica() -> Replica:
    return Replica()


async def test_a_verification_is_answered_with_the_challenge_after_the_lease_is_stored(replica: Replica) -> None:
    answer = await replica.verify()
    assert (answer.status_code, answer.text) == (200, "ch<a>llenge")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    (delivery,) = replica.outbox.deliveries
    assert (delivery.kind, delivery.lease_seconds, delivery.at) == ("verified", 1000, NOW)
    assert (delivery.hub, delivery.topic) == (CALLBACK.hub, TOPIC)
    (output,) = replica.outbox.written
    assert (output.topic, output.key) == ("t.feed-pushes", b"0123abcd")


async def test_205_a_verification_of_another_topic_is_refused(replica: Replica) -> None:
    assert (await replica.verify(topic="https://news.example/other")).status_code == 404
    assert replica.outbox.written == []


async def test_a_forged_callback_is_not_found(replica: Replica) -> None:
    address = CAPABILITIES.address(CALLBACK)
    for wrong in (address[:-1] + ("A" if address[-1] != "A" else "B"), address.replace("0123abcd", "ffff")):
        assert (await replica.verify(address=wrong)).status_code == 404
        assert (await replica.push(address=wrong)).status_code == 404
    assert replica.outbox.written == []


@pytest.mark.parametrize("changes", [{"challenge": ""}, {"challenge": "x" * 5000}, {"mode": "publish"}, {"mode": ""}])
async def test_an_incomplete_verification_is_a_bad_request(replica: Replica, changes: dict[str, str]) -> None:
    assert (await replica.verify(**changes)).status_code == 400


@pytest.mark.parametrize("lease", ["", "-1", "1e9", "9" * 50, "x"])
async def test_an_invalid_lease_is_ignored(replica: Replica, lease: str) -> None:
    assert (await replica.verify(lease_seconds=lease)).status_code == 200
    assert replica.outbox.deliveries[0].lease_seconds is None


async def test_a_denial_is_stored_with_its_reason(replica: Replica) -> None:
    assert (await replica.verify("denied", reason="too  many")).status_code == 200
    (delivery,) = replica.outbox.deliveries
    assert (delivery.kind, delivery.reason) == ("denied", "too many")


async def test_an_unsubscription_is_confirmed_only_for_an_unwanted_subscription(
    replica: Replica,
) -> None:
    assert (await replica.verify("unsubscribe")).status_code == 404
    replica.feeds.unwanted = True
    assert (await replica.verify("unsubscribe")).text == "ch<a>llenge"
    assert (await replica.verify("subscribe")).status_code == 404
    assert replica.outbox.written == []


async def test_300_a_signed_push_is_stored_unchanged(replica: Replica) -> None:
    assert (await replica.push()).status_code == 202
    (delivery,) = replica.outbox.deliveries
    assert delivery.kind == "document"
    assert b64decode(delivery.document or "") == DOCUMENT
    assert delivery.content_type == "application/rss+xml"


@pytest.mark.parametrize("signed", [None, "sha256=00", signature("sha256", "another secret", DOCUMENT)])
async def test_301_and_302_a_push_without_a_valid_signature_is_acknowledged_and_ignored(
    replica: Replica, signed: str | None
) -> None:
    assert (await replica.push(signed=signed)).status_code == 202
    assert replica.outbox.written == []


async def test_the_secret_of_one_subscription_does_not_sign_for_another(replica: Replica) -> None:
    other = Callback(CALLBACK.feed, hub_id("https://former.example/"), TOPIC)
    signed = signature("sha256", CAPABILITIES.hub_secret(other), DOCUMENT)
    assert (await replica.push(signed=signed)).status_code == 202
    assert replica.outbox.written == []


async def test_sha1_is_accepted_unless_the_setting_forbids_it(replica: Replica) -> None:
    signed = signature("sha1", CAPABILITIES.hub_secret(CALLBACK), DOCUMENT)
    replica.accept_sha1 = False
    await replica.push(signed=signed)
    assert replica.outbox.written == []
    replica.accept_sha1 = True
    await replica.push(signed=signed)
    assert len(replica.outbox.written) == 1


async def test_the_signature_of_a_compressed_push_covers_the_decompressed_document(replica: Replica) -> None:
    signed = signature("sha512", CAPABILITIES.hub_secret(CALLBACK), DOCUMENT)
    answer = await replica.push(compress(DOCUMENT), signed, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 202
    assert len(replica.outbox.written) == 1


async def test_an_empty_or_too_large_push_is_stored_as_a_ping(replica: Replica) -> None:
    for body in (b" \n", b"x" * (MAX_DOCUMENT_BYTES + 1)):
        assert (await replica.push(body)).status_code == 202
    assert [(delivery.kind, delivery.document) for delivery in replica.outbox.deliveries] == [("ping", None)] * 2
    await replica.push(b"\xff" * MAX_DOCUMENT_BYTES)
    assert replica.outbox.written[-1].size < 4 * 1024 * 1024 - 512


async def test_a_push_above_the_size_limit_is_rejected(replica: Replica) -> None:
    replica.max_bytes = 1000
    assert (await replica.push(b"x" * 1001)).status_code == 413


async def test_a_push_to_a_feed_known_to_be_gone_is_answered_410(replica: Replica) -> None:
    replica.feeds.gone = True
    assert (await replica.push()).status_code == 410


async def test_pushes_count_by_outcome(replica: Replica) -> None:
    await replica.push()
    await replica.push(signed=None)
    replica.feeds.gone = True
    await replica.push()
    replica.feeds.gone, replica.outbox.failure = False, "Kafka does not answer"
    await replica.push()
    counts = {outcome: counter.value for outcome, counter in replica.figures.pushes["websub"].items()}
    assert counts == {"accepted": 1, "refused": 2, "unavailable": 1}


async def test_head_does_not_verify_a_subscription(replica: Replica) -> None:
    query = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "challenge"}
    async with replica.hub() as hub:
        assert (await hub.head(CAPABILITIES.address(CALLBACK), params=query)).status_code == 405
    assert replica.outbox.written == []


async def test_while_kafka_is_unavailable_hubs_are_asked_to_retry(replica: Replica) -> None:
    replica.outbox.late = True
    for answer in (await replica.verify(), await replica.verify("denied"), await replica.push()):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
    replica.outbox.failure = "Kafka does not answer"
    assert (await replica.push()).status_code == 503
