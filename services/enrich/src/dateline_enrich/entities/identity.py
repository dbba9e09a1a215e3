"""Makes identities of entities: the same for the same name, readable, safe in a URL."""

from __future__ import annotations

import hashlib
import re

from dateline_enrich.entities.text.lexicon import fold

__all__ = ["slug"]

LONGEST = 80
"""Maximum length of the readable part."""


def slug(name: str) -> str:
    """Return a name in lower-case letters, digits and hyphens, with a digest if other letters were dropped."""
    key = fold(name)
    short = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    if key.isascii() and short and len(short) <= LONGEST:
        return short
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{short[:LONGEST]}-{digest}".lstrip("-")
