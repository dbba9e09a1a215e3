"""The limit on dead letters, which stops a faulty release before it has discarded a whole topic."""

import json
from dataclasses import dataclass

from dateline.errors import DeadLetterLimitError
from dateline.settings import RuntimeSettings

__all__ = ["DeadLetterCount"]


@dataclass(frozen=True, slots=True)
class DeadLetterCount:
    """How many of a partition's recent records became dead letters.

    The count is committed as the offset's metadata, so that it survives a restart. Otherwise each restart could
    discard as many records again before it reached the limit.
    """

    records: int = 0
    dead: int = 0

    @classmethod
    def read(cls, metadata: str) -> "DeadLetterCount":
        """Return the count in committed `metadata`, or a count of zero if it holds anything else."""
        try:
            counts = json.loads(metadata)
            return cls(int(counts["records"]), int(counts["dead"]))
        except (ValueError, TypeError, KeyError, OverflowError):
            return cls()

    def metadata(self) -> str:
        """Return the count as text to commit with the offset."""
        return json.dumps({"records": self.records, "dead": self.dead}, separators=(",", ":"))

    def add(self, *, dead: int, window: int, records: int = 1) -> "DeadLetterCount":
        """Return the count after more records, `dead` of them dead letters; counts above `window` are halved."""
        records, deaths = self.records + records, self.dead + dead
        if records > window:
            return DeadLetterCount(records // 2, deaths // 2)
        return DeadLetterCount(records, deaths)

    def check(self, runtime: RuntimeSettings, what: str) -> None:
        """Check the share of dead letters against the limit.

        Raises:
            DeadLetterLimitError: the share is above the limit.
        """
        share = self.dead / max(self.records, 1)
        if self.dead >= runtime.dead_letter_minimum and share > runtime.dead_letter_share:
            raise DeadLetterLimitError(
                f"{what}: {self.dead} of the last {self.records} records became dead letters ({share:.0%}, the limit "
                f"is {runtime.dead_letter_share:.0%}); this batch is not committed. Fix the consumer and start "
                f"it again, or continue with DATELINE_RUNTIME__DEAD_LETTER_SHARE=1"
            )
