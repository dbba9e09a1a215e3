"""Loggers of structlog, which is imported with the first message.

Most verbs of `dateline` log nothing, and importing structlog would take a tenth of their time.
"""

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["configure_now", "configure_with", "get_logger"]

_pending: list[Callable[[], None]] = []


def get_logger(name: str) -> Any:
    """Return a logger with the methods of structlog's loggers."""
    return _Logger(name)


def configure_with(configure: Callable[[], None]) -> None:
    """Call `configure` before the first message, or at once if structlog is imported already."""
    _pending[:] = [configure]
    if "structlog" in sys.modules:
        configure_now()


def configure_now() -> None:
    """Configure structlog, if that is still to be done: whoever else uses structlog needs it too."""
    for configure in _pending:
        configure()
    # Not before: a message of another thread must wait for the configuration or configure structlog itself.
    _pending.clear()


class _Logger:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        import structlog

        configure_now()
        return getattr(structlog.get_logger(self._name), method)
