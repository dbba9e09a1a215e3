"""What the span of a poll says of its outcome."""

from dateline.tracing.span import TraceSpan

from dateline_ingest.polling.results import Failed, PollResult, Read

__all__ = ["PollFailedError", "note_poll"]


class PollFailedError(Exception):
    """A poll brought no document; the span of the poll names it."""


def note_poll(span: TraceSpan, result: PollResult, published: int) -> None:
    """Note the outcome of a poll, and how many articles it brought."""
    if not span.is_recorded:
        return
    outcome = "failed" if isinstance(result, Failed) else "read" if isinstance(result, Read) else "unchanged"
    span.note({"dateline.poll.outcome": outcome, "dateline.articles": published})
    if isinstance(result, Failed):
        span.note({"dateline.poll.trouble": result.trouble})
        span.fail(PollFailedError(result.error))
