"""The limit on dead letters: a bad release must not drain a topic, and neither must its restarts."""

import json
from dataclasses import dataclass

from dateline.errors import DeadLetterLimitError
from dateline.settings import RuntimeSettings

__all__ = ["DeadLetterCount"]


@dataclass(frozen=True, slots=True)
class DeadLetterCount:
    """How many of a partition's recent records became dead letters.

    It is committed as the text beside the offset, so that it outlives the process: were it only in
    memory, each restart would spoil records anew before it reached the limit.
    """

    records: int = 0
    dead: int = 0

    @classmethod
    def read(cls, metadata: str) -> "DeadLetterCount":
        """Return the count that was committed; anything else counts from nothing."""
        try:
            counts = json.loads(metadata)
            return cls(int(counts["records"]), int(counts["dead"]))
        except (ValueError, TypeError, KeyError, OverflowError):
            return cls()

    def metadata(self) -> str:
        """Return the text to commit beside the offset."""
        return json.dumps({"records": self.records, "dead": self.dead}, separators=(",", ":"))

    def add(self, *, dead: int, window: int, records: int = 1) -> "DeadLetterCount":
        """Return the count with more records, `dead` of them dead; what is longer ago than `window` fades."""
        records, deaths = self.records + records, self.dead + dead
        if records > window:
            return DeadLetterCount(records // 2, deaths // 2)
        return DeadLetterCount(records, deaths)

    def check(self, runtime: RuntimeSettings, what: str) -> None:
        """Raise if the share is too large.

        Raises:
            DeadLetterLimitError: naming the share, the limit and what to do.
        """
        share = self.dead / max(self.records, 1)
        if self.dead >= runtime.dead_letter_minimum and share > runtime.dead_letter_share:
            raise DeadLetterLimitError(
                f"{what}: {self.dead} of the last {self.records} records became dead letters ({share:.0%}, the limit "
                f"is {runtime.dead_letter_share:.0%}); this batch is not committed. Mend the consumer and start it "
                f"again, or let it go on with DATELINE_RUNTIME__DEAD_LETTER_SHARE=1"
            )
