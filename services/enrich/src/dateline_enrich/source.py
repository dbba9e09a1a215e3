"""Derives the country where an article was published from its address."""

from urllib.parse import urlsplit

__all__ = ["country_of"]

ANYWHERE = frozenset(
    (
        *("ac", "ad", "ag", "ai", "am", "as", "bz", "cc", "cd", "co", "cx", "dj", "eu", "fm", "gg", "gl", "gs", "ht"),
        *("im", "in", "io", "la", "li", "ly", "me", "ms", "mu", "nu", "pw", "sc", "sh", "so", "st", "su", "sx", "tk"),
        *("to", "tv", "vc", "vg", "ws"),
    )
)
"""Country domains that are used all over the world."""

OTHERWISE = {"uk": "GB", "gov": "US", "mil": "US"}
"""Domains that differ from the code of their country."""


def country_of(address: str) -> str | None:
    """Return the ISO 3166-1 code of the country of a URL's domain.

    Args:
        address: a URL or any other text.

    Returns:
        the code, or None for a domain that belongs to no country or is used all over the world.
    """
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    domain = host.rstrip(".").rpartition(".")[2]
    if domain in OTHERWISE:
        return OTHERWISE[domain]
    is_code = len(domain) == 2 and domain.isalpha() and domain.isascii()
    return domain.upper() if is_code and domain not in ANYWHERE else None
