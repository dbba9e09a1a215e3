"""A sink whose target is a dictionary in memory, for tests of the runner; it fails when it is told to."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from dateline.errors import BatchError, FencedError, PermanentError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

__all__ = ["MemorySink", "MemoryTarget"]

Fault = Callable[[SinkBatch], Coroutine[Any, Any, None]]


@dataclass
class MemoryPlace:
    """What the target keeps for a place."""

    cluster_id: str
    epoch: int = 0
    position: int | None = None


@dataclass
class MemoryTarget:
    """The target: every record that was written, and the positions."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    places: dict[tuple[str, str, int], MemoryPlace] = field(default_factory=dict)
    opened: int = 0
    batches: list[SinkBatch] = field(default_factory=list)
    refuses: Callable[[str], bool] = lambda _id: False
    names_refused: bool = False
    before: list[Fault] = field(default_factory=list)
    """What happens before the next writes, one for each; an error is raised instead of writing."""
    after: list[Fault] = field(default_factory=list)
    """What happens after the next writes; an error then hides that the batch was written."""
    opening: list[Exception] = field(default_factory=list)
    """The errors of the next openings."""

    @property
    def ids(self) -> list[str]:
        return [each for each, _title in self.rows]


@dataclass
class MemorySink:
    """Keeps its promise by the same steps as a database: raise the epoch, then read the position; check both."""

    target: MemoryTarget
    place: MemoryPlace | None = None
    epoch: int = 0

    async def open(self, place: SinkPlace) -> int | None:
        self.target.opened += 1
        if self.target.opening:
            raise self.target.opening.pop(0)
        key = (place.group, place.topic, place.partition)
        self.place = self.target.places.setdefault(key, MemoryPlace(place.cluster_id))
        place.check_cluster(self.place.cluster_id)
        self.place.epoch += 1
        self.epoch = self.place.epoch
        return self.place.position

    async def write(self, batch: SinkBatch) -> None:
        assert self.place is not None
        if self.target.before:
            await self.target.before.pop(0)(batch)
        if self.epoch != self.place.epoch or self.place.position not in (None, batch.first_offset):
            raise FencedError("another owner has opened the place")
        refused = {n: ValueError(each.article.id) for n, each in enumerate(batch.records) if self._refuses(each)}
        if refused:
            raise BatchError(refused) if self.target.names_refused else PermanentError("the target refuses it")
        self.target.rows += [(each.article.id, each.article.article.title) for each in batch.records]
        self.target.batches.append(batch)
        self.place.position = batch.next_offset
        if self.target.after:
            await self.target.after.pop(0)(batch)

    async def close(self) -> None:
        self.place = None

    def _refuses(self, record: Any) -> bool:
        return self.target.refuses(record.article.id)
