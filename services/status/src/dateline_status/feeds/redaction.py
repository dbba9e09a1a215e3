"""Removes from text what a page must not show."""

import re

from dateline.cli.printable import printable

__all__ = ["host_of", "line", "without_credentials"]

CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
"""User name and password of an address, wherever it stands in a text."""

HOST = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]*\]|[^/?#:\s]*)")
"""The host of an address in lower case without credentials."""


def without_credentials(text: str) -> str:
    """Return a text in which no address has a user name and password."""
    return CREDENTIALS.sub("", text) if "@" in text else text


def line(text: str) -> str:
    """Return a text as one line without credentials; characters that are not printable are replaced."""
    shown = without_credentials(text)
    return shown if shown.isprintable() and "  " not in shown else printable(shown)


def host_of(address: str) -> str:
    """Return the host of an address without credentials, in lower case; empty if it has none."""
    found = HOST.match(address.lower())
    return found[1].rstrip(".") if found else ""
