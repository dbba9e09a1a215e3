"""Where an article was published, as far as its address tells."""

from urllib.parse import urlsplit

__all__ = ["country_of"]

_ANYWHERE = frozenset(
    (
        *("ac", "ad", "ag", "ai", "am", "as", "bz", "cc", "cd", "co", "cx", "dj", "eu", "fm", "gg", "gl", "gs", "ht"),
        *("im", "in", "io", "la", "li", "ly", "me", "ms", "mu", "nu", "pw", "sc", "sh", "so", "st", "su", "sx", "tk"),
        *("to", "tv", "vc", "vg", "ws"),
    )
)
"""Domains of countries that are used everywhere."""

_OTHERWISE = {"uk": "GB", "gov": "US", "mil": "US"}
"""Domains that are not the code of their country."""


def country_of(address: str) -> str | None:
    """Return the ISO 3166-1 code of the country that a URL's domain belongs to.

    Args:
        address: A URL, or anything else.

    Returns:
        The code; null for domains that are not a country's, or are used everywhere.
    """
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    domain = host.rstrip(".").rpartition(".")[2]
    if domain in _OTHERWISE:
        return _OTHERWISE[domain]
    is_code = len(domain) == 2 and domain.isalpha() and domain.isascii()
    return domain.upper() if is_code and domain not in _ANYWHERE else None
