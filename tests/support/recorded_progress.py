"""A `Progress` that records its calls."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

__all__ = ["RecordedProgress"]


class RecordedProgress:
    """Records the steps and the sum of the amounts."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.amount = 0

    def step(self, description: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
        """Record a step."""
        self.steps.append(description)
        return nullcontext(self.advance)

    def advance(self, amount: int) -> None:
        """Add an amount."""
        self.amount += amount
