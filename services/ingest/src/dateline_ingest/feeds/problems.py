"""What was wrong with a document, collected while it is read."""

from __future__ import annotations

__all__ = ["Problems"]

_MOST = 50
"""Different problems that are listed."""
_MOST_FAILED_DATES = 300


class Problems:
    """Different problems in the order of their first occurrence, a bounded number of them."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._more = 0
        self._failed_dates = 0

    def add(self, text: str) -> None:
        """Notes a problem; the same again is not noted."""
        if text in self._texts:
            return
        if len(self._texts) < _MOST:
            self._texts[text.encode("utf-8", "replace").decode()] = None
        else:
            self._more += 1

    def include(self, others: Problems) -> None:
        """Notes all that others hold."""
        for text in others._texts:
            self.add(text)
        self._more += others._more

    def failed_date(self, text: str) -> None:
        """Notes a date that could not be read."""
        self._failed_dates += 1
        self.add(f"not a date: {text[:60]!r}")

    @property
    def dates_are_hopeless(self) -> bool:
        """Whether so many dates failed that trying every form on each would only take time."""
        return self._failed_dates > _MOST_FAILED_DATES

    def as_list(self) -> list[str]:
        """The texts, and how many more there were."""
        return [*self._texts, *([f"and {self._more} more"] if self._more else [])]
