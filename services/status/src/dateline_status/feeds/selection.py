"""Filters and sorts the feeds; a hundred thousand of them in parts that do not hold up the event loop."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from dateline_status.feeds.entry import VERDICT_NAMES, FeedEntry
from dateline_status.feeds.query import FeedQuery

__all__ = ["by_address", "select"]

PART = 8192
"""Number of feeds that are sorted at once. Sorting releases the interpreter only between two calls, and joining parts
that are sorted already is quick."""

SEVERITY = {verdict: number for number, verdict in enumerate(VERDICT_NAMES)}
"""The order of the verdicts, the worst first."""

NEWEST_FIRST = frozenset({"last_poll", "last_item", "failures"})
"""What is sorted from the greatest value down, unless the query says the other way round."""


def by_address(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    """Return the feeds by address."""
    return _sorted(entries, attrgetter("address"), reverse=False)


def select(entries: Sequence[FeedEntry], query: FeedQuery) -> list[FeedEntry]:
    """Return the feeds that a query asks for, in its order; those without a value come last.

    Args:
        entries: all feeds by address, which is the order of feeds with equal values.
        query: the filters and the order.
    """
    kept = _filtered(entries, query)
    name = query.sort.removeprefix("-")
    turned = query.sort.startswith("-")
    if name == "address":
        return kept[::-1] if turned else kept
    if name == "verdict":
        return _sorted(kept, lambda each: SEVERITY.get(each.shown_verdict, len(SEVERITY)), reverse=turned)
    value = attrgetter(name)
    known = [each for each in kept if value(each) is not None]
    unknown = [each for each in kept if value(each) is None] if len(known) < len(kept) else []
    return _sorted(known, value, reverse=turned != (name in NEWEST_FIRST)) + unknown


def _filtered(entries: Sequence[FeedEntry], query: FeedQuery) -> list[FeedEntry]:
    kept = list(entries)
    if query.verdicts:
        wanted = frozenset(query.verdicts)
        kept = [each for each in kept if each.shown_verdict in wanted]
    if query.host:
        host, below = query.host, f".{query.host}"
        kept = [each for each in kept if each.host == host or each.host.endswith(below)]
    if query.text:
        text = query.text.casefold()
        kept = [
            each
            for each in kept
            if text in each.address.casefold() or text in (each.given_name or each.title or "").casefold()
        ]
    return kept


def _sorted(entries: Sequence[FeedEntry], key: Callable[[FeedEntry], Any], *, reverse: bool) -> list[FeedEntry]:
    whole: list[FeedEntry] = []
    for begin in range(0, len(entries), PART):
        part = list(entries[begin : begin + PART])
        part.sort(key=key, reverse=reverse)
        whole += part
    whole.sort(key=key, reverse=reverse)
    return whole
