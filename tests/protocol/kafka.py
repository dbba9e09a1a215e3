"""A model of a broker: fencing, transactions, markers, and the offsets of one group."""

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.errors import InvalidTxnState, ProducerFenced
from dateline.kafka.offsets import Committed

__all__ = ["Batch", "Kafka", "Log", "Marker", "Transaction", "read", "shortened", "stable"]

Epoch = int


class Batch(NamedTuple):
    """Records of one produce request; without a `writer`, they were written outside any transaction."""

    writer: str | None
    records: tuple[tuple[bytes | None, bytes | None], ...]


class Marker(NamedTuple):
    """A transaction marker: the end of a writer's transaction in one partition."""

    writer: str
    committed: bool


Log = tuple[Batch | Marker, ...]


class Transaction(NamedTuple):
    """The coordinator's state of one transactional id."""

    epoch: Epoch = 1
    state: str = "empty"
    partitions: frozenset[TopicPartition] = frozenset()
    offsets: Committed | None = None


@dataclass(slots=True)
class Kafka:
    """A broker whose log survives restarts, and a group whose one input partition is assigned to `holder`.

    With `forgets_marks` it has the bug KAFKA-20734: a transaction that was decided when the broker was killed
    counts as complete afterwards, without markers. With `keeps_aborted` aborted batches stay in the logs for
    readers that are not `read_committed`.
    """

    holder: str = "A"
    committed: Committed | None = None
    logs: dict[TopicPartition, Log] = field(default_factory=dict)
    transactions: dict[str, Transaction] = field(default_factory=dict)
    forgets_marks: bool = False
    keeps_aborted: bool = False

    def copied(self) -> "Kafka":
        """Return a copy."""
        return Kafka(
            self.holder,
            self.committed,
            {**self.logs},
            {**self.transactions},
            self.forgets_marks,
            self.keeps_aborted,
        )

    def transaction(self, name: str) -> Transaction:
        return self.transactions.get(name, NOTHING)

    def log(self, partition: TopicPartition) -> Log:
        return self.logs.get(partition, ())

    def write(self, partition: TopicPartition, entry: Batch | Marker) -> None:
        self.logs[partition] = (*self.log(partition), entry)

    def is_busy(self, name: str) -> bool:
        """Return whether requests have to be retried, because markers of the last transaction are still missing."""
        return self.transaction(name).state in ("to commit", "to abort")

    def begin_epoch(self, name: str) -> Epoch | None:
        """Answer InitProducerId; None if an open transaction is aborted first, and the client has to retry."""
        held = self.transaction(name)
        if held.state == "open":
            self.expire(name)
            return None
        self.transactions[name] = held._replace(epoch=held.epoch + 1)
        return held.epoch + 1

    def produce(self, name: str, epoch: Epoch, partition: TopicPartition, records: Any) -> None:
        held = self._enter(name, epoch)
        self.transactions[name] = held._replace(partitions=held.partitions | {partition})
        self.write(partition, Batch(name, tuple(records)))

    def add_offsets(self, name: str, epoch: Epoch, offsets: Committed) -> None:
        self.transactions[name] = self._enter(name, epoch)._replace(offsets=offsets)

    def end(self, name: str, epoch: Epoch) -> None:
        held = self._holder(name, epoch)
        if held.state != "open":
            raise InvalidTxnState
        self._settle(name, held._replace(state="to commit"))

    def expire(self, name: str) -> None:
        """Abort a transaction that has timed out, and fence its writer."""
        held = self.transaction(name)
        self._settle(name, held._replace(epoch=held.epoch + 1, state="to abort"))

    def restart(self) -> None:
        """Restart after kill -9, with everything that was written."""
        for name, held in self.transactions.items():
            if self.forgets_marks and held.state in ("to commit", "to abort"):
                self.transactions[name] = Transaction(held.epoch)

    def mark(self, name: str, partition: TopicPartition | None) -> None:
        """Write one marker of a decided transaction: in `partition` or, if None, for the group's offsets."""
        held = self.transaction(name)
        commit = held.state == "to commit"
        if partition is None:
            self.committed = held.offsets if commit else self.committed
            self._settle(name, held._replace(offsets=None))
        else:
            self.write(partition, Marker(name, commit))
            self._settle(name, held._replace(partitions=held.partitions - {partition}))

    def unmarked(self, name: str) -> list[TopicPartition | None]:
        """Return the partitions (None: the offsets) where markers of a decided transaction are missing."""
        held = self.transaction(name)
        offsets: list[TopicPartition | None] = [None] if held.offsets is not None else []
        return [*sorted(held.partitions), *offsets] if self.is_busy(name) else []

    def _holder(self, name: str, epoch: Epoch) -> Transaction:
        held = self.transaction(name)
        if epoch != held.epoch:
            raise ProducerFenced
        return held

    def _enter(self, name: str, epoch: Epoch) -> Transaction:
        held = self._holder(name, epoch)
        assert held.state in ("empty", "open"), "clients retry while the transaction is being completed"
        return held._replace(state="open")

    def _settle(self, name: str, held: Transaction) -> None:
        complete = not held.partitions and held.offsets is None
        self.transactions[name] = held._replace(state="empty") if complete else held


NOTHING = Transaction()


@functools.cache
def read(log: Log, position: int = 0, *, committed: bool = True) -> tuple[Sequence[Any], int]:
    """Return `(offset, key, value)` from `position` to the first open transaction, and the next position."""
    end = stable(log) if committed else len(log)
    found = [
        (offset, key, value)
        for offset, entry in enumerate(log[:end])
        if offset >= position and isinstance(entry, Batch) and (not committed or _lives(log, offset))
        for key, value in entry.records
    ]
    return found, end


@functools.cache
def stable(log: Log) -> int:
    """Return the last stable offset: no open transaction begins before it."""
    return next(
        (n for n, e in enumerate(log) if isinstance(e, Batch) and e.writer and _end_of(log, n) is None),
        len(log),
    )


@functools.cache
def shortened(log: Log, spans: tuple[tuple[int, int], ...], *, has_readers: bool) -> tuple[Log, list[tuple[int, int]]]:
    """Remove from a log what no reader can notice; return the shorter log, and the `spans` in it.

    A span is the position of a reader and the end up to which it reads. A committed batch is replaced by one
    outside any transaction, which reads the same. Markers and aborted batches yield no records; a reader only
    has to read past them, which it does not notice if records come with the same answer. So between two
    positions that a reader can have, they are removed if there are records, and otherwise replaced by one empty
    batch. Without readers they are always removed.
    """
    places = sorted({0, stable(log), len(log), *(place for span in spans for place in span)})
    moved, short = {0: 0}, list[Batch | Marker]()
    for begin, end in itertools.pairwise(places):
        kept = [each for offset in range(begin, end) if (each := _as_read(log, offset)) is not None]
        short += kept or ([Batch(None, ())] if has_readers else [])
        moved[end] = len(short)
    return tuple(short), [(moved[begin], moved[end]) for begin, end in spans]


def _as_read(log: Log, offset: int) -> Batch | None:
    entry = log[offset]
    if isinstance(entry, Marker) or not entry.records:
        return None
    mark = _end_of(log, offset)
    if mark is None:
        return entry
    return Batch(None, entry.records) if mark.committed else None


def _lives(log: Log, offset: int) -> bool:
    mark = _end_of(log, offset)
    return mark is None or mark.committed


def _end_of(log: Log, offset: int) -> Marker | None:
    writer = log[offset].writer
    return next((each for each in log[offset:] if isinstance(each, Marker) and each.writer == writer), None)
