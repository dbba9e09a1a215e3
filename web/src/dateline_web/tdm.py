"""The reservation of text and data mining (TDMRep): which documents of a site its publisher has reserved.

https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from yarl import URL

from dateline_web.errors import FetchError

if TYPE_CHECKING:
    from dateline_web.client import WebClient

__all__ = ["MAX_TDM_BYTES", "TdmPolicy", "TdmRule", "fetch_tdm", "tdm_address", "tdm_from", "tdm_reservation"]

MAX_TDM_BYTES = 500 * 1024
"""A longer tdmrep.json is not read, as if there were none: cut, it is no JSON."""

MAX_RULES = 1000
"""At most this many rules of a file count; each is compared with each address."""

MAX_LOCATION_CHARACTERS = 2000
"""Rules with longer patterns are left out."""

MAX_REDIRECTS = 5
"""Redirects that are followed to a tdmrep.json."""

ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")

UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Characters that mean the same when they are percent-encoded (RFC 3986, section 2.3)."""

ASCII = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TdmRule:
    """What a publisher declares for the paths that match a pattern."""

    location: str
    """The beginning of paths; `*` stands for any characters, and a `$` at the end for the end of the path."""
    reserved: bool
    policy: str | None = None
    """The address of the licences that are offered."""


@dataclass(frozen=True, slots=True)
class TdmPolicy:
    """What a site's tdmrep.json declares."""

    rules: tuple[TdmRule, ...] = ()

    def rule(self, address: str) -> TdmRule | None:
        """Return the first rule that matches an address of the site, None if nothing is declared for it."""
        parts = urlsplit(address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # The special characters of patterns are percent-encoded where a pattern means them literally.
        target = _comparable(path).replace("$", "%24").replace("*", "%2A")
        return next((rule for rule in self.rules if _matches(rule.location, target)), None)

    def reserved(self, address: str) -> bool:
        """Return whether mining the document at an address of the site is reserved."""
        rule = self.rule(address)
        return rule is not None and rule.reserved


def tdm_address(address: str) -> str:
    """Return the address of the tdmrep.json that governs an http or https address.

    Raises:
        ValueError: the address is not absolute.
    """
    return str(URL(address).origin() / ".well-known" / "tdmrep.json")


def tdm_from(status: int | None, body: bytes = b"") -> TdmPolicy:
    """Return the policy that an answer stands for.

    An answer that is not a successful one, or whose body cannot be read, declares nothing: the site does not implement
    the protocol. A lone rule without the array around it counts, and so do `"1"` and `true` for 1: what the publisher
    means is clear. Other invalid rules are left out.

    Args:
        status: the HTTP status after redirects, None if the server could not be reached.
        body: the file.
    """
    if status is None or not 200 <= status < 300 or len(body) > MAX_TDM_BYTES:
        return TdmPolicy()
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return TdmPolicy()
    entries = found[:MAX_RULES] if isinstance(found, list) else [found]
    return TdmPolicy(tuple(rule for entry in entries if (rule := _rule(entry)) is not None))


def tdm_reservation(header: str | None, meta: str | None = None) -> bool | None:
    """Return whether a document's own declarations reserve it, None if they declare nothing.

    They replace what tdmrep.json declares, and the meta element of a document replaces the header. Invalid values count
    as absent.

    Args:
        header: the value of the header `tdm-reservation`.
        meta: the content of the element `<meta name="tdm-reservation">`.
    """
    declared = _reserved(meta)
    return _reserved(header) if declared is None else declared


async def fetch_tdm(client: WebClient, address: str) -> TdmPolicy:
    """Fetch and read the tdmrep.json of the site of `address`.

    Raises:
        ValueError: the address is not absolute.
    """
    url = tdm_address(address)
    try:
        answer = await client.request("GET", url, max_bytes=MAX_TDM_BYTES, max_redirects=MAX_REDIRECTS)
    except FetchError:
        return TdmPolicy()
    return tdm_from(answer.status if answer.complete else None, answer.body)


def _rule(entry: object) -> TdmRule | None:
    if not isinstance(entry, dict):
        return None
    location, policy = entry.get("location"), entry.get("tdm-policy")
    reserved = _reserved(entry.get("tdm-reservation"))
    if not isinstance(location, str) or not 0 < len(location) <= MAX_LOCATION_CHARACTERS or reserved is None:
        return None
    pattern = _comparable(location.strip())
    if not pattern.startswith(("/", "*")):
        pattern = f"/{pattern}"
    return TdmRule(location=pattern, reserved=reserved, policy=policy if isinstance(policy, str) else None)


def _reserved(value: object) -> bool | None:
    if isinstance(value, str):
        value = {"0": 0, "1": 1}.get(value.strip())
    if isinstance(value, bool | int | float) and value in (0, 1):
        return bool(value)
    return None


def _comparable(path: str) -> str:
    """Return a path or pattern with unreserved characters as they are, and all others beyond ASCII encoded."""
    return ESCAPED.sub(_unescaped, quote(path, safe=ASCII))


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in UNRESERVED else match[0].upper()


def _matches(pattern: str, target: str) -> bool:
    """Return whether a path begins with what a pattern stands for; takes linear time, unlike a regular expression."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    if not others:
        return not ends or target == first
    position = len(first)
    for part in others[:-1]:
        found = target.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    last = others[-1]
    if ends:
        return len(target) - len(last) >= position and target.endswith(last)
    return target.find(last, position) >= 0
