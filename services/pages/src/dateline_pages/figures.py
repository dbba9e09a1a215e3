"""What the pages service counts and measures, besides the figures of its group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from dateline.figures.catalog import ARTICLES, FETCHED_BYTES, PAGE_SECONDS, PAGES
from dateline.figures.meter import Counter, Histogram, Meter

__all__ = ["PageFigures"]

Kind = Literal["page", "robots", "sitemap"]
"""What is fetched; the rules of a site are `robots`, whichever file has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """The series of a process, which begin at zero; parts that share a meter share them.

    Attributes:
        pages: pages by outcome, counted when Kafka has committed what they changed.
        page_seconds: how long visits to pages took, with reading.
        from_pages: articles that were published as news, counted when they are committed.
        from_backfills: articles of backfills, counted when they are committed.
        received: bytes of response bodies as they came, by what was fetched, counted at once.
    """

    pages: Mapping[str, Counter]
    page_seconds: Histogram
    from_pages: Counter
    from_backfills: Counter
    received: Mapping[Kind, Counter]

    @classmethod
    def of(cls, meter: Meter | None = None) -> Self:
        """Return the series of a meter; without one, of a meter that nobody reads."""
        meter = Meter() if meter is None else meter
        kinds: tuple[Kind, ...] = ("page", "robots", "sitemap")
        return cls(
            pages=meter.counters_by(PAGES, "outcome"),
            page_seconds=meter.histogram(PAGE_SECONDS),
            from_pages=meter.counter(ARTICLES, origin="page"),
            from_backfills=meter.counter(ARTICLES, origin="backfill"),
            received={kind: meter.counter(FETCHED_BYTES, kind=kind) for kind in kinds},
        )

    def fetched(self, kind: Kind, body: bytes | None) -> None:
        """Count the bytes of a response body."""
        self.received[kind].add(len(body or b""))
