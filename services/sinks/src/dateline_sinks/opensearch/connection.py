"""Requests to an OpenSearch, and what their failures mean for a sink."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from dateline.errors import PermanentError, StageError, TransientError
from pydantic import SecretStr

from dateline_sinks.opensearch.options import OpenSearchOptions

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["check_address", "connect", "shown", "translated"]

REFUSED = frozenset({400, 413})
"""Statuses about the content of a request."""

DENIED = frozenset({401, 403})
"""Statuses about who asks."""


def check_address(target: str) -> None:
    """Refuse what is not the address of a server.

    Raises:
        ValueError: it is not http or https, or has no host.
    """
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write an address such as https://search.example:9200")


def shown(target: str) -> str:
    """Return an address without user name and password."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def connect(target: str, options: OpenSearchOptions) -> "OpenSearch":
    """Return a client; nothing is sent yet.

    It does not retry by itself: only the sink knows whether a request may be repeated.

    Raises:
        StageError: a file of a secret or certificate cannot be read.
    """
    from opensearchpy import OpenSearch

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
            given |= {name: str(path) for name, path in files.items() if path is not None}
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
    from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError

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


def _described(error: Any) -> str:
    if isinstance(error.status_code, int):
        return f"the server answered {error.status_code}: {error.error}"
    return f"the server does not answer: {error.error}"


def _secret(given: SecretStr | None, file: Path | None) -> str | None:
    if file is not None:
        return file.read_text("utf-8").strip()
    return given.get_secret_value() if given else None
