"""Spans that OpenTelemetry exports. Only this module imports it, and only a process that exports loads this module."""

import time
from collections.abc import Sequence
from typing import Any, Final

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from dateline.kafka.records import Headers, Record
from dateline.tracing.conventions import ERROR_TYPE, OUTCOME, SCHEMA_URL, process_attributes, send_attributes
from dateline.tracing.span import Attributes, Outcome, SpanKind, TraceSpan
from dateline.tracing.trace_context import TraceContext

__all__ = ["ExportingTracer", "provider_of"]

KINDS: Final = {
    "internal": trace.SpanKind.INTERNAL,
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
}


def provider_of(service: str, version: str) -> tuple[Any, bool]:
    """Return the process' provider of tracers, and whether it was made here.

    A program that has set one already, as `opentelemetry-instrument` does, keeps it. Otherwise the one made here
    becomes the provider of the process, so that spans that a consumer makes itself are exported with ours.
    """
    present = trace.get_tracer_provider()
    if not isinstance(present, trace.ProxyTracerProvider):
        return present, False
    named = {SERVICE_NAME: f"dateline-{service}", "service.version": version}
    resource = Resource.create().merge(Resource(named)).merge(OTELResourceDetector().detect())
    # Ended by its owner, within the grace: at the exit of the interpreter it could wait for half a minute.
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider, True


class ExportedSpan:
    """A span of OpenTelemetry, with the spans of the records that were sent in it."""

    def __init__(self, tracer: trace.Tracer, span: trace.Span) -> None:
        self._tracer, self._span = tracer, span
        place = span.get_span_context()
        state = place.trace_state.to_header() or None
        self.context = TraceContext(f"{place.trace_id:032x}", f"{place.span_id:016x}", int(place.trace_flags), state)
        self.traceparent, self.tracestate = self.context.traceparent, state
        self.is_recorded = span.is_recording()
        self._sent: list[trace.Span] = []
        self._worked_ns: int | None = None
        self._outcome: str | None = None
        self._is_ended = False

    @property
    def headers(self) -> Headers:
        """The headers of a record that continues the trace here."""
        return self.context.headers

    def send(self, topic: str, message_id: str) -> Headers:
        """Begin the span of a record that is written, below this one; return the record's headers."""
        if not self.is_recorded:
            return self.headers
        span = self._below(f"send {topic}", "producer", send_attributes(topic, message_id))
        self._sent.append(span)
        return ExportedSpan(self._tracer, span).headers

    def step(self, name: str, kind: SpanKind = "internal", attributes: Attributes | None = None) -> TraceSpan:
        """Begin a span below this one."""
        return ExportedSpan(self._tracer, self._below(name, kind, attributes))

    def note(self, attributes: Attributes) -> None:
        """Set attributes."""
        self._span.set_attributes(dict(attributes))

    def fail(self, error: BaseException, outcome: str | None = None) -> None:
        """Note an error; `outcome` is what became of the work if it is committed in spite of it."""
        self._outcome = outcome or self._outcome
        _failed(self._span, error)

    def worked(self) -> None:
        """Note that the work is done now."""
        self._worked_ns = time.time_ns()

    def finish(self, outcome: Outcome | None = None, error: BaseException | None = None) -> None:
        """End the span, and those of the records that it sent."""
        if self._is_ended:
            return
        self._is_ended = True
        kept = self._outcome if outcome == "committed" and self._outcome else outcome
        sent, self._sent = self._sent, []
        for span in (*sent, self._span):
            if kept is not None:
                span.set_attribute(OUTCOME, kept)
            if error is not None:
                _failed(span, error)
            elif outcome not in (None, "committed"):
                span.set_status(trace.StatusCode.ERROR, f"the work was {outcome}")
        for span in sent:
            span.end()
        self._span.end(self._worked_ns)

    def enter(self) -> object:
        """Make it the current span of OpenTelemetry in this context; return a token for `leave`."""
        return contexts.attach(trace.set_span_in_context(self._span))

    def leave(self, token: object) -> None:
        """End what `enter` began."""
        contexts.detach(token)  # type: ignore[arg-type]

    def _below(self, name: str, kind: SpanKind, attributes: Attributes | None) -> trace.Span:
        parent = trace.set_span_in_context(self._span, contexts.Context())
        return self._tracer.start_span(name, context=parent, kind=KINDS[kind], attributes=dict(attributes or {}))


class ExportingTracer:
    """Makes spans of OpenTelemetry."""

    is_exporting: Final = True

    def __init__(self, provider: Any, version: str) -> None:
        self._tracer: trace.Tracer = provider.get_tracer("dateline", version, schema_url=SCHEMA_URL)

    def process(self, record: Record, group: str, attempt: int = 1) -> TraceSpan:
        """Begin the span of the work on a record, in the trace that the record carries."""
        return self.begin(
            f"process {record.topic}",
            "consumer",
            parent=TraceContext.of_headers(record.headers or ()),
            attributes=process_attributes(record, group, attempt),
        )

    def begin(
        self,
        name: str,
        kind: SpanKind = "internal",
        *,
        parent: TraceContext | None = None,
        links: Sequence[TraceContext] = (),
        attributes: Attributes | None = None,
    ) -> TraceSpan:
        """Begin a span: below `parent`, or as the first of a new trace that is linked to other spans."""
        span = self._tracer.start_span(
            name,
            context=_context_of(parent),
            kind=KINDS[kind],
            attributes=dict(attributes or {}),
            links=[trace.Link(_place_of(each)) for each in links],
        )
        return ExportedSpan(self._tracer, span)

    def send(self, topic: str, *, parent: TraceContext | None = None, link: TraceSpan | None = None) -> TraceSpan:
        """Begin the span of a record that is written; without a parent it is the first of a trace linked to `link`."""
        links = () if link is None else (link.context,)
        return self.begin(f"send {topic}", "producer", parent=parent, links=links, attributes=send_attributes(topic))


def _context_of(parent: TraceContext | None) -> contexts.Context:
    if parent is None:
        # Not the current one: the first span of a trace stands alone.
        return contexts.Context()
    return trace.set_span_in_context(trace.NonRecordingSpan(_place_of(parent)), contexts.Context())


def _place_of(place: TraceContext) -> trace.SpanContext:
    return trace.SpanContext(
        trace_id=int(place.trace_id, 16),
        span_id=int(place.span_id, 16),
        is_remote=True,
        trace_flags=trace.TraceFlags(place.flags),
        trace_state=trace.TraceState.from_header([place.state]) if place.state else None,
    )


def _failed(span: trace.Span, error: BaseException) -> None:
    name = type(error).__name__
    span.set_attribute(ERROR_TYPE, name)
    span.record_exception(error)
    span.set_status(trace.StatusCode.ERROR, f"{name}: {error}")
