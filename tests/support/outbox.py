"""An outbox without Kafka."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.kafka.records import Output
from dateline.settings import KafkaSettings
from dateline_ingest.http.outbox import Outbox, OutboxUnavailableError
from dateline_schemas import Article, FeedDelivery

__all__ = ["FakeOutbox"]


@dataclass(slots=True, kw_only=True)
class FakeOutbox(Outbox):
    """Records what is submitted, or fails as told."""

    name: str = "fake"
    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    failure: str | None = None
    late: bool = False
    written: list[Output] = field(default_factory=list)

    async def submit(self, outputs: Sequence[Output], seconds: float) -> None:
        if self.late:
            raise OutboxUnavailableError(f"Kafka did not confirm it within {seconds:g} s")
        self.written += outputs

    @property
    def articles(self) -> list[Article]:
        return [Article.from_bytes(output.value or b"") for output in self.written]

    @property
    def deliveries(self) -> list[FeedDelivery]:
        return [FeedDelivery.from_bytes(output.value or b"") for output in self.written]
