"""Measures how the cost of a run grows with its text.

Executed lines show every loop of Python, on a busy machine too. A regular expression is one line however long it
searches, so the time in expressions is measured apart from the rest: for a long text a quadratic search takes a hundred
times as long as a linear one, which no disturbance hides.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

__all__ = ["ExpressionTime", "lines_run", "repeated", "timed_expressions"]

TraceFunction = Callable[[FrameType, str, Any], Any]


def repeated(unit: str, length: int) -> str:
    """Return a text of `length` characters that repeats `unit`."""
    return (unit * length)[:length]


def lines_run(run: Callable[[], object]) -> int:
    """Count the lines of Python that a run executes; each turn of a loop or a comprehension counts."""
    lines = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return lines


class ExpressionTime:
    """The processor time that regular expressions took, and how often they were called."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calls = 0

    def run(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """Call a method of an expression, find all matches of an iterator, and add the time."""
        began = time.thread_time()
        result = method(*arguments)
        if method.__name__ == "finditer":
            result = iter(list(result))
        self.seconds += time.thread_time() - began
        self.calls += 1
        return result


@contextmanager
def timed_expressions(package: str) -> Iterator[ExpressionTime]:
    """Measure the compiled expressions that the loaded modules of a package hold as globals."""
    spent = ExpressionTime()
    replaced: list[tuple[ModuleType, str, re.Pattern[str]]] = []
    for module in [each for name, each in sys.modules.items() if name.startswith(f"{package}.")]:
        for name, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                replaced.append((module, name, value))
                setattr(module, name, _Timed(value, spent))
    try:
        yield spent
    finally:
        for module, name, value in replaced:
            setattr(module, name, value)


class _Timed:
    """Stands in for a compiled expression."""

    def __init__(self, expression: re.Pattern[str], spent: ExpressionTime) -> None:
        self.expression = expression
        self.spent = spent

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.expression, name)
        return (lambda *arguments: self.spent.run(value, *arguments)) if callable(value) else value
