"""Where a request with a cookie comes from: only the pages of this service may send one."""

from urllib.parse import urlsplit

from fastapi import Request

__all__ = ["foreign_origin"]

OWN_SITES = ("same-origin", "none")
"""Values of `Sec-Fetch-Site` of a page of this service, and of the person at the browser."""


def foreign_origin(request: Request) -> str | None:
    """Return why a request does not come from a page of this service; None if it does.

    Browsers that know `Sec-Fetch-Site` send it over HTTPS and to this machine, and a page cannot forge it. It is
    right behind a proxy too, which may change the header `Host`. Without it, the host of `Origin` has to be the one
    that was asked.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        return None if site in OWN_SITES else f"it comes from another page (Sec-Fetch-Site: {site[:40]})"
    if origin is None:
        return "it does not say which page it comes from (neither Sec-Fetch-Site nor Origin)"
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        host = ""
    if not host or host.lower() != request.headers.get("host", "").lower():
        return f"it comes from another page (Origin: {origin[:200]})"
    return None
