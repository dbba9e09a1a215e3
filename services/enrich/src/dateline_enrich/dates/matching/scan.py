"""A text cut into tokens, each with the character that stands for its class."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

__all__ = ["Scan"]


@dataclass
class Scan:
    """The tokens of a text.

    Attributes:
        text: the text.
        tokens: its words, numbers, white space and single signs.
        classes: one class character for each token.
        signs: cache of the language's tense reader: what each token says about tense, by its index.
    """

    text: str
    tokens: list[str]
    classes: str
    signs: dict[int, str] = field(default_factory=dict)

    @cached_property
    def starts(self) -> list[int]:
        """The first code point of each token, and the length of the text at the end."""
        return [0, *accumulate(map(len, self.tokens))]
