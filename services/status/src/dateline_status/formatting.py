"""How numbers, moments and durations are written for people."""

from datetime import datetime

__all__ = ["at_most", "clock", "count", "duration"]


def duration(seconds: float) -> str:
    """Return a duration as people say it, such as `4 min`."""
    for limit, divisor, unit in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / divisor:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def clock(moment: datetime) -> str:
    """Return a moment as date and time."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def count(number: int) -> str:
    """Return a number with its thousands set apart."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def at_most(number: int, *, exact: bool) -> str:
    """Return a number, marked where it is an upper bound."""
    return count(number) if exact else f"≤ {count(number)}"
