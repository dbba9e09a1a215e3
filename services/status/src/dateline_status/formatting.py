"""Numbers and times as text."""

from datetime import datetime

__all__ = ["at_most", "behind", "clock", "count"]


def clock(moment: datetime) -> str:
    """Return a time as date and time of day, without its zone."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def count(number: int) -> str:
    """Return a number with a narrow space between the thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def at_most(number: int, *, exact: bool) -> str:
    """Return a number, with `≤` before it if it is an upper bound."""
    return count(number) if exact else f"≤ {count(number)}"


def behind(offsets: int) -> str:
    """Return how far a group has to read, in words."""
    return f"{offsets:,} offset{'' if offsets == 1 else 's'} to go"
