"""Finds the kinds of sinks that the installed packages declare."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from dateline.errors import DatelineError
from dateline.sink.sink import SINKS, SinkKind

__all__ = ["find_kind", "missing", "sink_kinds"]


def sink_kinds() -> Mapping[str, EntryPoint]:
    """Return the entry points of all kinds by name; nothing is imported."""
    return {entry.name: entry for entry in sorted(entry_points(group=SINKS), key=lambda entry: entry.name)}


def find_kind(name: str) -> SinkKind[Any]:
    """Return the kind called `name`.

    Raises:
        DatelineError: there is no such kind, or a package that it needs is missing; the message says what to install.
    """
    kinds = sink_kinds()
    if name not in kinds:
        raise DatelineError(f"no sink {name!r} (installed: {', '.join(kinds) or 'none; install dateline-sinks'})")
    try:
        kind: SinkKind[Any] = kinds[name].load()
    except ImportError as error:
        raise missing(name, error) from error
    return kind


def missing(name: str, error: ImportError) -> DatelineError:
    """Return the error that says what to install, so that the kind called `name` can be used."""
    entry = sink_kinds().get(name)
    package = entry.dist.name if entry is not None and entry.dist is not None else "dateline-sinks"
    extra = f"[{','.join(entry.extras)}]" if entry is not None and entry.extras else ""
    return DatelineError(f"the sink {name} cannot be used: {error}; install it with `pip install '{package}{extra}'`")
