"""The state of a task: a table that is restored from its changelog partition."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Generic, TypeVar, overload

from dateline_schemas.contract import Contract

from dateline.kafka.records import Record

__all__ = ["State"]


ValueT = TypeVar("ValueT", bound=Contract)
PartT = TypeVar("PartT", bound=Contract)

Entry = bytes
"""The time of writing as 8 bytes (milliseconds since the epoch, big-endian), followed by the serialized value.

One object per entry instead of three, and entries compare in the order of their times.
"""

STAMP_BYTES = 8
"""Length of the time at the beginning of an `Entry`."""

SWEEPS = 32
"""Expired entries are swept this many times per lifetime; one sweep takes 0.1 s for a million entries."""


class State(Generic[ValueT]):
    """A table from keys to values. A change is visible at once, and permanent when its batch is committed.

    Values are stored serialized, which takes a third of the memory of objects. `python -m bench.scale restore`
    measures the memory of a million entries of `seen`.

    Args:
        model: the class of the values.
        lifetime: entries older than this have expired, as in the changelog, whose retention is the same.
        clock: returns seconds since the epoch.
    """

    def __init__(
        self,
        model: type[ValueT],
        lifetime: timedelta | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._model = model
        self._clock = clock
        self._lifetime_ms = None if lifetime is None else int(lifetime.total_seconds() * 1000)
        self._swept_ms = self._now_ms()
        self._entries: dict[bytes, Entry] = {}
        self._changes: dict[bytes, Entry | None] = {}
        self._sealed: Mapping[bytes, Entry | None] = {}
        self._journal: list[tuple[bytes, bool, Entry | None]] = []

    @overload
    def get(self, key: bytes) -> ValueT | None: ...

    @overload
    def get(self, key: bytes, model: type[PartT]) -> PartT | None: ...

    def get(self, key: bytes, model: type[Any] | None = None) -> Any:
        """Return the value of `key`, or None if it is missing or has expired.

        Args:
            key: the key.
            model: the class of this value; None means the table's. A table may store parts of a value under
                keys of their own.
        """
        for changes in (self._changes, self._sealed, self._entries):
            if key in changes:
                entry = changes[key]
                break
        else:
            return None
        if entry is None or entry < self._oldest():
            return None
        return (model or self._model).from_bytes(entry[STAMP_BYTES:])

    def put(self, key: bytes, value: Contract) -> None:
        """Set the value of `key`, permanently once the batch is committed."""
        self._change(key, _stamp(self._now_ms()) + value.to_bytes())

    def delete(self, key: bytes) -> None:
        """Remove `key`, permanently once the batch is committed."""
        self._change(key, None)

    def savepoint(self) -> None:
        """Set the point that `undo` returns to: the start of work on a record."""
        self._journal.clear()

    def undo(self) -> None:
        """Revert the changes since the savepoint, after work on a record failed."""
        for key, was_there, before in reversed(self._journal):
            if was_there:
                self._changes[key] = before
            else:
                del self._changes[key]
        self._journal.clear()

    def _change(self, key: bytes, entry: Entry | None) -> None:
        self._journal.append((key, key in self._changes, self._changes.get(key)))
        self._changes[key] = entry

    def changes(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Return the key and value of each change since the last `seal`; None as a value is a tombstone."""
        return _values(self._changes)

    def seal(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Return the changes for the transaction that begins now; later changes belong to the next batch.

        Sealed changes are visible like committed ones. If their transaction fails, the next batch is dropped as well.
        """
        assert not self._sealed, "seal during the transaction of the last sealed changes"
        self._sealed, self._changes = self._changes, {}
        self._journal.clear()
        return _values(self._sealed)

    def keep(self) -> None:
        """Make the sealed changes permanent, after their transaction was committed."""
        for key, entry in self._sealed.items():
            if entry is None:
                self._entries.pop(key, None)
            else:
                self._entries[key] = entry
        self._sealed = {}
        self._sweep()

    def commit(self) -> None:
        """Seal and keep in one step, where no transaction is involved."""
        self.seal()
        self.keep()

    def rollback(self) -> None:
        """Drop all changes that are not permanent, including sealed ones."""
        self._changes.clear()
        self._sealed = {}
        self._journal.clear()

    def hand_over(self) -> "State[ValueT]":
        """Move the committed table into a new state and return that; this state is empty afterwards.

        A function in a thread cannot be stopped. One that outlives its task still holds this state, and its changes
        must not get into the batches of the next task.
        """
        heir = State(self._model, clock=self._clock)
        heir._lifetime_ms, heir._swept_ms = self._lifetime_ms, self._swept_ms
        heir._entries, self._entries = self._entries, {}
        self.rollback()
        return heir

    def largest_change(self) -> int:
        """Return the size in bytes of the largest entry that was changed since the savepoint, key included."""
        changed = ((key, self._changes.get(key)) for key, _, _ in self._journal)
        return max((len(key) + len(entry) - STAMP_BYTES for key, entry in changed if entry is not None), default=0)

    def restore(self, records: Iterable[Record]) -> None:
        """Apply records of the changelog, oldest first."""
        entries, oldest = self._entries, self._oldest()
        for record in records:
            if record.key is None:
                continue
            if record.value is None or (entry := _stamp(record.timestamp) + record.value) < oldest:
                entries.pop(record.key, None)
            else:
                entries[record.key] = entry

    def keys(self) -> Iterator[bytes]:
        """Return the keys of the committed table, which must not change during the iteration."""
        return iter(self._entries)

    def snapshot(self) -> Mapping[bytes, bytes]:
        """Return a copy of the committed table, with serialized values."""
        return {key: entry[STAMP_BYTES:] for key, entry in self._entries.items()}

    def _oldest(self) -> bytes:
        """Return a bound: smaller entries have expired."""
        return b"" if self._lifetime_ms is None else _stamp(self._now_ms() - self._lifetime_ms)

    def _sweep(self) -> None:
        """Remove expired entries, at intervals: a replica may run for longer than an entry's lifetime."""
        if self._lifetime_ms is None or self._now_ms() - self._swept_ms < self._lifetime_ms / SWEEPS:
            return
        oldest, self._swept_ms = self._oldest(), self._now_ms()
        for key in [key for key, entry in self._entries.items() if entry < oldest]:
            del self._entries[key]

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)

    def __len__(self) -> int:
        return len(self._entries)


def _values(changes: Mapping[bytes, Entry | None]) -> Iterator[tuple[bytes, bytes | None]]:
    return ((key, None if entry is None else entry[STAMP_BYTES:]) for key, entry in changes.items())


def _stamp(milliseconds: int) -> bytes:
    # A record without a timestamp has -1, and a wrong clock may be before the epoch.
    return max(milliseconds, 0).to_bytes(STAMP_BYTES, "big")
