"""The feed readers that ours is compared with, in an environment of their own."""

from __future__ import annotations

import calendar
import importlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

__all__ = ["adapters", "environment", "parsers"]

PEERS = ("feedparser", "feedparser-rs", "fastfeedparser")
SOURCE = Path(__file__).resolve().parents[1] / "services" / "ingest" / "src"


@contextmanager
def environment() -> Iterator[Path]:
    """Yield the Python of an environment with the peers, which exists until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        yield python


def parsers(*, only_ours: bool = False) -> dict[str, Callable[[bytes], Any]]:
    """Return our parse function, and those of the peers, which only that environment has."""
    sys.path.insert(0, str(SOURCE))
    ours = {"dateline": importlib.import_module("dateline_ingest.feeds").parse_feed}
    if only_ours:
        return ours
    return {
        **ours,
        "feedparser": importlib.import_module("feedparser").parse,
        "feedparser-rs": importlib.import_module("feedparser_rs").parse,
        "fastfeedparser": importlib.import_module("fastfeedparser").parse,
    }


def adapters() -> dict[str, Callable[[Any], dict[str, Any]]]:
    """Convert the result of each parse function into the fields that are scored."""
    return {"dateline": our_fields, **dict.fromkeys(PEERS, their_fields)}


def our_fields(parsed: Any) -> dict[str, Any]:
    shown = parsed.to_json()
    entries = [
        {
            **{name: entry[name] for name in ("title", "link", "id")},
            "date": seconds(entry["published"] or entry["updated"]),
            "author": next(iter(entry["authors"]), None),
        }
        for entry in shown["entries"]
    ]
    return {"feed": shown["feed"], "entries": entries}


def their_fields(parsed: Any) -> dict[str, Any]:
    return {
        "feed": {name: value_of(parsed.feed, name) for name in ("title", "link", "language")},
        "entries": [
            {
                **{name: value_of(entry, name) for name in ("title", "link", "id")},
                "date": next((d for name in ("published", "updated") if (d := their_date(entry, name))), None),
                "author": their_author(entry),
            }
            for entry in parsed.entries
        ],
    }


def their_date(entry: Any, name: str) -> int | None:
    parsed = value_of(entry, f"{name}_parsed")
    return calendar.timegm(parsed) if parsed else seconds(value_of(entry, name))


def their_author(entry: Any) -> Any:
    detail = value_of(entry, "author_detail")
    return (value_of(detail, "name") if detail else None) or value_of(entry, "author")


def value_of(holder: Any, name: str) -> Any:
    return holder.get(name) if hasattr(holder, "get") else getattr(holder, name, None)


def seconds(moment: str | None) -> int | None:
    try:
        return int(datetime.fromisoformat(moment).timestamp()) if moment else None
    except ValueError:
        return None
