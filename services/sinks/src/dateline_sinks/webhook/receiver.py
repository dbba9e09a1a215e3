"""The receiver of a webhook: its address, and the secrets and headers that requests to it carry."""

import re
from dataclasses import dataclass, field

from dateline.errors import StageError
from dateline_web.address import web_address
from dateline_web.errors import InvalidAddressError
from dateline_web.options import ClientOptions

from dateline_sinks.address import address_without_credentials
from dateline_sinks.webhook.options import WebhookOptions
from dateline_sinks.webhook.signature import SigningKeys

__all__ = ["Receiver"]

USER_AGENT = "Dateline (webhook)"
"""Tells receivers who sends."""

HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+): *([\x20-\x7e]+)")
RESERVED = re.compile(r"webhook-|ce-|content-|traceparent|tracestate|host$|transfer-encoding|connection", re.IGNORECASE)
"""Headers that the sink sets itself."""


@dataclass(slots=True)
class Receiver:
    """The address and how to sign for it; `read` has to be called first."""

    target: str = field(repr=False)
    options: WebhookOptions
    address: str = field(default="", repr=False)
    _keys: SigningKeys | None = None
    _headers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        return address_without_credentials(self.target)

    def read(self) -> None:
        """Check the address, and read secrets and headers from where the options say.

        Raises:
            StageError: one of them is invalid; the message says which, and shows no secret.
        """
        try:
            self.address = web_address(self.target)
        except InvalidAddressError as error:
            raise StageError(f"{self.shown}: {error}") from error
        try:
            self._keys = SigningKeys.parse(self._secrets())
        except (OSError, ValueError) as error:
            raise StageError(f"the secret of the webhook {self.shown} cannot be used: {error}") from error
        try:
            self._headers = self._own_headers()
        except (OSError, ValueError) as error:
            raise StageError(f"the headers of the webhook {self.shown} cannot be used: {error}") from error

    def headers(self, message_id: str, body: bytes, timestamp: int) -> dict[str, str]:
        """Return the headers of an attempt: those of the Standard Webhooks specification, and the user's own.

        Args:
            message_id: the id, which is the same for each attempt.
            body: the body.
            timestamp: the time of the attempt, in seconds since the epoch.
        """
        assert self._keys is not None
        return self._headers | {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": self._keys.signature(message_id, timestamp, body),
        }

    def client_options(self) -> ClientOptions:
        """Return the limits of the client that sends to this receiver."""
        options = self.options
        return ClientOptions(
            user_agent=USER_AGENT,
            connections=options.concurrency,
            connections_per_host=options.concurrency,
            connect_timeout_seconds=min(10.0, options.timeout_seconds),
            silence_timeout_seconds=options.timeout_seconds,
            request_timeout_seconds=options.timeout_seconds,
            allowed_networks=options.allow_networks,
            proxy=None if options.proxy is None else options.proxy.get_secret_value(),
            setting_names={"allowed_networks": "allow_networks"},
        )

    def _secrets(self) -> str:
        options = self.options
        given = options.secret.get_secret_value() if options.secret else ""
        return f"{given} {options.secret_file.read_text('utf-8') if options.secret_file else ''}"

    def _own_headers(self) -> dict[str, str]:
        if self.options.headers_file is None:
            return {}
        headers = {}
        for number, line in enumerate(self.options.headers_file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            match = HEADER.fullmatch(line.strip())
            if match is None:
                raise ValueError(f"line {number} is not `Name: value`")
            if RESERVED.match(match[1]):
                raise ValueError(f"line {number}: the sink sets {match[1]} itself")
            headers[match[1]] = match[2]
        return headers
