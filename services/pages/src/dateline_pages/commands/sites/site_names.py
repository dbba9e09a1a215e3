"""Finds the site that somebody names."""

from collections.abc import Iterable

from dateline.cli.printable import printable
from dateline.errors import DatelineError
from dateline_schemas import site_key
from dateline_web.address import without_credentials

__all__ = ["known_site_named", "site_named"]

MOST_NAMED = 10
"""At most this many sites are named in an error."""


def site_named(text: str) -> str:
    """Return the site of a text that names it: the site itself, a host, or an address.

    Raises:
        DatelineError: the text names no site.
    """
    text = text.strip()
    site = site_key(text if "//" in text else f"https://{text}")
    if site is None or any(each.isspace() for each in text):
        shown = printable(without_credentials(text))
        raise DatelineError(f"{shown!r} is not a site; name it like example.org, or by an address of it")
    return site


def known_site_named(text: str, known: Iterable[str]) -> str:
    """Return the known site that a text names; a part of the name is enough if only one site has it.

    Args:
        text: the site, a host, an address or a part of the site's name.
        known: all known sites.

    Raises:
        DatelineError: no known site has this name, or more than one has this part.
    """
    sites, site = set(known), site_named(text)
    if site in sites:
        return site
    part = text.strip().lower()
    matches = sorted(each for each in sites if part in each)
    if len(matches) == 1:
        return matches[0]
    if matches:
        more = f" and {len(matches) - MOST_NAMED:,} more" if len(matches) > MOST_NAMED else ""
        raise DatelineError(
            f"more than one site has {printable(part)!r} in its name: {', '.join(matches[:MOST_NAMED])}{more}; "
            "name one of them"
        )
    raise DatelineError(f"no such site: {printable(site)}; `dateline pages list` shows all sites")
