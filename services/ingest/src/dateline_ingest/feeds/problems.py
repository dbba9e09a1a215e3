"""Collects the problems of a document, and limits the work spent on its values."""

from __future__ import annotations

__all__ = ["Problems"]

MAX_PROBLEMS = 50
"""At most this many different problems are listed."""

WORK_BUDGET = 200_000
"""Work allowed on the values of one document, in microseconds or so. Real feeds need less than a tenth of it."""


class Problems:
    """The distinct problems of a document in order of first occurrence, and the remaining work budget."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._more = 0
        self._work = WORK_BUDGET

    def add(self, text: str) -> None:
        """Record a problem, unless it is recorded already."""
        if text in self._texts:
            return
        if len(self._texts) < MAX_PROBLEMS:
            self._texts[text.encode("utf-8", "replace").decode()] = None
        else:
            self._more += 1

    def include(self, others: Problems) -> None:
        """Record the problems of `others`; the smaller of the two work budgets remains."""
        for text in others._texts:
            self.add(text)
        self._more += others._more
        self._work = min(self._work, others._work)

    def afford(self, work: int) -> bool:
        """Take `work` from the budget; False if too little is left, and the value has to stay as it is.

        Args:
            work: cost of the work, in microseconds or so.
        """
        if self._work < work:
            self.add("some links, names or dates were left as written: the document has too many")
            return False
        self._work -= work
        return True

    def as_list(self) -> list[str]:
        """Return the problems, and the number of those left out."""
        return [*self._texts, *([f"and {self._more} more"] if self._more else [])]
