"""Finds the offset at which a task starts reading, and refuses one whose records are lost."""

import getpass
import shlex
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import TopicPartition
from dateline_schemas import GroupOffset

from dateline.errors import OffsetsLostError, TransientError
from dateline.kafka.offsets import Committed, OffsetReader
from dateline.kafka.reader import deleted, read_to_end
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.log import get_logger
from dateline.runtime.plan import TaskPlan
from dateline.settings import KafkaSettings

__all__ = ["StartingPoint"]

log = get_logger("dateline.task")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPoint:
    """The place of a group in one partition."""

    plan: TaskPlan
    partition: TopicPartition
    kafka: KafkaSettings
    offsets: OffsetReader
    client_id: str

    async def committed(self, writer: TransactionalWriter) -> Committed:
        """Return the committed offset; a new group gets its first one, and a marker that it was given one.

        Args:
            writer: the writer of the partition's owner, which has fenced the previous owner.

        Raises:
            OffsetsLostError: the group has a marker but no offset.
        """
        committed = (await self.offsets.committed(self.plan.group, [self.partition]))[self.partition]
        if committed is not None:
            return committed
        marker = GroupOffset.key_of(self.plan.group, self.partition.topic, self.partition.partition)
        # A table is read from its beginning whatever the offset is, so a lost offset loses nothing.
        if not self.plan.reread and await self._was_created(marker):
            raise OffsetsLostError(
                f"group {self.plan.group} had offsets on {self.partition.topic}[{self.partition.partition}], and they "
                f"are gone (expired or deleted); `dateline groups reset {self.plan.group} --to earliest|latest` "
                f"sets new ones"
            )
        return await self.begin(writer, await self.chosen())

    async def first_offset(self, next_offset: int) -> int:
        """Return the offset to read from: `next_offset`, or the partition's beginning where the input is a table.

        Raises:
            RecordsDeletedError: retention deleted records that the group had not read.
            TransientError: the partition ends before `next_offset`.
        """
        begin = (await self.offsets.beginnings([self.partition]))[self.partition]
        if self.plan.reread:
            return begin
        if begin > next_offset:
            raise deleted(self.partition, next_offset, begin, self.plan.remedy)
        end = (await self.offsets.ends([self.partition]))[self.partition]
        if end < next_offset:
            raise TransientError(
                f"{self.partition.topic}[{self.partition.partition}] ends at {end}, before the committed offset "
                f"{next_offset}: the topic was deleted and created again, or its leader is not available yet"
            )
        return next_offset

    async def chosen(self) -> int:
        """Return the offset at which a new group begins."""
        return await self.offsets.start(self.partition, self.plan.start)

    async def begin(self, writer: TransactionalWriter, offset: int) -> Committed:
        """Commit the first offset of a new group, and the marker that it was given one."""
        first = Committed(offset)
        created = GroupOffset(
            group=self.plan.group,
            topic=self.partition.topic,
            partition=self.partition.partition,
            offset=first.offset,
            created=datetime.now(UTC),
            role=self.plan.purpose,
            host=socket.gethostname(),
            user=_user(),
            program=_program(),
            changelog=self.plan.changelog.topic if self.plan.changelog else None,
            output=self.plan.output,
        )
        key, value = created.to_record()
        output = Output(topic=self.plan.groups_topic, key=key, value=value, partition=0)
        await writer.commit([output], self.plan.group, {self.partition: first})
        where = f"{self.plan.group}-{self.partition.topic}-{self.partition.partition}"
        log.info("a new group begins", group=self.plan.group, partition=where, offset=first.offset)
        return first

    async def _was_created(self, marker: bytes) -> bool:
        created = False
        async for records in read_to_end(
            self.kafka,
            TopicPartition(self.plan.groups_topic, 0),
            client_id=self.client_id,
            offsets=self.offsets,
        ):
            for record in records:
                if record.key == marker:
                    created = record.value is not None
        return created


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return None


def _program() -> str:
    """Return what was started, without values that may be secret: the command and its first two words."""
    name = Path(sys.argv[0]).name
    if name == "__main__.py":
        name = f"python -m {Path(sys.argv[0]).parent.name}"
    words = [each for each in sys.argv[1:3] if not each.startswith("-") and "://" not in each]
    return shlex.join([*name.split(), *words])[:200]
