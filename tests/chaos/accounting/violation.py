"""A broken promise."""

from dataclasses import dataclass

__all__ = ["Violation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A broken promise; `timestamp` is that of an affected record, in milliseconds, or None."""

    rule: str
    what: str
    timestamp: int | None = None
