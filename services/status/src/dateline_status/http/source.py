"""The source of the answers."""

from collections.abc import Sequence
from typing import Protocol

from dateline_status.articles.journey import Journey
from dateline_status.articles.trail import ArticleTrail
from dateline_status.report import LivenessReport, StatusReport

__all__ = ["StatusSource"]


class StatusSource(Protocol):
    """The source of the answers; only `journey` and `trail` wait for Kafka."""

    def report(self) -> StatusReport:
        """Return the health of the pipeline."""
        ...

    def live(self) -> LivenessReport:
        """Return whether the service itself makes progress."""
        ...

    def ready(self) -> LivenessReport:
        """Return whether there is a fresh snapshot of Kafka."""
        ...

    async def journey(self, key: str) -> Journey:
        """Return where the article with id `key` is."""
        ...

    async def trail(self, key: str, positions: Sequence[tuple[int, int]] = ()) -> ArticleTrail:
        """Return where the article with id `key` is, and its records; `positions` are those that are known."""
        ...
