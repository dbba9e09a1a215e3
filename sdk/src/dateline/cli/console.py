"""The console that verbs print on."""

import sys

from rich.console import Console

__all__ = ["console"]

PIPE_WIDTH = 100_000
"""Width in columns when the output is not a terminal: names are never cut, so `grep` and `awk` find them."""


def console() -> Console:
    """Return a console on standard output: as wide as the terminal, or as wide as the text when it is piped."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
