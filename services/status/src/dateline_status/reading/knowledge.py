"""Addresses of the entries of well-known knowledge bases."""

import re

__all__ = ["knowledge_address"]

ADDRESSES = {
    "wikidata": (re.compile(r"[QPL][1-9][0-9]{0,14}"), "https://www.wikidata.org/wiki/{}"),
    "geonames": (re.compile(r"[1-9][0-9]{0,14}"), "https://www.geonames.org/{}"),
    "iso3166": (re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"), "https://www.iso.org/obp/ui/#iso:code:3166:{}"),
}
"""The form of an id and the address of its entry, by scheme; ids of another form get no address."""


def knowledge_address(scheme: str, entry: str) -> str | None:
    """Return the address of an entry, None if the knowledge base is not known or the id is not of its form."""
    form, address = ADDRESSES.get(scheme, (None, ""))
    if form is None or form.fullmatch(entry) is None:
        return None
    # A subdivision has no page of its own; it stands on that of its country.
    return address.format(entry.partition("-")[0])
