"""The site that a page belongs to, which is the key of `page-requests`."""

import re
from functools import cache
from importlib.resources import files

from dateline_schemas.url import canonical_web_url

__all__ = ["SITE_VERSION", "SUFFIXES_VERSION", "site_key"]

SITE_VERSION = 1
"""Version of the rules; any change of results is a new version, because the partition of a site depends on them."""

SUFFIXES_VERSION = "2026-10-22"
"""Date of the snapshot of the public suffix list; another snapshot is a new `SITE_VERSION`."""

AUTHORITY = re.compile(r"https?://(\[[^\]]*\]|[^/?#:]*)(:\d+)?")
IPV4 = re.compile(r"[0-9.]+")


def site_key(url: str) -> str | None:
    """Return the site of a web address: the registrable domain of its host.

    A registrable domain is a public suffix and the label before it, by the public suffix list with its private
    part: `bbc.co.uk`, but `someone.blogspot.com`. A host without one, such as an IP address, `localhost` or a public
    suffix itself, is a site of its own together with its port.

    Args:
        url: an http or https address, canonical or not.

    Returns:
        the site in ASCII and lower case; None if `url` is not an http or https address.
    """
    canonical = canonical_web_url(url)
    match = AUTHORITY.match(canonical) if canonical is not None else None
    if match is None:
        return None
    host, port = match[1], match[2] or ""
    return _registrable_domain(host) or f"{host}{port}"


def _registrable_domain(host: str) -> str | None:
    if host.startswith("[") or IPV4.fullmatch(host):
        return None
    labels = host.split(".")
    suffix_labels = _suffix_labels(labels)
    return ".".join(labels[-suffix_labels - 1 :]) if suffix_labels < len(labels) and all(labels) else None


def _suffix_labels(labels: list[str]) -> int:
    """Return the number of labels of the public suffix; an unlisted top-level domain is a suffix (rule `*`)."""
    rules = _rules()
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if f"!{name}" in rules:
            return len(labels) - start - 1
        rest = ".".join(labels[start + 1 :])
        if name in rules or f"*.{rest}" in rules:
            return len(labels) - start
    return 1


@cache
def _rules() -> frozenset[str]:
    text = (files("dateline_schemas") / "public_suffixes.dat").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("//"))
