"""What a task remembers: a table that its changelog partition restores."""

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
"""Eight bytes of when it was written, in milliseconds since the epoch and big-endian, then a value on the wire.

One object for each entry instead of three, and such that entries are in the order of their times.
"""

STAMP_BYTES = 8
"""Length of the time in an `Entry`."""

SWEEPS = 32
"""How often in a lifetime the entries are removed whose own is over; each time takes 0.1 s for a million."""


class State(Generic[ValueT]):
    """A table from key to value; changes are seen at once and kept only when their batch commits.

    Values are kept as bytes, which is a third of what objects take. What a million entries of `seen` take is
    measured by `python -m bench.scale restore`.

    Args:
        model: the class of the values.
        lifetime: entries older than this are forgotten, as the changelog's retention does.
        clock: seconds since the epoch.
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
        """Return the value of `key`, or None where there is none or its lifetime is over.

        Args:
            key: the key.
            model: the class of this value, where it is not the table's: a table may keep parts of
                what belongs to a key under keys of their own.
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
        """Remember `value` under `key`, once the batch commits."""
        self._change(key, _stamp(self._now_ms()) + value.to_bytes())

    def delete(self, key: bytes) -> None:
        """Forget `key`, once the batch commits."""
        self._change(key, None)

    def savepoint(self) -> None:
        """Mark where `undo` goes back to: the beginning of a record's work."""
        self._journal.clear()

    def undo(self) -> None:
        """Take back the changes since the savepoint: the record failed half-way."""
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
        """Return key and value of each change since the last seal; None is a tombstone."""
        return _values(self._changes)

    def seal(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Set the changes apart that go into a transaction now, and return them; later ones are the next batch's.

        Sealed changes are seen like committed ones: if their transaction fails, the batch after it is dropped, too.
        """
        assert not self._sealed, "the transaction of the changes sealed before has not ended"
        self._sealed, self._changes = self._changes, {}
        self._journal.clear()
        return _values(self._sealed)

    def keep(self) -> None:
        """Keep the sealed changes: their transaction is committed."""
        for key, entry in self._sealed.items():
            if entry is None:
                self._entries.pop(key, None)
            else:
                self._entries[key] = entry
        self._sealed = {}
        self._sweep()

    def commit(self) -> None:
        """Seal and keep at once, where there is no transaction to wait for."""
        self.seal()
        self.keep()

    def rollback(self) -> None:
        """Drop the changes, sealed ones included: their transaction was not committed."""
        self._changes.clear()
        self._sealed = {}
        self._journal.clear()

    def hand_over(self) -> "State[ValueT]":
        """Return the committed table as a new state, and keep nothing.

        A function that runs in a thread cannot be stopped: one that outlives its task still holds this
        state, and what it changes there must not get into the batches of the next task.
        """
        heir = State(self._model, clock=self._clock)
        heir._lifetime_ms, heir._swept_ms = self._lifetime_ms, self._swept_ms
        heir._entries, self._entries = self._entries, {}
        self.rollback()
        return heir

    def largest_change(self) -> int:
        """Return the bytes of the largest key and value that were changed since the savepoint."""
        changed = ((key, self._changes.get(key)) for key, _, _ in self._journal)
        return max((len(key) + len(entry) - STAMP_BYTES for key, entry in changed if entry is not None), default=0)

    def restore(self, records: Iterable[Record]) -> None:
        """Take over records of the changelog, oldest first."""
        entries, oldest = self._entries, self._oldest()
        for record in records:
            if record.key is None:
                continue
            if record.value is None or (entry := _stamp(record.timestamp) + record.value) < oldest:
                entries.pop(record.key, None)
            else:
                entries[record.key] = entry

    def keys(self) -> Iterator[bytes]:
        """Return the keys of the committed table; they must not change meanwhile."""
        return iter(self._entries)

    def snapshot(self) -> Mapping[bytes, bytes]:
        """Return a copy of the committed table, as bytes."""
        return {key: entry[STAMP_BYTES:] for key, entry in self._entries.items()}

    def _oldest(self) -> bytes:
        """Return what the entries whose lifetime is over are below."""
        return b"" if self._lifetime_ms is None else _stamp(self._now_ms() - self._lifetime_ms)

    def _sweep(self) -> None:
        """Remove what nobody can see any more, now and then: a replica may run for longer than an entry lives."""
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
    # A record without a timestamp has -1, and a clock may stand before the epoch.
    return max(milliseconds, 0).to_bytes(STAMP_BYTES, "big")
