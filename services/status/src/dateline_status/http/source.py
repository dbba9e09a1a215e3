"""The source of the answers."""

from typing import Protocol

from dateline_status.articles.journey import Journey
from dateline_status.report import LivenessReport, StatusReport

__all__ = ["StatusSource"]


class StatusSource(Protocol):
    """The source of the answers; only `journey` waits for Kafka."""

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
