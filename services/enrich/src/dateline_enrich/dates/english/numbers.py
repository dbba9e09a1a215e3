"""The values of English number words."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["cardinal", "ordinal", "year_of"]

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
"""Words for the numbers from zero to nineteen."""

TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
"""Words for the multiples of ten, from twenty."""

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
"""Ordinals from first to twentieth."""

VALUES = {word: value for value, word in enumerate(SMALL)}
VALUES |= {word: 20 + 10 * value for value, word in enumerate(TENS)} | {"fourty": 40, "a": 1, "an": 1}
"""The values of words below one hundred."""

SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
"""The values of words that multiply the number before them."""

ORDINAL_VALUES = {word: value for value, word in enumerate(ORDINALS, 1)} | {"thirtieth": 30}
"""The values of ordinals."""


def cardinal(tokens: Sequence[str]) -> float | None:
    """Return the value of a cardinal number such as "2 1/2", "1,460", "twenty-four" or "two hundred".

    Returns:
        None if the words are not a number ("ten one").
    """
    words = [word for token in tokens if (word := token.lower()) not in ("-", ",", "and") and not word.isspace()]
    if not words:
        return None
    if words[-2:] == ["a", "half"]:
        whole = cardinal(words[:-2])
        return None if whole is None else whole + 0.5
    if words[0].isdigit():
        return _figures(words)
    total = current = 0
    for position, word in enumerate(words):
        if word in SCALES:
            scale = SCALES[word]
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
        elif word in VALUES:
            value = VALUES[word]
            if position and (current % 100 if value >= 10 else (current % 10 or 0 < current % 100 < 20)):
                return None
            current += value
        else:
            return None
    return total + current


def _figures(words: list[str]) -> float | None:
    digits = words[0]
    rest = words[1:]
    if len(rest) == 2 and rest[0] == ".":
        return float(f"{digits}.{rest[1]}")
    if rest == ["½"]:
        return int(digits) + 0.5
    if rest and rest[0] in SCALES and len(rest) == 1:
        return int(digits) * SCALES[rest[0]]
    while rest and rest[0].isdigit() and len(rest[0]) == 3:
        digits, rest = digits + rest[0], rest[1:]
    if len(rest) == 3 and rest[1] == "/" and int(rest[2]):
        return int(digits) + int(rest[0]) / int(rest[2])
    return int(digits) if not rest else None


def ordinal(tokens: Sequence[str]) -> int | None:
    """Return the value of an ordinal such as "11th", "third" or "twenty-first", or None for other words."""
    words = [token.lower() for token in tokens if token.isalnum()]
    if not words:
        return None
    if words[0].isdigit():
        return int(words[0])
    if len(words) == 2 and words[0] in VALUES and words[1] in ORDINAL_VALUES:
        return VALUES[words[0]] + ORDINAL_VALUES[words[1]]
    return ORDINAL_VALUES.get(words[0])


def year_of(tokens: Sequence[str]) -> int | None:
    """Return the year of words such as "nineteen ninety-four" or "two thousand and six", or None."""
    words = [token.lower() for token in tokens if token.isalpha()]
    if "thousand" in words or "hundred" in words:
        value = cardinal(words)
        return int(value) if value else None
    rest = cardinal(words[1:])
    return None if rest is None else VALUES[words[0]] * 100 + int(rest)
