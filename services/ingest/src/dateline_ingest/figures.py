"""What ingest counts and measures, besides the figures of its group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from dateline.figures.catalog import ARTICLES, FETCHED_BYTES, ITEMS, POLL_SECONDS, POLLS, PUSHES
from dateline.figures.meter import Counter, Histogram, Meter

__all__ = ["IngestFigures"]

Kind = Literal["feed", "archive"]
"""What is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestFigures:
    """The series of a process, which begin at zero; parts that share a meter share them.

    Attributes:
        polls: polls by outcome, counted when Kafka has committed their results.
        poll_seconds: how long servers took to answer polls.
        items: items of polled documents by outcome, counted with the polls.
        from_feeds: articles that polls, archives and hubs brought, counted when they are committed.
        from_pushes: articles that were pushed, counted when they are committed.
        pushes: requests of senders and hubs, by kind and outcome.
        received: bytes of response bodies as they came, by what was fetched, counted at once.
    """

    polls: Mapping[str, Counter]
    poll_seconds: Histogram
    items: Mapping[str, Counter]
    from_feeds: Counter
    from_pushes: Counter
    pushes: Mapping[str, Mapping[str, Counter]]
    received: Mapping[Kind, Counter]

    @classmethod
    def of(cls, meter: Meter | None = None) -> Self:
        """Return the series of a meter; without one, of a meter that nobody reads."""
        meter = Meter() if meter is None else meter
        kinds: tuple[Kind, ...] = ("feed", "archive")
        return cls(
            polls=meter.counters_by(POLLS, "outcome"),
            poll_seconds=meter.histogram(POLL_SECONDS),
            items=meter.counters_by(ITEMS, "outcome"),
            from_feeds=meter.counter(ARTICLES, origin="feed"),
            from_pushes=meter.counter(ARTICLES, origin="push"),
            pushes={kind: meter.counters_by(PUSHES, "outcome", kind=kind) for kind in PUSHES.values["kind"]},
            received={kind: meter.counter(FETCHED_BYTES, kind=kind) for kind in kinds},
        )

    def fetched(self, kind: Kind, body: bytes | None) -> None:
        """Count the bytes of a response body."""
        self.received[kind].add(len(body or b""))
