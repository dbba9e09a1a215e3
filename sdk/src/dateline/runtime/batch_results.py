"""Assigns the results of a function that took a batch to the records of the batch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, SupportsIndex, TypeGuard

from dateline.context import Event
from dateline.errors import BatchError, PermanentError, StageError
from dateline.kafka.records import Output, Record
from dateline.runtime.outputs import OutputMaker
from dateline.tracing.span import TraceSpan

__all__ = ["is_index", "outputs_of_batch"]


def outputs_of_batch(
    maker: OutputMaker, results: Any, records: Sequence[Record], spans: Sequence[TraceSpan], now: datetime
) -> list[list[Output]]:
    """Return the outputs of each record, in the order of `records`.

    Args:
        maker: makes the outputs of one record.
        results: what the function returned.
        records: the records that it got.
        spans: the span of the work on each record.
        now: the time at which the function was called.

    Raises:
        BatchError: results of some records are of an unknown type, are too large, or have no topic to go to.
        StageError: the results cannot be assigned to the records.
    """
    outputs: list[list[Output]] = []
    errors: dict[int, Exception] = {}
    assigned = _assigned(results, len(records))
    for index, (record, span) in enumerate(zip(records, spans, strict=True)):
        try:
            outputs.append(maker.outputs_of(assigned[index], record, span, now))
        except PermanentError as error:
            errors[index] = error
    if errors:
        raise BatchError(errors)
    return outputs


def is_index(value: object, count: int) -> TypeGuard[int]:
    """Return whether `value` is the index of one of `count` records. Integers of other libraries are indices, too."""
    return isinstance(value, SupportsIndex) and not isinstance(value, bool) and 0 <= value.__index__() < count


def _assigned(results: Any, count: int) -> Sequence[Any]:
    """Return the results of each of `count` records."""
    if isinstance(results, Event) and results.of is not None:
        results = [results]
    if results is None or (isinstance(results, list | tuple) and not results):
        return [None] * count
    if isinstance(results, list | tuple):
        named = [each for each in results if isinstance(each, Event) and each.of is not None]
        if named and len(named) == len(results):
            return _by_index(named, count)
        if not named and len(results) == count:
            return results
        got = f"{len(results)} results" + (f", of which {len(named)} name their record" if named else "")
    else:
        got = f"a {type(results).__name__}"
    raise StageError(
        f"a consumer that takes a batch returned {got} for {count} records; it returns None, a list with one entry for "
        f"each record (None for nothing), or a list of events that all name their record: Event(value=..., of=index)"
    )


def _by_index(events: Sequence[Event[Any]], count: int) -> list[list[Any]]:
    results: list[list[Any]] = [[] for _ in range(count)]
    for event in events:
        if not is_index(event.of, count):
            raise StageError(f"a consumer that takes a batch returned an event of record {event.of!r} of {count}")
        results[event.of].append(replace(event, of=None))
    return results
