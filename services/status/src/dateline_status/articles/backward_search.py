"""Searches a partition backwards from its end."""

from collections.abc import Callable

from aiokafka import TopicPartition
from dateline.kafka.records import Record

from dateline_status.kafka.view import KafkaView, Span

__all__ = ["FIRST_BLOCK", "newest_records", "searched_span"]

FIRST_BLOCK = 250
"""Size of the first block of offsets that is searched back from the end; each further block is four times as large."""

LARGEST_BLOCK = 16_000
"""A block has at most this many offsets, since its records are held in memory."""


async def searched_span(view: KafkaView, where: TopicPartition, limit: int) -> Span:
    """Return the last `limit` offsets of a partition."""
    beginning, end = (await view.beginnings([where]))[where], (await view.ends([where]))[where]
    return max(beginning, end - limit), end


async def newest_records(
    view: KafkaView, where: TopicPartition, span: Span, is_wanted: Callable[[Record], bool]
) -> list[Record]:
    """Return the wanted records in the newest block of a span that has one, newest first."""
    floor, last = span
    block = FIRST_BLOCK
    while last > floor:
        first = max(floor, last - block)
        found = [record for record in await view.records({where: (first, last)}) if is_wanted(record)]
        if found:
            return found[::-1]
        last, block = first, min(block * 4, LARGEST_BLOCK)
    return []
