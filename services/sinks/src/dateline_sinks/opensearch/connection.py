"""Requests to an OpenSearch, and what their failures mean for a sink."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dateline.errors import PermanentError, StageError, TransientError
from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError
from pydantic import SecretStr

from dateline_sinks.address import address_without_credentials as shown
from dateline_sinks.opensearch.options import OpenSearchOptions

__all__ = ["connect", "translated", "with_client"]

T = TypeVar("T")

REFUSED = frozenset({400, 413})
"""Statuses about the content of a request."""

DENIED = frozenset({401, 403})
"""Statuses about who asks."""


def connect(target: str, options: OpenSearchOptions) -> OpenSearch:
    """Return a client; nothing is sent yet.

    It does not retry by itself: only the sink knows whether a request may be repeated.

    Raises:
        StageError: a file of a secret or certificate cannot be read.
    """
    # It logs each failure with a traceback, and the sink's runner reports all of them.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    given: dict[str, Any] = {"timeout": options.timeout_seconds, "max_retries": 0, "retry_on_timeout": False}
    try:
        password = _secret(options.password, options.password_file)
        api_key = _secret(options.api_key, options.api_key_file)
        if options.user is not None:
            given["http_auth"] = (options.user, password or "")
        if api_key is not None:
            given["headers"] = {"authorization": f"ApiKey {api_key}"}
        if urlsplit(target).scheme == "https":
            given["verify_certs"] = True
            files = {
                "ca_certs": options.ca_file,
                "client_cert": options.certificate_file,
                "client_key": options.key_file,
            }
            # The client would find out at its first request, and call a missing file a failure of the server.
            given |= {name: str(path.resolve(strict=True)) for name, path in files.items() if path is not None}
        return OpenSearch([target], **given)
    except (OSError, ValueError) as error:
        raise StageError(f"the secrets or certificates for {shown(target)} cannot be used: {error}") from error


@contextmanager
def translated(target: str, *, starting: bool = False) -> Iterator[None]:
    """Turn the errors of the client in the block into those of sinks.

    Args:
        target: the address, for messages.
        starting: whether access that is denied stops the sink, because somebody is there to correct it.
    """
    try:
        yield
    except TransportError as error:
        status, reason = error.status_code, f"{shown(target)}: {_described(error)}"
        if status in REFUSED:
            raise PermanentError(reason) from error
        if starting and (status in DENIED or isinstance(error, SSLError)):
            raise StageError(reason) from error
        raise TransientError(reason) from error
    except OpenSearchException as error:
        # Such as an answer of a proxy that is not JSON.
        raise TransientError(f"{shown(target)}: {type(error).__name__}: {error}") from error


def with_client(target: str, options: OpenSearchOptions, work: Callable[[OpenSearch], T]) -> T:
    """Return the result of `work` with a client that is closed afterwards."""
    client = connect(target, options)
    try:
        with translated(target, starting=True):
            return work(client)
    finally:
        client.close()


def _described(error: Any) -> str:
    if isinstance(error.status_code, int):
        return f"the server answered {error.status_code}: {error.error}"
    return f"the server does not answer: {error.error}"


def _secret(given: SecretStr | None, file: Path | None) -> str | None:
    if file is not None:
        return file.read_text("utf-8").strip()
    return given.get_secret_value() if given else None
