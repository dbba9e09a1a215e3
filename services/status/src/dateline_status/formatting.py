"""Numbers and times as text."""

from datetime import UTC, datetime

from markupsafe import Markup

__all__ = ["at_most", "behind", "clock", "count", "moment"]


def clock(moment: datetime) -> str:
    """Return a time as date and time of day, without its zone."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def moment(at: datetime | float, *, zone: bool = False, only: str = "") -> Markup:
    """Return a time in UTC as an element of HTML, which a script of the pages turns into local time.

    Args:
        at: the time, or seconds since 1970.
        zone: whether the text says that it is UTC; in tables the bottom of the page says so.
        only: `time` leaves out the date.
    """
    known = at.astimezone(UTC) if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    text = f"{known:%H:%M}" if only == "time" else clock(known)
    return Markup('<time datetime="{:%Y-%m-%dT%H:%M:%SZ}">{}{}</time>').format(known, text, " UTC" if zone else "")


def count(number: int) -> str:
    """Return a number with a narrow space between the thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def at_most(number: int, *, exact: bool) -> str:
    """Return a number, with `≤` before it if it is an upper bound."""
    return count(number) if exact else f"≤ {count(number)}"


def behind(offsets: int) -> str:
    """Return how far a group has to read, in words."""
    return f"{offsets:,} offset{'' if offsets == 1 else 's'} to go"
