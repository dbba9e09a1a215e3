"""Spans that OpenTelemetry exports, of the runtime's real code."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from dateline import Context, TransientError, consumer
from dateline.consumer import Consumer
from dateline.errors import BatchError, FencedError, StageError
from dateline.kafka.records import Output, Record
from dateline.runtime.batch_processing import BatchProcessor
from dateline.runtime.batches import BatchLoop
from dateline.runtime.processing import Effects, Processor
from dateline.runtime.task import Task, TaskProgress
from dateline.settings import RuntimeSettings
from dateline.tracing.current import at_work, request_step, step
from dateline.tracing.open_telemetry import ExportingTracer
from dateline.tracing.span import TraceSpan
from dateline.tracing.trace_context import TraceContext
from dateline.tracing.unfinished import UnfinishedSpans
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import messaging_attributes
from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes, url_attributes
from support.relay import ITEMS, RELAYED, Item, Relayed

PLACE = TraceContext("a" * 32, "b" * 16, 1, "congo=1")


class Spans:
    """A tracer, and the spans that it has exported."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = ExportingTracer(self.provider, "1")

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.exporter.get_finished_spans() if span.name.startswith(name)]

    def facts(self, name: str) -> list[tuple[Any, ...]]:
        """Return attempt, outcome, error and whether it failed, of each span with a name."""
        keys = ("dateline.attempt", "dateline.outcome", "error.type")
        return [
            (*((span.attributes or {}).get(key) for key in keys), span.status.status_code is trace.StatusCode.ERROR)
            for span in self.named(name)
        ]

    def processor(self, by: Consumer[Any, Any]) -> Processor:
        return Processor(consumer=by, runtime=RuntimeSettings(retry_initial_seconds=0.001), tracer=self.tracer)


@pytest.fixture
def spans() -> Iterator[Spans]:
    made = Spans()
    yield made
    made.provider.shutdown()


def a_record(number: int = 0, place: TraceContext | None = PLACE) -> Record:
    item = Item(id=f"i{number}", key="k", number=number)
    headers = (("ce_id", f"id-{number}".encode()), *(() if place is None else place.headers))
    return Record(ITEMS.named(), 2, number, 0, b"k", item.to_bytes(), headers)


def settle(effects: Sequence[Effects], error: BaseException | None = None) -> None:
    """End the spans of effects as the commit of a batch does."""
    open_spans = UnfinishedSpans()
    for each in effects:
        if each.span is not None:
            open_spans.add(each.span)
    try:
        with open_spans.committed():
            if error is not None:
                raise error
    except type(error or ValueError()):
        pass


@consumer(topic=ITEMS, group="g", output=RELAYED)
def relayed(item: Item) -> Relayed:
    return Relayed(id=item.id, key=item.key, number=item.number, revision=1, worker=1)


async def test_what_stands_in_the_headers_of_a_record_is_the_span_of_its_sending(spans: Spans) -> None:
    effects = await spans.processor(relayed).process(a_record())
    assert not spans.exporter.get_finished_spans()
    settle([effects])

    (process,), (send,) = spans.named("process"), spans.named("send")
    assert process.parent is not None
    assert send.parent is not None
    assert (process.parent.trace_id, process.parent.span_id) == (int("a" * 32, 16), int("b" * 16, 16))
    assert send.parent.span_id == process.context.span_id
    written = TraceContext.of_headers(effects.outputs[0].headers)
    assert written == TraceContext("a" * 32, f"{send.context.span_id:016x}", 1, "congo=1")
    assert (process.kind, send.kind) == (trace.SpanKind.CONSUMER, trace.SpanKind.PRODUCER)
    assert spans.facts("process") == [(1, "committed", None, False)]


