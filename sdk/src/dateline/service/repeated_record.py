"""A record about an instance that is written to a topic at intervals."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from dateline_schemas import Figures, Heartbeat, Topic
from dateline_schemas.headers import event_headers

from dateline.kafka.topics import has_topic
from dateline.log import get_logger
from dateline.settings import KafkaSettings

__all__ = ["RepeatedRecord"]

log = get_logger("dateline.heartbeat")


@dataclass(slots=True, kw_only=True)
class RepeatedRecord:
    """A record about an instance that is written to a topic at intervals.

    Attributes:
        topic: the topic.
        make: returns the record with its current values.
        interval_seconds: the time between two of them.
        may_lack: whether a cluster may lack the topic, as those that were set up for an earlier version do.
        due_at: when the next one is due, in seconds of `clock`.
        clock: the current time in seconds.
    """

    topic: Topic
    make: Callable[[], Heartbeat | Figures]
    interval_seconds: float
    may_lack: bool = False
    due_at: float = 0.0
    clock: Callable[[], float] = time.monotonic
    _is_known: bool = False
    _is_missed: bool = False

    @property
    def seconds_left(self) -> float:
        """The seconds until the next record is due."""
        return max(0.0, self.due_at - self.clock())

    async def write(self, producer: AIOKafkaProducer, kafka: KafkaSettings) -> None:
        """Write the record now; where the cluster may lack the topic and does, that is logged once.

        Raises:
            KafkaError: a broker refuses it or does not answer.
        """
        self.due_at = self.clock() + self.interval_seconds
        name = self.topic.named(kafka.topic_prefix)
        if self.may_lack and not self._is_known:
            # A producer would ask for the topic again and again, and a broker might create it with its own settings.
            self._is_known = await has_topic(producer.client, name)
            if not self._is_known:
                self._miss(name)
                return
        record = self.make()
        key = f"{record.service}/{record.instance}"
        source = kafka.event_source(record.service)
        headers = event_headers(self.topic, id=f"{key}/{record.at.isoformat()}", source=source, time=record.at)
        self._is_known = False
        await producer.send_and_wait(name, key=key.encode(), value=record.to_bytes(), headers=headers)
        self._is_known = True

    def _miss(self, name: str) -> None:
        if not self._is_missed:
            self._is_missed = True
            log.warning(
                "figures are not published, so the dashboard has gaps: the topic is missing, or this service may not "
                "see it; `dateline topics` creates it",
                topic=name,
            )
