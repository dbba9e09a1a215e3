"""Identities of entities: stable for a name, readable, safe in a URL."""

from __future__ import annotations

import hashlib
import re

from dateline_enrich.entities.text.lexicon import fold

__all__ = ["slug"]

_LONGEST = 80


def slug(name: str) -> str:
    """Return a name in small letters, digits and hyphens, with a digest where letters would be lost."""
    key = fold(name)
    short = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    if key.isascii() and short and len(short) <= _LONGEST:
        return short
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{short[:_LONGEST]}-{digest}".lstrip("-")
