"""Checks and limits the W3C header `tracestate`, which other tracing systems use for themselves."""

import re
from functools import lru_cache

__all__ = ["MAX_CHARACTERS", "bounded_trace_state"]

MAX_CHARACTERS = 512
"""A longer list is shortened. The W3C recommendation asks to pass on at least this much."""

MAX_MEMBERS = 32
"""More members make the header invalid (W3C Trace Context, 3.3.1.1)."""

LONG_MEMBER = 128
"""Members longer than this are left out first (W3C Trace Context, 3.3.1.5)."""

MAX_READ = 16_384
"""A longer header is not read at all."""

MEMBER = re.compile(
    r"(?P<key>[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})"
    r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)


@lru_cache(maxsize=256)
def bounded_trace_state(text: str) -> str | None:
    """Return the members of a `tracestate` in their order; None if it is invalid or has none.

    An invalid header is dropped as a whole. A long one loses its long members first, then those at its end.
    """
    if len(text) > MAX_READ:
        return None
    members = [member for each in text.split(",") if (member := each.strip(" \t"))]
    if not members or len(members) > MAX_MEMBERS:
        return None
    keys: set[str] = set()
    for member in members:
        found = MEMBER.fullmatch(member)
        if found is None or found["key"] in keys:
            return None
        keys.add(found["key"])
    for number in range(len(members) - 1, -1, -1):
        if _length(members) <= MAX_CHARACTERS:
            break
        if len(members[number]) > LONG_MEMBER:
            del members[number]
    while _length(members) > MAX_CHARACTERS:
        members.pop()
    return ",".join(members) or None


def _length(members: list[str]) -> int:
    return sum(map(len, members)) + max(0, len(members) - 1)
