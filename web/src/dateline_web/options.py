"""The options of the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dateline_web.network import Network

__all__ = ["ClientOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """The limits of a `WebClient`, and what it tells servers."""

    user_agent: str
    """The `User-Agent` header: who asks, and where to complain."""
    accept: str = "*/*"
    """The default `Accept` header."""
    connections: int = 64
    """At most this many connections are open at a time."""
    connections_per_host: int = 2
    """At most this many connections to one host are open at a time; does not apply behind a proxy."""
    connect_timeout_seconds: float = 10.0
    """Limit on the time to connect."""
    silence_timeout_seconds: float = 15.0
    """Limit on the time that a server may be silent, before its first byte and between two."""
    request_timeout_seconds: float = 30.0
    """Limit on the time of one request, including redirects and the body."""
    max_body_bytes: int = 10 * 1024 * 1024
    """Limit on the body of a document, before decompression."""
    max_header_bytes: int = 32 * 1024
    """Limit on the header of an answer, all lines together."""
    max_redirects: int = 5
    """At most this many redirects are followed."""
    allowed_networks: tuple[Network, ...] = ()
    """Networks that may be connected to although their addresses are not public."""
    proxy: str | None = field(default=None, repr=False)
    """Address of an HTTP proxy for all requests, with its credentials.

    The proxy must refuse addresses that are not public: the client cannot see what a name resolves to behind it.
    """
    setting_names: Mapping[str, str] = field(default_factory=dict)
    """The names under which a person can set these options, by option; error messages mention them."""

    def hint(self, option: str) -> str:
        """Return the name of the setting behind `option` in parentheses, after a space; empty if it has none."""
        name = self.setting_names.get(option)
        return f" ({name})" if name else ""
