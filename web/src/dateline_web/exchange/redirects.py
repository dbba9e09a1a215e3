"""Redirects: which are followed, where to, and which headers are sent to the target."""

from dataclasses import dataclass

import aiohttp
from yarl import URL

from dateline_web.errors import FetchError

__all__ = ["Route", "followed_by"]

FOLLOWED_BY_GET = frozenset({301, 302, 303, 307, 308})
"""Statuses after which a GET is repeated at the `Location`."""

FOLLOWED_BY_OTHERS = frozenset({301, 302, 307, 308})
"""Statuses after which a request with a body is repeated unchanged at the `Location`.

Browsers turn a POST into a GET after 301 and 302. Receivers of POSTs that have moved behind a web server answer with
these statuses too, and mean the same request. After 303 the answer would be another document.
"""

PERMANENT = frozenset({301, 308})
"""Redirects that ask to use the new address from now on."""

PRIVATE_HEADERS = frozenset({"authorization", "cookie"})
"""Headers that are meant for one server, and do not follow a redirect to another."""


def followed_by(method: str) -> frozenset[int]:
    """Return the statuses whose redirects a request with this method follows."""
    return FOLLOWED_BY_GET if method in ("GET", "HEAD") else FOLLOWED_BY_OTHERS


@dataclass(slots=True)
class Route:
    """The redirect chain of one request."""

    url: URL
    """The address of the next request, without credentials and fragment."""
    headers: dict[str, str]
    """The headers of the next request."""
    permanent: str | None = None
    """The target of the permanent redirects that came first: those after a temporary one do not count."""
    target: str | None = None
    """The target of a redirect that is not followed."""
    _temporary: bool = False

    @classmethod
    def to(cls, address: str, headers: dict[str, str]) -> "Route":
        """Return the route to `address`, whose credentials become a header.

        Raises:
            FetchError: the address is not an http or https URL.
        """
        url = _checked_url(address)
        route = cls(_bare(url), dict(headers))
        route._add_credentials(url)
        return route

    def redirect(self, location: str, status: int) -> None:
        """Move on to the `Location` of a redirect.

        Raises:
            FetchError: it is not an http or https URL.
        """
        target = self._target(location, status)
        self._temporary = self._temporary or status not in PERMANENT
        if not self._temporary:
            self.permanent = str(_bare(target))
        if target.origin() != self.url.origin():
            self.headers = {name: text for name, text in self.headers.items() if name.lower() not in PRIVATE_HEADERS}
        self._add_credentials(target)
        self.url = _bare(target)

    def point_to(self, location: str, status: int) -> None:
        """Set the `target` from the `Location` of a redirect that is not followed.

        Raises:
            FetchError: it is not an http or https URL.
        """
        self.target = str(_bare(self._target(location, status)))

    def _target(self, location: str, status: int) -> URL:
        try:
            return _checked_url(str(self.url.join(URL(location))))
        except ValueError as error:
            raise FetchError("a redirect leads to an invalid address", status, trouble="redirect") from error

    def _add_credentials(self, url: URL) -> None:
        if url.user or url.password:
            self.headers = {name: text for name, text in self.headers.items() if name.lower() != "authorization"}
            self.headers["Authorization"] = aiohttp.encode_basic_auth(url.user or "", url.password or "", "utf-8")


def _checked_url(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError as error:
        raise FetchError("the address is not a URL", trouble="redirect") from error
    if url.scheme not in ("http", "https") or not url.host:
        reason = f"only http and https addresses are fetched, not {url.scheme or 'this one'}"
        raise FetchError(reason, trouble="redirect")
    return url


def _bare(url: URL) -> URL:
    return url.with_user(None).with_fragment(None)
