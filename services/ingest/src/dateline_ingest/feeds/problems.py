"""What was wrong with a document, and how much work it may still cause."""

from __future__ import annotations

__all__ = ["Problems"]

_MOST = 50
"""Different problems that are listed."""
_MOST_WORK = 200_000
"""Work on single values for one document, in microseconds or so: a tenth of it is more than real feeds need."""


class Problems:
    """Different problems in the order of their first occurrence, a bounded number of them."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._more = 0
        self._work = _MOST_WORK

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
        self._work = min(self._work, others._work)

    def afford(self, work: int) -> bool:
        """Whether a value may be worked on further; where not, it stays as it is.

        Args:
            work: what it takes, in microseconds or so.
        """
        if self._work < work:
            self.add("some links, names or dates are as they were written: there are too many to work on")
            return False
        self._work -= work
        return True

    def as_list(self) -> list[str]:
        """The texts, and how many more there were."""
        return [*self._texts, *([f"and {self._more} more"] if self._more else [])]
