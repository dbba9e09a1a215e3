"""The interface of spans and tracers, and the ones that only make contexts."""

import re
from collections.abc import Mapping, Sequence
from random import getrandbits
from typing import Final, Literal, Protocol

from dateline_schemas.headers import TRACEPARENT, TRACESTATE

from dateline.kafka.records import Headers, Record
from dateline.tracing.trace_context import TraceContext

__all__ = ["NO_TRACER", "Attributes", "NoTracer", "Outcome", "SpanKind", "TraceSpan", "Tracer"]

Attributes = Mapping[str, str | int | float | bool]
"""Attributes of a span by name."""

Outcome = Literal["committed", "retried", "aborted", "unknown"]
"""What became of the work of a span.

- committed: its effects stand.
- retried: a transient error ended it, and another attempt follows.
- aborted: its effects were dropped; the work is done again, here or by another owner of the partition.
- unknown: its transaction failed, and only the next owner learns whether it was committed.
"""

SpanKind = Literal["internal", "server", "client", "producer", "consumer"]
"""The kinds of OpenTelemetry."""


class TraceSpan(Protocol):
    """One step of the work, which has to be finished."""

    @property
    def context(self) -> TraceContext:
        """Its place in the trace."""

    @property
    def traceparent(self) -> str:
        """Its place as the header `traceparent`."""

    @property
    def tracestate(self) -> str | None:
        """The state of other tracing systems, as the header `tracestate`."""

    @property
    def is_recorded(self) -> bool:
        """Whether it is going to be exported. If not, every method may be left out."""

    @property
    def headers(self) -> Headers:
        """The headers of a record that continues the trace here."""

    def send(self, topic: str, message_id: str) -> Headers:
        """Begin the span of a record that is written, below this one; return the record's headers.

        It ends with this span, and has its outcome.
        """

    def step(self, name: str, kind: SpanKind = "internal", attributes: Attributes | None = None) -> "TraceSpan":
        """Begin a span below this one."""

    def note(self, attributes: Attributes) -> None:
        """Set attributes."""

    def fail(self, error: BaseException, outcome: str | None = None) -> None:
        """Note an error; `outcome` is what became of the work if it is committed in spite of it."""

    def worked(self) -> None:
        """Note that the work is done now; what follows until `finish` is the transaction."""

    def finish(self, outcome: Outcome | None = None, error: BaseException | None = None) -> None:
        """End the span, and those of the records that it sent."""

    def enter(self) -> object:
        """Make it the current span of OpenTelemetry in this context; return a token for `leave`."""

    def leave(self, token: object) -> None:
        """End what `enter` began."""


class Tracer(Protocol):
    """Makes spans."""

    @property
    def is_exporting(self) -> bool:
        """Whether spans are exported."""

    def process(self, record: Record, group: str, attempt: int = 1) -> TraceSpan:
        """Begin the span of the work on a record, in the trace that the record carries."""

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

    def send(self, topic: str, *, parent: TraceContext | None = None, link: "TraceSpan | None" = None) -> TraceSpan:
        """Begin the span of a record that is written; without a parent it is the first of a trace linked to `link`."""


USUAL = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]")
"""A valid `traceparent` of this version, with known flags alone."""


class _PassedSpan:
    """A span that nobody exports: a context."""

    __slots__ = ("traceparent", "tracestate")

    is_recorded: Final = False

    def __init__(self, traceparent: str, tracestate: str | None) -> None:
        self.traceparent = traceparent
        self.tracestate = tracestate

    @property
    def context(self) -> TraceContext:
        """Its place in the trace."""
        found = TraceContext.parse(self.traceparent, self.tracestate)
        assert found is not None, "a context of our own is valid"
        return found

    @property
    def headers(self) -> Headers:
        """The headers of a record that continues the trace here."""
        parent = (TRACEPARENT, self.traceparent.encode())
        return (parent,) if self.tracestate is None else (parent, (TRACESTATE, self.tracestate.encode()))

    def send(self, topic: str, message_id: str) -> Headers:
        """Return the headers of a record."""
        return self.headers

    def step(self, name: str, kind: SpanKind = "internal", attributes: Attributes | None = None) -> "TraceSpan":
        """Return this span."""
        return self

    def note(self, attributes: Attributes) -> None:
        """Do nothing."""

    def fail(self, error: BaseException, outcome: str | None = None) -> None:
        """Do nothing."""

    def worked(self) -> None:
        """Do nothing."""

    def finish(self, outcome: Outcome | None = None, error: BaseException | None = None) -> None:
        """Do nothing."""

    def enter(self) -> object:
        """Do nothing."""
        return None

    def leave(self, token: object) -> None:
        """Do nothing."""


class NoTracer:
    """Exports nothing, and keeps traces together all the same: ids, flags and state are passed on."""

    is_exporting: Final = False

    def process(self, record: Record, group: str, attempt: int = 1) -> TraceSpan:
        """Return a new context in the trace that the record carries."""
        parent = state = None
        for name, value in record.headers:
            if name == TRACEPARENT:
                parent = value
            elif name == TRACESTATE:
                state = value
        # Each record passes here: the usual header is not taken apart.
        if parent is not None and state is None and USUAL.fullmatch(parent):
            text = parent.decode()
            return _PassedSpan(f"{text[:36]}{getrandbits(64) or 1:016x}{text[52:]}", None)
        return _passed(TraceContext.of_headers(record.headers))

    def begin(
        self,
        name: str,
        kind: SpanKind = "internal",
        *,
        parent: TraceContext | None = None,
        links: Sequence[TraceContext] = (),
        attributes: Attributes | None = None,
    ) -> TraceSpan:
        """Return a new context."""
        return _passed(parent)

    def send(self, topic: str, *, parent: TraceContext | None = None, link: "TraceSpan | None" = None) -> TraceSpan:
        """Return a new context."""
        return _passed(parent)


def _passed(parent: TraceContext | None) -> TraceSpan:
    place = TraceContext.after(parent)
    return _PassedSpan(place.traceparent, place.state)


NO_TRACER: Final = NoTracer()
"""The tracer of processes that export nothing; it has no state."""
