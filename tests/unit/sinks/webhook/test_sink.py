"""A batch is delivered in order, again after failures, and never twice by the same process without need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from dateline.errors import BatchError, StageError, TargetEndedError, TransientError
from dateline.sink.batch import SinkBatch
from dateline.sink.kit import SinkKit
from dateline_sinks.webhook.kind import KIND
from dateline_sinks.webhook.options import WebhookOptions
from dateline_sinks.webhook.webhooks import Webhooks
from standardwebhooks import Webhook
from support.articles import an_article
from support.webhook_receiver import (
    PLACE,
    SECRET,
    Received,
    WebhookReceiver,
    a_batch,
    a_record,
    a_webhook_receiver,
    options,
)


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with a_webhook_receiver() as serving:
        yield serving


async def send(webhooks: Webhooks, target: str, batch: SinkBatch, chosen: WebhookOptions | None = None) -> None:
    """Open a sink as the runner does, write a batch, and close it."""
    sink = webhooks.make(target, chosen or options())
    try:
        await sink.open(PLACE)
        await sink.write(batch)
    finally:
        await sink.close()


async def prepare(target: str, chosen: WebhookOptions) -> None:
    assert KIND.prepare is not None
    await KIND.prepare(target, chosen)


def answers(*statuses: int) -> Callable[[Received], int]:
    """Return an answer of each status in turn, then of success."""
    left = list(statuses)
    return lambda _: left.pop(0) if left else 200


async def test_each_record_is_sent_once_in_order_and_verifies(receiver: WebhookReceiver) -> None:
    batch = a_batch(*(a_record(offset) for offset in range(5)))
    await send(Webhooks(), receiver.url, batch)
    assert receiver.offsets == [0, 1, 2, 3, 4]
    for each, written in zip(receiver.requests, batch.records, strict=True):
        assert each.body == written.record.value
        Webhook(SECRET).verify(each.body, each.headers)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503])
async def test_a_failure_is_tried_again_before_any_later_record(receiver: WebhookReceiver, status: int) -> None:
    receiver.answer = answers(200, status, status)
    await send(Webhooks(), receiver.url, a_batch(*(a_record(offset) for offset in range(3))))
    assert receiver.offsets == [0, 1, 1, 1, 2]
    first, again = receiver.requests[1:3]
    assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])


async def test_each_attempt_has_its_own_timestamp_and_signature(receiver: WebhookReceiver) -> None:
    receiver.answer = answers(500)
    sink = replace(Webhooks().make(receiver.url, options()), clock=iter([1_700_000_000.9, 1_700_000_060.0]).__next__)
    await sink.open(PLACE)
    await sink.write(a_batch(a_record(0)))
    await sink.close()
    assert [each.headers["webhook-timestamp"] for each in receiver.requests] == ["1700000000", "1700000060"]
    assert len({each.headers["webhook-signature"] for each in receiver.requests}) == 2


async def test_410_ends_the_sink(receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: web.Response(status=410, text="unsubscribed")
    with pytest.raises(TargetEndedError, match="410: unsubscribed"):
        await send(Webhooks(), receiver.url, a_batch(a_record(0), a_record(1)))
    assert receiver.offsets == [0]


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_refused_record_is_named_and_the_others_are_sent_once(receiver: WebhookReceiver, status: int) -> None:
    receiver.answer = lambda each: status if each.offset == 1 else 200
    webhooks, records = Webhooks(), [a_record(offset) for offset in range(4)]
    with pytest.raises(BatchError) as caught:
        await send(webhooks, receiver.url, a_batch(*records))
    assert list(caught.value.errors) == [1]
    assert f"answered {status}" in str(caught.value.errors[1])
    await send(webhooks, receiver.url, a_batch(records[0], records[2], records[3]))
    assert receiver.offsets == [0, 1, 2, 3]


async def test_a_refused_record_becomes_a_dead_letter_and_the_position_moves_over_it(receiver: WebhookReceiver) -> None:
    webhooks = Webhooks()
    receiver.answer = lambda each: web.Response(status=422, text="no title") if each.offset == 1 else 200
    kit = SinkKit(lambda: webhooks.make(receiver.url, options()), keeps_position=False)
    await kit.feed(*(an_article(str(number), url=f"https://news.example/{number}") for number in range(3)))
    ((_, letter),) = kit.dead_letters
    assert (letter.offset, kit.position, receiver.offsets) == (1, 3, [0, 1, 2])
    assert "422: no title" in letter.error_message


@pytest.mark.parametrize("status", [302, 401, 403, 404, 415])
async def test_an_answer_about_all_records_refuses_none_of_them(receiver: WebhookReceiver, status: int) -> None:
    """They wait without further attempts, until a wrong secret or address is corrected."""
    receiver.answer = lambda _: web.Response(status=status, headers={"Location": "/elsewhere"})
    with pytest.raises(TransientError, match=rf"articles does not take .*@0: the receiver answered {status}"):
        await send(Webhooks(), receiver.url, a_batch(a_record(0), a_record(1)))
    assert receiver.offsets == [0]


async def test_after_some_failures_the_circuit_opens_and_says_why(receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: 503
    webhooks, chosen = Webhooks(), options(longest_pause_seconds=60)
    with pytest.raises(TransientError, match=r"503; next attempt in \d+ s"):
        await send(webhooks, receiver.url, a_batch(a_record(0), a_record(1)), chosen)
    assert receiver.offsets == [0, 0, 0]
    with pytest.raises(TransientError, match=r"503; next attempt in \d+ s"):
        await webhooks.make(receiver.url, chosen).open(PLACE)


async def test_an_open_circuit_lets_one_request_through_when_its_time_has_come(receiver: WebhookReceiver) -> None:
    receiver.answer = lambda each: 503 if each.offset == 1 else 200
    webhooks, batch, now = Webhooks(), a_batch(*(a_record(offset) for offset in range(4))), [1e9]
    with pytest.raises(TransientError):
        await send(webhooks, receiver.url, batch)
    (circuit,) = webhooks.circuits.values()
    circuit.clock = lambda: now[0]
    for failures in (2, 3, 4):
        now[0] += 100
        with pytest.raises(TransientError):
            await send(webhooks, receiver.url, batch)
        assert circuit.failures == failures
    receiver.answer = lambda _: 200
    now[0] += 100
    await send(webhooks, receiver.url, batch)
    # The three attempts of the first sink, one of each probe, then the rest; the first record is not sent again.
    assert receiver.offsets == [0, 1, 1, 1, 1, 1, 1, 1, 2, 3]


async def test_a_refused_probe_of_an_open_circuit_does_not_hide_the_records_behind_it(
    receiver: WebhookReceiver,
) -> None:
    """The position moves over the whole batch, so the others have to be delivered before the refusal is said."""
    webhooks = Webhooks()
    kit = SinkKit(lambda: webhooks.make(receiver.url, options(attempts=1)), keeps_position=False)
    receiver.answer = lambda _: 503
    with pytest.raises(TransientError):
        await kit.feed(*(an_article(str(number), url=f"https://news.example/{number}") for number in range(4)))
    (circuit,) = webhooks.circuits.values()
    circuit.clock = lambda: float("inf")
    receiver.requests.clear()
    receiver.answer = lambda each: 422 if each.offset == 0 else 200
    await kit.run()
    assert (kit.position, [letter.offset for _, letter in kit.dead_letters]) == (4, [0])
    assert receiver.offsets == [0, 1, 2, 3]


async def test_retry_after_is_kept(receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: web.Response(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(TransientError, match="next attempt in 3600 s"):
        await send(Webhooks(), receiver.url, a_batch(a_record(0)))
    assert receiver.offsets == [0]


async def test_a_short_retry_after_is_waited_for(receiver: WebhookReceiver) -> None:
    limited = web.Response(status=429, headers={"Retry-After": "0"})
    left = [limited]
    receiver.answer = lambda _: left.pop() if left else 200
    await send(Webhooks(), receiver.url, a_batch(a_record(0)))
    assert receiver.offsets == [0, 0]


async def test_a_receiver_that_does_not_answer_is_a_failure_like_any_other() -> None:
    async with a_webhook_receiver() as gone:
        target = gone.url
    with pytest.raises(TransientError, match="cannot connect"):
        await send(Webhooks(), target, a_batch(a_record(0)))


async def test_a_silent_receiver_is_given_up_after_the_time_limit(receiver: WebhookReceiver) -> None:
    receiver.hold = asyncio.Event()
    with pytest.raises(TransientError, match=r"silent|time-out"):
        await send(Webhooks(), receiver.url, a_batch(a_record(0)), options(timeout_seconds=0.1, attempts=1))


async def test_requests_run_together_and_those_of_one_article_one_after_the_other(receiver: WebhookReceiver) -> None:
    receiver.hold = asyncio.Event()
    records = [a_record(offset, key="abc"[offset % 3]) for offset in range(9)]
    sink = Webhooks().make(receiver.url, options(concurrency=3))
    await sink.open(PLACE)
    writing = asyncio.ensure_future(sink.write(a_batch(*records)))
    await receiver.until(lambda: receiver.running == 3)
    receiver.hold.set()
    await writing
    await sink.close()
    assert receiver.most == 3
    for remainder in range(3):
        assert [each for each in receiver.offsets if each % 3 == remainder] == [remainder, remainder + 3, remainder + 6]


async def test_a_failure_of_one_article_stops_its_later_revisions(
    receiver: WebhookReceiver,
) -> None:
    records = [a_record(0, key="a"), a_record(1, key="b"), a_record(2, key="a"), a_record(3, key="b")]
    receiver.answer = lambda each: 500 if each.offset == 0 else 200
    webhooks = Webhooks()
    with suppress(TransientError):
        await send(webhooks, receiver.url, a_batch(*records), options(concurrency=2, attempts=1))
    assert 2 not in receiver.offsets
    receiver.answer = lambda _: 200
    (circuit,) = webhooks.circuits.values()
    circuit.clock = lambda: float("inf")
    await send(webhooks, receiver.url, a_batch(*records), options(concurrency=2))
    assert receiver.offsets.count(2) == 1
    assert receiver.offsets.index(2) > max(i for i, each in enumerate(receiver.offsets) if each == 0)


async def test_a_private_address_is_refused_unless_its_network_is_allowed(receiver: WebhookReceiver) -> None:
    with pytest.raises(TransientError, match=r"not public.*allow_networks"):
        await send(Webhooks(), receiver.url, a_batch(a_record(0)), options(allow_networks=()))
    assert not receiver.requests


async def test_files_of_secrets_are_read_at_each_opening(receiver: WebhookReceiver, tmp_path: Path) -> None:
    secrets, headers = tmp_path / "secrets", tmp_path / "headers"
    secrets.write_text(f"{SECRET}\n")
    headers.write_text("Authorization: Bearer abc\n\nX-Team: news\n")
    chosen, webhooks = options(secret=None, secret_file=secrets, headers_file=headers), Webhooks()
    await send(webhooks, receiver.url, a_batch(a_record(0)), chosen)
    secrets.write_text("whsec_" + "QUJD" * 11)
    await send(webhooks, receiver.url, a_batch(a_record(1)), chosen)
    assert receiver.requests[0].headers["authorization"] == "Bearer abc"
    Webhook(SECRET).verify(receiver.requests[0].body, receiver.requests[0].headers)
    Webhook("whsec_" + "QUJD" * 11).verify(receiver.requests[1].body, receiver.requests[1].headers)


@pytest.mark.parametrize("text", ["no colon", "webhook-id: 1", "Content-Length: 1", "ce-id: 1", "Host: x"])
async def test_headers_that_the_sink_sets_itself_are_refused(tmp_path: Path, text: str) -> None:
    headers = tmp_path / "headers"
    headers.write_text(text)
    with pytest.raises(StageError, match="headers of the webhook"):
        await prepare("https://news.example/", options(headers_file=headers))


async def test_what_is_wrong_is_said_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"^ftp://news\.example/: the address must begin"):
        await prepare("ftp://user:hidden@news.example/", options())
    with pytest.raises(StageError, match="cannot be used") as caught:
        await prepare("https://user:hidden@news.example/", options(secret="whsec_hidden"))
    assert "hidden" not in str(caught.value)
    assert "hidden" not in repr(options(secret="whsec_hidden"))
    assert KIND.shown("https://user:hidden@news.example/") == "https://news.example/"
    with pytest.raises(StageError, match="secret"):
        await prepare("https://news.example/", options(secret=None, secret_file=tmp_path / "missing"))


def test_a_secret_is_required() -> None:
    with pytest.raises(ValueError, match="signs its requests"):
        WebhookOptions()


def test_batches_grow_with_the_requests_at_the_same_time() -> None:
    assert (KIND.limits(options()).records, KIND.limits(options(concurrency=8)).records) == (16, 128)
    assert not KIND.keeps_position
