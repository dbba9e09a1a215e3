"""A line of values as a row of characters."""

from collections.abc import Sequence

__all__ = ["sparkline"]

BARS = "▁▂▃▄▅▆▇█"
"""The characters, from zero to the greatest value."""


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Return the values as at most `width` characters; a blank stands for what is not known.

    If there are more values than characters, each character stands for the greatest of several.
    """
    columns = [list(_at(values, number, width)) for number in range(min(width, len(values)))]
    heights = [max(known, default=None) for known in columns]
    top = max((height for height in heights if height is not None), default=0.0)
    return "".join(" " if height is None else BARS[_bar(height, top)] for height in heights)


def _at(values: Sequence[float | None], number: int, width: int) -> list[float]:
    columns = min(width, len(values))
    part = values[number * len(values) // columns : (number + 1) * len(values) // columns]
    return [value for value in part if value is not None]


def _bar(height: float, top: float) -> int:
    if height <= 0 or top <= 0:
        return 0
    # What is not zero is not shown as zero.
    return max(1, round(height / top * (len(BARS) - 1)))
