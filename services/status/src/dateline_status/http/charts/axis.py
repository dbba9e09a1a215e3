"""The upper end of an axis, and the steps on it."""

import math

__all__ = ["ticks"]

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Distances of two steps that read well, times a power of ten."""

PARTS = 4
"""At most this many steps."""

TIME_STEPS = (60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0)
"""Distances of two steps that read well for seconds, from a minute on."""


def ticks(highest: float, unit: str) -> list[float]:
    """Return the steps from zero to the end of an axis that reaches `highest`."""
    if highest <= 0:
        return [0.0, 1.0]
    wanted = highest / PARTS
    step = next((each for each in TIME_STEPS if each >= wanted), None) if unit == "s" and wanted > 30 else None
    if step is None:
        power = 10.0 ** math.floor(math.log10(wanted))
        # A hair more, since a quotient of floats may miss the step that it equals.
        step = next(each * power for each in STEPS if each * power * (1 + 1e-9) >= wanted)
    return [round(number * step, 12) for number in range(math.ceil(highest / step - 1e-9) + 1)]
