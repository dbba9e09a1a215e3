"""The sinks that the campaign strikes, and their targets."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["DATABASES", "PREFIX", "SINKS", "SINK_MUTANT_NAMES", "SinkTargets"]

DATABASES = ("postgres", "sqlite")
"""The sinks whose targets have transactions."""

SINKS = (*DATABASES, "parquet")
"""The lanes of the campaign: the kind of each sink, which is its group as well."""

PREFIX = "chaos."
"""The topic prefix of a piece."""

SINK_MUTANT_NAMES = (
    "postgres-no-epoch",
    "sqlite-no-epoch",
    "postgres-rows-first",
    "postgres-position-first",
    "sqlite-rows-first",
    "sqlite-position-first",
    "postgres-kafka-position",
    "sqlite-kafka-position",
    "parquet-rename",
)
"""The deliberate defects of the sinks, by their names on the command line; the first word is the lane that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkTargets:
    """The targets of a piece.

    Attributes:
        postgres: URL of the database.
        sqlite: the file.
        parquet: the folder.
    """

    postgres: str
    sqlite: Path
    parquet: Path

    def environment(self) -> dict[str, str]:
        """Return the variables by which a replica finds them."""
        return {f"CHAOS_TARGET_{name.upper()}": str(getattr(self, name)) for name in SINKS}
