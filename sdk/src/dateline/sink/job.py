"""The work of a sink's group: a sink for each partition that the group assigns to this process."""

import asyncio
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError

from dateline.errors import DatelineError, PermanentError, StageError, TargetEndedError, TransientError
from dateline.log import get_logger
from dateline.runtime.task import Task
from dateline.settings import RuntimeSettings
from dateline.sink.configured import ConfiguredSink
from dateline.sink.kinds import missing
from dateline.sink.partition import SinkPartition
from dateline.sink.place import SinkPlace
from dateline.sink.sink import Sink
from dateline.sink.target_writer import TargetWriter
from dateline.sink.totals import SinkTotals
from dateline.tracing.span import NO_TRACER, Tracer

__all__ = ["SinkJob"]

log = get_logger("dateline.sink")


@dataclass(slots=True, kw_only=True)
class SinkJob:
    """Runs a sink on each partition; implements `Job` of the runtime.

    The runtime has opened the task before, which fences the previous owner's dead letters in Kafka. The sink then
    fences its writes in the target, and only then is the position read.
    """

    sink: ConfiguredSink
    runtime: RuntimeSettings
    prefix: str
    owner: str
    totals: SinkTotals
    tracer: Tracer = NO_TRACER
    _prepared: bool = False
    _preparing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, task: Task, released: asyncio.Event) -> None:
        """Write the records of the task's partition until `released` is set.

        Raises:
            StageError: the sink has to stop.
            TransientError: the target or Kafka does not answer, or another owner has the partition.
        """
        # The last error is shown until a write succeeds: opening the target again does not end the trouble.
        task.progress.retrying = self.totals.trouble.get(task.partition)
        try:
            await self._prepare()
            await self._partition(task, await task.offsets.cluster_id()).run(released)
        except (TransientError, KafkaError, OSError) as error:
            self.totals.trouble[task.partition] = f"{type(error).__name__}: {error}"
            raise
        except TargetEndedError as error:
            self.totals.ended = str(error)
            raise
        except ImportError as error:
            raise StageError(str(missing(self.sink.name, error))) from error

    async def _prepare(self) -> None:
        prepare = self.sink.kind.prepare
        async with self._preparing:
            if prepare is None or self._prepared:
                return
            try:
                await prepare(self.sink.target, self.sink.options)
            except PermanentError as error:
                raise StageError(f"the target {self.sink.shown}: {error}") from error
            self._prepared = True

    def _partition(self, task: Task, cluster_id: str) -> SinkPartition:
        place = SinkPlace(
            cluster_id=cluster_id,
            group=self.sink.group,
            topic=task.partition.topic,
            partition=task.partition.partition,
            owner=self.owner,
        )
        writer = TargetWriter(
            task=task,
            make=self._make,
            place=place,
            keeps_position=self.sink.kind.keeps_position,
            skip_deleted=self.sink.skip_deleted,
            stage=self.sink.name,
            prefix=self.prefix,
            runtime=self.runtime,
            totals=self.totals,
            tracer=self.tracer,
        )
        return SinkPartition(
            task=task,
            writer=writer,
            topic=self.sink.topic,
            where=self.sink.where,
            limits=self.sink.limits,
            totals=self.totals,
        )

    def _make(self) -> Sink:
        try:
            return self.sink.make()
        except DatelineError as error:
            raise StageError(str(error)) from error
