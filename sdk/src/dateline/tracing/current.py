"""The span whose work is being done in this context: logs name its trace, and steps begin below it."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from dateline.tracing.conventions import http_attributes
from dateline.tracing.span import NO_TRACER, Attributes, SpanKind, TraceSpan

__all__ = ["CURRENT", "at_work", "current_trace_id", "request_step", "step"]

CURRENT: ContextVar[TraceSpan | None] = ContextVar("dateline_span", default=None)
"""The span at work in this context; threads that the runtime starts have it, too."""


def current_trace_id() -> str | None:
    """Return the id of the trace that is being worked on, if there is one."""
    span = CURRENT.get()
    return None if span is None else span.context.trace_id


@contextlib.contextmanager
def at_work(span: TraceSpan) -> Iterator[TraceSpan]:
    """Make `span` the one at work while the block runs."""
    before = CURRENT.set(span)
    token = span.enter() if span.is_recorded else None
    try:
        yield span
    finally:
        if span.is_recorded:
            span.leave(token)
        CURRENT.reset(before)


@contextlib.contextmanager
def step(name: str, kind: SpanKind = "internal", attributes: Attributes | None = None) -> Iterator[TraceSpan]:
    """Run the block as a step of the work of the current span; it costs nothing where that is not exported.

    An exception of the block is noted in the step, and passed on.
    """
    above = CURRENT.get()
    if above is None or not above.is_recorded:
        yield NO_TRACER.begin(name) if above is None else above
        return
    span = above.step(name, kind, attributes)
    try:
        with at_work(span):
            yield span
    except BaseException as error:
        span.fail(error)
        raise
    finally:
        span.finish()


@contextlib.contextmanager
def request_step(method: str, url: str) -> Iterator[TraceSpan]:
    """Run the block as a request over HTTP, below the current span."""
    above = CURRENT.get()
    is_recorded = above is not None and above.is_recorded
    with step(method, "client", http_attributes(method, url) if is_recorded else None) as span:
        yield span
