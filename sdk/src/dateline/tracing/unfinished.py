"""Spans whose work is done and whose transaction is not: they end with its outcome."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline.errors import FencedError
from dateline.tracing.span import Outcome, TraceSpan

__all__ = ["UnfinishedSpans"]


@dataclass(slots=True)
class UnfinishedSpans:
    """The spans of the effects that are committed together."""

    spans: list[TraceSpan] = field(default_factory=list)

    def add(self, span: TraceSpan) -> None:
        """Add a span whose effects are part of the next transaction."""
        if span.is_recorded:
            self.spans.append(span)

    @contextlib.contextmanager
    def committed(self) -> Iterator[None]:
        """End the spans with the outcome of the block, which commits their effects."""
        try:
            yield
        except FencedError as error:
            self.abort(error)
            raise
        except BaseException as error:
            self.finish("unknown", error)
            raise
        else:
            self.finish("committed")

    @contextlib.contextmanager
    def aborted_by_error(self) -> Iterator[None]:
        """End the spans as aborted if the block raises."""
        try:
            yield
        except BaseException as error:
            self.abort(error)
            raise

    def abort(self, error: BaseException | None = None) -> None:
        """End the spans as aborted: their effects are dropped."""
        self.finish("aborted", error)

    def finish(self, outcome: Outcome, error: BaseException | None = None) -> None:
        """End the spans with `outcome`."""
        spans, self.spans = self.spans, []
        for span in spans:
            span.finish(outcome, error)
