"""Numbers and moments as the views of sites write them."""

from datetime import datetime

__all__ = ["clock", "counted"]


def clock(moment: datetime, now: datetime) -> str:
    """Return the time of day, with the date unless it is today."""
    return f"{moment:%H:%M:%S}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M:%S}"


def counted(count: int, thing: str, things: str | None = None) -> str:
    """Return a number with its noun, such as `1 article` or `2,000 articles`."""
    return f"1 {thing}" if count == 1 else f"{count:,} {things or f'{thing}s'}"
