"""What Kafka does for one transactional id at a time: fencing, transactions, marks, offsets of a group."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.errors import InvalidTxnState, ProducerFenced
from dateline.offsets import Committed

__all__ = ["Batch", "Kafka", "Mark", "Transaction"]

Epoch = int


class Batch(NamedTuple):
    """Records of one produce; `writer` None wrote them outside any transaction."""

    writer: str | None
    records: tuple[tuple[bytes | None, bytes | None], ...]


class Mark(NamedTuple):
    """The end of a writer's transaction in one partition."""

    writer: str
    committed: bool


@dataclass(slots=True)
class Transaction:
    """What the coordinator knows of one transactional id."""

    epoch: Epoch = 0
    state: str = "empty"
    partitions: set[TopicPartition] = field(default_factory=set)
    offsets: Committed | None = None


@dataclass(slots=True)
class Kafka:
    """One broker that keeps its log over a restart, and one group with one input partition.

    `forgets_marks` is KAFKA-20734: a transaction that is decided when the broker is killed is
    taken for complete afterwards, without marks.
    """

    committed: Committed | None = None
    logs: dict[TopicPartition, list[Batch | Mark]] = field(default_factory=dict)
    transactions: dict[str, Transaction] = field(default_factory=dict)
    forgets_marks: bool = False

    def transaction(self, name: str) -> Transaction:
        return self.transactions.setdefault(name, Transaction())

    def log(self, partition: TopicPartition) -> list[Batch | Mark]:
        return self.logs.setdefault(partition, [])

    def is_busy(self, name: str) -> bool:
        """Whether clients are told to come again: the last transaction's marks are being written."""
        return self.transaction(name).state in ("to commit", "to abort")

    def begin_epoch(self, name: str) -> Epoch | None:
        """Answer InitProducerId; None: an open transaction is aborted first, and the client asks again."""
        held = self.transaction(name)
        held.epoch += 1
        if held.state == "open":
            self._decide(held, commit=False)
            return None
        return held.epoch

    def produce(self, name: str, epoch: Epoch, partition: TopicPartition, records: Any) -> None:
        self._enter(name, epoch).partitions.add(partition)
        self.log(partition).append(Batch(name, tuple(records)))

    def add_offsets(self, name: str, epoch: Epoch, offsets: Committed) -> None:
        self._enter(name, epoch).offsets = offsets

    def end(self, name: str, epoch: Epoch) -> None:
        held = self._holder(name, epoch)
        if held.state != "open":
            raise InvalidTxnState
        self._decide(held, commit=True)

    def expire(self, name: str) -> None:
        """Abort a transaction that has been open for too long; its writer is fenced."""
        held = self.transaction(name)
        held.epoch += 1
        self._decide(held, commit=False)

    def restart(self) -> None:
        """Come back from kill -9: everything that was written is there."""
        for held in self.transactions.values():
            if self.forgets_marks and held.state in ("to commit", "to abort"):
                held.state, held.offsets = "empty", None
                held.partitions.clear()

    def mark(self, name: str, partition: TopicPartition | None) -> None:
        """Write one mark of a decided transaction: in `partition`, or (None) the group's offsets."""
        held = self.transaction(name)
        commit = held.state == "to commit"
        if partition is None:
            self.committed = held.offsets if commit else self.committed
            held.offsets = None
        else:
            held.partitions.remove(partition)
            self.log(partition).append(Mark(name, commit))
        self._complete(held)

    def unmarked(self, name: str) -> list[TopicPartition | None]:
        """Return where marks of a decided transaction are still missing."""
        held = self.transaction(name)
        offsets: list[TopicPartition | None] = [None] if held.offsets is not None else []
        return [*sorted(held.partitions), *offsets] if self.is_busy(name) else []

    def read(self, partition: TopicPartition, position: int = 0, *, committed: bool = True) -> tuple[list[Any], int]:
        """Return `(offset, key, value)` from `position` on, and the next position; up to the first open transaction."""
        log = self.log(partition)
        end = self.stable(partition) if committed else len(log)
        found = [
            (offset, key, value)
            for offset, entry in enumerate(log[:end])
            if offset >= position and isinstance(entry, Batch) and (not committed or self._lives(log, offset))
            for key, value in entry.records
        ]
        return found, end

    def stable(self, partition: TopicPartition) -> int:
        """Return the last stable offset: no transaction that is open begins below it."""
        log = self.log(partition)
        return next(
            (n for n, e in enumerate(log) if isinstance(e, Batch) and e.writer and self._end_of(log, n) is None),
            len(log),
        )

    def _lives(self, log: list[Batch | Mark], offset: int) -> bool:
        mark = self._end_of(log, offset)
        return mark is None or mark.committed

    def _end_of(self, log: list[Batch | Mark], offset: int) -> Mark | None:
        writer = log[offset].writer
        return next((each for each in log[offset:] if isinstance(each, Mark) and each.writer == writer), None)

    def _holder(self, name: str, epoch: Epoch) -> Transaction:
        held = self.transaction(name)
        if epoch != held.epoch:
            raise ProducerFenced
        return held

    def _enter(self, name: str, epoch: Epoch) -> Transaction:
        held = self._holder(name, epoch)
        assert held.state in ("empty", "open"), "a client that is told to come again"
        held.state = "open"
        return held

    def _decide(self, held: Transaction, *, commit: bool) -> None:
        held.state = "to commit" if commit else "to abort"
        self._complete(held)

    def _complete(self, held: Transaction) -> None:
        if not held.partitions and held.offsets is None:
            held.state = "empty"
