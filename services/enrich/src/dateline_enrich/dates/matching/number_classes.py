"""The word classes of numbers in figures: year, day, month, hour and so on."""

from __future__ import annotations

__all__ = ["number_classes"]


def number_classes() -> dict[str, tuple[str, ...]]:
    """Return every figure that may stand for a year, a day, a month, an hour or any number, by class."""
    numbers: dict[str, list[str]] = {
        name: [] for name in ("INT", "THREE", "YEAR", "LATEYEAR", "DAY", "MONTHNO", "HOUR", "HHMM", "SIXTY", "YY")
    }
    for number in range(100):
        for text in dict.fromkeys((str(number), f"{number:02}")):
            numbers["INT"].append(text)
            if len(text) == 2:
                numbers["YY"].append(text)
                if number < 60:
                    numbers["SIXTY"].append(text)
            if 1 <= number <= 31:
                numbers["DAY"].append(text)
            if 1 <= number <= 12:
                numbers["MONTHNO"].append(text)
            if number <= 24:
                numbers["HOUR"].append(text)
    for number in range(1000):
        numbers["THREE"].append(f"{number:03}")
        numbers["INT"].append(f"{number:03}")
    numbers["YEAR"] = [str(number) for number in range(1000, 2101)]
    numbers["LATEYEAR"] = [str(number) for number in range(1900, 2051)]
    numbers["INT"] += numbers["YEAR"]
    numbers["HHMM"] = [f"{hour:02}{minute:02}" for hour in range(24) for minute in range(60)] + ["2400"]
    return {name: tuple(texts) for name, texts in numbers.items()}
