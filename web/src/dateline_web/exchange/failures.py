"""Says why a request failed: in words, and whether it was cut off."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EMFILE, ENFILE, ENOBUFS, ENOMEM

import aiohttp

from dateline_web.connectivity.outcome import Cut
from dateline_web.errors import FetchError
from dateline_web.network import ForbiddenAddressError
from dateline_web.options import ClientOptions

__all__ = ["cut_by_proxy", "failures_in_words"]

MAX_MESSAGE_CHARACTERS = 200
"""Characters of a parser's message that are quoted."""

UNKNOWN_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""Errors of the resolver that mean: this name does not exist, or has no address."""

EXHAUSTED = frozenset({EMFILE, ENFILE, ENOBUFS, ENOMEM})
"""Errors of the operating system for an exhausted resource of this process or machine."""

PROXY_GATEWAY = frozenset({502, 503, 504})
"""Statuses with which a proxy says that it did not reach the host."""


@contextmanager
def failures_in_words(options: ClientOptions) -> Iterator[None]:
    """Turn what aiohttp and the operating system raise in the block into `FetchError`."""
    try:
        yield
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # TimeoutError is an OSError.
        raise FetchError(_in_words(error, options), cut=_cut(error, behind_proxy=options.proxy is not None)) from error


def _cut(error: Exception, *, behind_proxy: bool) -> Cut | None:
    match error:
        case OSError(errno=number) if number in EXHAUSTED:
            return "here"
        case ForbiddenAddressError() | aiohttp.ClientConnectorError(os_error=ForbiddenAddressError()):
            return None
        case aiohttp.ClientSSLError() | aiohttp.ServerFingerprintMismatch():
            # A server answered.
            return None
        case aiohttp.ClientHttpProxyError():
            return cut_by_proxy(error.status)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() if behind_proxy:
            # All connections lead to the proxy.
            return "here"
        case aiohttp.ClientConnectorDNSError():
            return "unknown name" if error.os_error.errno in UNKNOWN_NAME else "name"
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError() | OSError():
            # Time-outs are OSErrors.
            return "connection"
    return None


def cut_by_proxy(status: int) -> Cut | None:
    """Return how a request was cut off that a proxy answered with `status` instead of the host; None if it was not."""
    if status == 407:
        return "here"
    return "connection" if status in PROXY_GATEWAY else None


def _in_words(error: Exception, options: ClientOptions) -> str:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return f"connecting took longer than {options.connect_timeout_seconds:g} s"
        case aiohttp.SocketTimeoutError():
            return f"the server was silent for {options.silence_timeout_seconds:g} s"
        case TimeoutError():
            return f"time-out after {options.request_timeout_seconds:g} s"
        case aiohttp.ClientConnectorDNSError():
            return f"the host name {error.host} cannot be resolved"
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate of {error.host} is not valid: {error.certificate_error}"
        case aiohttp.ClientConnectorError():
            reason = error.os_error.strerror or str(error.os_error)
            return f"cannot connect to {error.host}:{error.port}: {reason}"
        case ForbiddenAddressError():
            return error.strerror or str(error)
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection"
        case aiohttp.ClientPayloadError():
            return "the answer broke off before its end"
        case aiohttp.InvalidURL():
            return "the address is not a URL"
        case aiohttp.ClientHttpProxyError():
            return f"the proxy answered {error.status} {error.message[:MAX_MESSAGE_CHARACTERS]}".rstrip()
        case aiohttp.ClientResponseError():
            return f"the answer is not valid HTTP: {error.message[:MAX_MESSAGE_CHARACTERS]}"
    return f"{type(error).__name__}: {error}"
