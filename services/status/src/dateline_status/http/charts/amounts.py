"""Values with their unit, short enough for an axis; `plots.js` writes them in the same way."""

__all__ = ["amount"]

TIMES = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))
"""Lengths of units of time, in seconds."""

LARGE = ((1e9, "G"), (1e6, "M"), (1e4, "k"))
"""From these values on, a prefix stands for thousands, millions and so on."""

PREFIXES = {"G": 1e9, "M": 1e6, "k": 1e3}
"""What the prefixes stand for."""


def amount(value: float, unit: str) -> str:
    """Return a value as text; seconds get a unit that fits, and all others none."""
    if unit == "s":
        return _time(value)
    for limit, prefix in LARGE:
        if abs(value) >= limit:
            return f"{_digits(value / PREFIXES[prefix])} {prefix}"
    return _digits(value)


def _time(seconds: float) -> str:
    if seconds == 0:
        return "0 s"
    for length, name in TIMES:
        if abs(seconds) >= length:
            return f"{_digits(seconds / length)} {name}"
    return f"{_digits(seconds * 1000)} ms"


def _digits(value: float) -> str:
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