async def test_names_of_attributes_are_those_of_the_conventions(spans: Spans) -> None:
    known = {
        value
        for module in (messaging_attributes, error_attributes, http_attributes, server_attributes, url_attributes)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    settle([await spans.processor(relayed).process(a_record())])
    with at_work(spans.tracer.begin("visit")) as span, request_step("GET", "http://me:secret@host.example:8080/a?b=1"):
        pass
    span.finish()

    used = {key for each in spans.exporter.get_finished_spans() for key in each.attributes or {}}
    assert len(used) > 10
    assert {key for key in used - known if not key.startswith("dateline.")} == set()
    (request,) = spans.named("GET")
    assert dict(request.attributes or {}) == {
        "http.request.method": "GET",
        "url.full": "http://host.example:8080/a?b=1",
        "server.address": "host.example",
        "server.port": 8080,
    }


@pytest.mark.parametrize(
    ("error", "outcome"), [(FencedError("another owner"), "aborted"), (TransientError("no answer"), "unknown")]
)
async def test_spans_of_a_transaction_that_failed_say_so(spans: Spans, error: Exception, outcome: str) -> None:
    settle([await spans.processor(relayed).process(a_record())], error)

    assert spans.facts("process") == [(1, outcome, type(error).__name__, True)]
    assert spans.facts("send") == [(None, outcome, type(error).__name__, True)]


async def test_each_attempt_has_a_span_and_only_the_last_one_is_committed(spans: Spans) -> None:
    seen: list[str] = []

    @consumer(topic=ITEMS, group="g")
    async def third_time_lucky(item: Item, context: Context) -> None:
        seen.append(context.traceparent)
        assert context.tracestate == "congo=1"
        if context.attempt < 3:
            raise TransientError("not yet")

    settle([await spans.processor(third_time_lucky).process(a_record())])

    assert spans.facts("process") == [
        (1, "retried", "TransientError", True),
        (2, "retried", "TransientError", True),
        (3, "committed", None, False),
    ]
    assert [f"{span.context.span_id:016x}" for span in spans.named("process")] == [each[36:52] for each in seen]


async def test_span_of_a_dead_letter_has_the_error(spans: Spans) -> None:
    @consumer(topic=ITEMS, group="g")
    async def refuse(item: Item) -> None:
        raise ValueError("no")

    settle([await spans.processor(refuse).process(a_record())])

    assert spans.facts("process") == [(1, "dead_letter", "ValueError", True)]


async def test_stage_that_stops_aborts_its_span(spans: Spans) -> None:
    @consumer(topic=ITEMS, group="g")
    async def stop(item: Item) -> None:
        raise StageError("enough")

    with pytest.raises(StageError):
        await spans.processor(stop).process(a_record())

    assert spans.facts("process") == [(1, "aborted", "StageError", True)]


async def test_spans_of_a_batch_end_each_with_its_own_outcome(spans: Spans) -> None:
    calls = 0

    @consumer(topic=ITEMS, group="g", batch=10)
    async def together(items: list[Item]) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise BatchError({0: ValueError("no"), 1: TransientError("not yet")})

    done: list[Effects] = []
    processor = BatchProcessor(processor=spans.processor(together))
    async for part in processor.process([a_record(number) for number in range(3)], None, _no_pause):
        done += part
    settle(done)

    assert sorted(map(str, spans.facts("process"))) == sorted(
        map(
            str,
            [
                (1, "dead_letter", "ValueError", True),
                (1, "retried", "TransientError", True),
                (1, "retried", "TransientError", True),
                (2, "committed", None, False),
                (2, "committed", None, False),
            ],
        )
    )


async def test_trace_that_is_not_sampled_exports_nothing_and_stays_so(spans: Spans) -> None:
    place = PLACE._replace(flags=0)
    effects = await spans.processor(relayed).process(a_record(place=place))
    settle([effects])

    written = TraceContext.of_headers(effects.outputs[0].headers)
    assert written is not None
    assert (written.trace_id, written.flags, written.state) == (place.trace_id, 0, "congo=1")
    assert not spans.exporter.get_finished_spans()


async def test_consumers_own_spans_and_steps_are_below_the_attempt_also_in_threads(spans: Spans) -> None:
    @consumer(topic=ITEMS, group="g")
    def own(item: Item) -> None:
        with spans.provider.get_tracer("mine").start_as_current_span("own"), step("enrich dates"):
            pass

    effects = await spans.processor(own).process(a_record())
    settle([effects])

    (process,) = spans.named("process")
    assert {span.name: span.parent and span.parent.span_id for span in spans.exporter.get_finished_spans()} == {
        "own": process.context.span_id,
        "enrich dates": process.context.span_id,
        process.name: process.parent and process.parent.span_id,
    }
    assert not trace.get_current_span().get_span_context().is_valid


async def test_step_notes_the_error_that_it_passes_on(spans: Spans) -> None:
    span: TraceSpan = spans.tracer.begin("visit page")
    with pytest.raises(asyncio.CancelledError), at_work(span), step("read page"):
        raise asyncio.CancelledError
    span.finish()

    assert spans.facts("read page") == [(None, None, "CancelledError", True)]


def test_record_without_a_parent_is_the_first_of_a_trace_that_is_linked(spans: Spans) -> None:
    poll = spans.tracer.begin("poll feed")
    sent = spans.tracer.send("articles.parsed", link=poll)
    sent.finish("committed")
    poll.finish("committed")

    (record,) = spans.named("send")
    assert record.parent is None
    assert [f"{link.context.span_id:016x}" for link in record.links] == [poll.context.span_id]
    assert sent.context.trace_id != poll.context.trace_id


async def _no_pause(reason: str, seconds: float) -> None:
    return None


class FailingTask:
    """A partition whose first commit fails while the second batch has been processed."""

    def __init__(self, error: Exception) -> None:
        self.records = [a_record(number) for number in range(4)]
        self.progress, self.released = TaskProgress(), asyncio.Event()
        self.state, self.metadata, self.name, self.error = None, "", "failing", error

    async def take(self, most: int, seconds: float = 0) -> Sequence[Record]:
        taken, self.records = self.records[:most], self.records[most:]
        return taken

    def give_back(self, records: Sequence[Record]) -> None:
        assert not records

    async def commit(self, outputs: Sequence[Output], **_: object) -> None:
        for _turn in range(20):
            # The next batch is processed meanwhile.
            await asyncio.sleep(0)
        raise self.error


async def test_batch_that_was_processed_during_a_failed_commit_is_aborted_with_it(spans: Spans) -> None:
    runtime = RuntimeSettings(batch_records=2)
    loop = BatchLoop(processor=spans.processor(relayed), runtime=runtime)
    task = FailingTask(FencedError("another owner"))

    with pytest.raises(FencedError):
        await loop.run(cast(Task, task), task.released)

    offsets = [(span.attributes or {})["messaging.kafka.offset"] for span in spans.named("process")]
    assert sorted(map(str, offsets)) == ["0", "1", "2", "3"]
    assert spans.facts("process") == [(1, "aborted", "FencedError", True)] * 4
    assert len(spans.named("send")) == 4
