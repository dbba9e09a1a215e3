"""The records behind the position that have a dead letter already, kept with the group's offset in Kafka."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from dateline.runtime.dead_letter_limit import DeadLetterCount

__all__ = ["BuriedRecords"]

MOST = 200
"""At most this many are remembered, for which a broker's usual limit on metadata has room (4,096 bytes)."""


@dataclass(frozen=True, slots=True)
class BuriedRecords:
    """Offsets at or after the position whose dead letters are written.

    They are committed in the transaction of the letters. So a batch that is tried again, because the target failed
    after the letters were written, neither writes nor counts them again.
    """

    offsets: frozenset[int] = frozenset()

    @classmethod
    def read(cls, metadata: str) -> "BuriedRecords":
        """Return what committed `metadata` says; nothing if it holds anything else."""
        try:
            return cls(frozenset(int(each) for each in json.loads(metadata)["letters"]))
        except (ValueError, TypeError, KeyError, OverflowError):
            return cls()

    def add(self, offsets: Iterable[int], position: int) -> "BuriedRecords":
        """Return those at or after `position`, with further ones; the first of too many are kept."""
        kept = sorted(each for each in self.offsets.union(offsets) if each >= position)
        return BuriedRecords(frozenset(kept[:MOST]))

    def metadata(self, count: DeadLetterCount, position: int) -> str:
        """Return those at or after `position`, and a count of dead letters, as text to commit with the offset."""
        kept = sorted(each for each in self.offsets if each >= position)
        counted = json.loads(count.metadata())
        return json.dumps({**counted, "letters": kept} if kept else counted, separators=(",", ":"))
