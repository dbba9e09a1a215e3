"""Known mistakes in the protocol, each as small as possible; the search has to find them all."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, cast
from unittest import mock

from aiokafka import TopicPartition
from dateline.errors import TransientError
from dateline.kafka.offsets import Committed
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.runtime.batches import Commits
from dateline.runtime.task import KeptState, Task
from protocol.clients import Consumer, Request, here
from protocol.kafka import Batch, Kafka
from protocol.process import CHANGELOG

__all__ = ["MUTANTS"]

Mutant = Callable[[], contextlib.AbstractContextManager[Any]]


async def ask(kind: str, answer: Callable[[Kafka, int], Any], content: Any) -> None:
    """Change the broker outside any transaction."""
    request: Request = here().post(kind, answer, content=content, writes=True)
    await request.future


@contextlib.contextmanager
def fence_after_reading_the_offset() -> Iterator[None]:
    opened = Task._open
    earlier: ContextVar[Committed] = ContextVar("earlier")

    async def late(self: Task, kept: KeptState | None) -> None:
        # The group has an offset, so nothing is written.
        earlier.set(await self._starting_point().committed(cast(TransactionalWriter, self._writer)))
        await opened(self, kept)

    async def committed(_: Task) -> Committed:
        return earlier.get()

    with mock.patch.object(Task, "_open", late), mock.patch.object(Task, "_committed", committed):
        yield


def offsets_outside_the_transaction() -> Any:
    real = TransactionalWriter.commit

    async def commit(
        self: TransactionalWriter, outputs: Sequence[Output], group: str, offsets: Mapping[TopicPartition, Committed]
    ) -> None:
        await real(self, outputs, group, {})
        for found in offsets.values():
            await ask("commit offsets", lambda kafka, _: setattr(kafka, "committed", found), found)  # noqa: B023

    return mock.patch.object(TransactionalWriter, "commit", commit)


def changelog_outside_the_transaction() -> Any:
    real = TransactionalWriter.commit

    async def commit(
        self: TransactionalWriter, outputs: Sequence[Output], group: str, offsets: Mapping[TopicPartition, Committed]
    ) -> None:
        changes = tuple((each.key, each.value) for each in outputs if each.topic == CHANGELOG.topic)
        if changes:
            await ask("write changelog", lambda kafka, _: kafka.write(CHANGELOG, Batch(None, changes)), changes)
        await real(self, [each for each in outputs if each.topic != CHANGELOG.topic], group, offsets)

    return mock.patch.object(TransactionalWriter, "commit", commit)


def an_id_for_each_replica() -> Any:
    """Name transactional ids after processes, so that the next owner of a partition does not fence the previous one."""
    return mock.patch.object(Task, "name", property(lambda self: f"{self.plan.group}-{self.client_id}"))


def _after_doubt(handle: Callable[[Task, Any], Any]) -> Any:
    real = TransactionalWriter.commit

    async def commit(self: Task, outputs: Sequence[Output], **more: Any) -> None:
        assert self.state is not None
        records = [*outputs, *self._sealed_state()]
        offsets = {self.partition: Committed(more["next_offset"], more["metadata"])}
        assert self._writer is not None
        try:
            await self._writer.commit(records, self.plan.group, offsets)
        except TransientError:
            self._writer = await TransactionalWriter.open(self.kafka, self.name, self.client_id)
            await handle(self, lambda: real(self._writer, records, self.plan.group, offsets))
        self.state.keep()
        self.next_offset = more["next_offset"]
        self.progress.transactions += 1

    return mock.patch.object(Task, "commit", commit)


def a_doubtful_commit_taken_as_failed() -> Any:
    async def again(_: Task, commit: Any) -> None:
        await commit()

    return _after_doubt(again)


def a_doubtful_commit_taken_as_done() -> Any:
    async def go_on(_: Task, commit: Any) -> None: ...

    return _after_doubt(go_on)


def state_kept_after_a_doubtful_commit() -> Any:
    real = Task.close

    async def close(self: Task) -> KeptState | None:
        self._in_doubt = False
        return await real(self)

    return mock.patch.object(Task, "close", close)


def the_batch_after_a_failed_commit_goes_on() -> Any:
    async def end(self: Commits) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            with contextlib.suppress(Exception):
                await under_way
                return
            task = self._task
            assert task.state is not None
            # It continues with a new writer, as if nothing had happened.
            task.state._sealed = {}
            task._writer = await TransactionalWriter.open(task.kafka, task.name, task.client_id)

    return mock.patch.object(Commits, "end", end)


def state_sealed_when_the_commit_has_come_far() -> Any:
    """Seal the state late, so that changes of the next batch get into this transaction."""
    real = Task.commit

    async def commit(self: Task, outputs: Sequence[Output], **more: Any) -> None:
        await here().post("a moment", lambda _, __: None).future
        await real(self, outputs, **more)

    return mock.patch.object(Task, "commit", commit)


def an_offset_that_is_not_there_while_the_coordinator_loads() -> Any:
    real = Task._committed

    async def committed(self: Task) -> Committed:
        try:
            return await real(self)
        except Exception:  # noqa: BLE001 - aiokafka does so on any top-level error
            return Committed(0)

    return mock.patch.object(Task, "_committed", committed)


@contextlib.contextmanager
def a_changelog_read_with_what_was_aborted() -> Iterator[None]:
    made: Any = Consumer

    def uncommitted(**options: Any) -> Any:
        return made(**options | {"isolation_level": "read_uncommitted"})

    with (
        mock.patch("dateline.kafka.reader.AIOKafkaConsumer", uncommitted),
        mock.patch("protocol.world.Kafka", partial(Kafka, keeps_aborted=True)),
    ):
        yield


def a_broker_that_forgets_marks() -> Any:
    """Use a broker with the bug KAFKA-20734."""
    return mock.patch("protocol.world.Kafka", partial(Kafka, forgets_marks=True))


MUTANTS: dict[str, Mutant] = {
    each.__name__: each
    for each in (
        fence_after_reading_the_offset,
        offsets_outside_the_transaction,
        changelog_outside_the_transaction,
        an_id_for_each_replica,
        a_doubtful_commit_taken_as_failed,
        a_doubtful_commit_taken_as_done,
        state_kept_after_a_doubtful_commit,
        the_batch_after_a_failed_commit_goes_on,
        state_sealed_when_the_commit_has_come_far,
        an_offset_that_is_not_there_while_the_coordinator_loads,
        a_changelog_read_with_what_was_aborted,
        a_broker_that_forgets_marks,
    )
}
