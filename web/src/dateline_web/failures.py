"""Says in words why a request failed."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from dateline_web.errors import FetchError
from dateline_web.network import ForbiddenAddressError
from dateline_web.options import ClientOptions

__all__ = ["failures_in_words"]

MAX_MESSAGE_CHARACTERS = 200
"""Characters of a parser's message that are quoted."""


@contextmanager
def failures_in_words(options: ClientOptions) -> Iterator[None]:
    """Turn what aiohttp and the operating system raise in the block into `FetchError`."""
    try:
        yield
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # TimeoutError is an OSError.
        raise FetchError(_in_words(error, options)) from error


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
        case aiohttp.ClientResponseError():
            return f"the answer is not valid HTTP: {error.message[:MAX_MESSAGE_CHARACTERS]}"
    return f"{type(error).__name__}: {error}"
