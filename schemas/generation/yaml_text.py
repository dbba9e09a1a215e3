"""Writes JSON data as readable YAML, without a YAML library."""

import json
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["yaml_text"]

# Words that every version of YAML reads as text without quotation marks.
PLAIN_KEY = re.compile(r"[A-Za-z$][A-Za-z0-9_$.-]*")
RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def yaml_text(document: Any) -> str:
    """Return JSON data as YAML 1.2 in block style; strings keep JSON's quotation marks, which YAML accepts."""
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _entry(f"{_key(key)}:", item, indent="  ")
    elif isinstance(value, list) and value:
        for item in value:
            lines = list(_lines(item))
            yield f"- {lines[0]}"
            yield from (f"  {line}" for line in lines[1:])
    else:
        yield json.dumps(value, ensure_ascii=False)


def _entry(head: str, item: Any, indent: str) -> Iterator[str]:
    lines = list(_lines(item))
    if isinstance(item, dict | list) and item:
        yield head
        yield from (f"{indent}{line}" for line in lines)
    else:
        yield f"{head} {lines[0]}"


def _key(key: str) -> str:
    plain = PLAIN_KEY.fullmatch(key) and key.lower() not in RESERVED
    return key if plain else json.dumps(key, ensure_ascii=False)
