"""Durations as text."""

from datetime import datetime

__all__ = ["in_words", "relative"]

UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
"""The units and their lengths in seconds, largest first."""


def in_words(seconds: float) -> str:
    """Return a duration in at most two units, such as `25 min`, `2 h 50 min` or `8 s`; below a second, `0.25 s`."""
    if 0 < seconds < 1:
        return f"{seconds:.2g} s"
    left = round(seconds)
    if left >= 86_400:
        # Minutes are noise next to days, and seconds next to hours.
        left = round(left / 3600) * 3600
    elif left >= 3600:
        left = round(left / 60) * 60
    parts = []
    for name, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def relative(moment: datetime | None, now: datetime) -> str:
    """Return the distance of a moment from now, like `in 4 min` or `2 h 50 min ago`; empty for None."""
    if moment is None:
        return ""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 1:
        return "now"
    return f"in {in_words(seconds)}" if seconds > 0 else f"{in_words(-seconds)} ago"
