"""The options of the webhook sink."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from dateline.settings.http_client import list_parts
from dateline.sink.sink import SinkOptions
from pydantic import BeforeValidator, Field, SecretStr, model_validator

__all__ = ["WebhookOptions"]


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part) for part in list_parts(value))
    except ValueError as error:
        raise ValueError(f"{error}; write networks like 10.0.0.0/8, separated by commas") from error


class WebhookOptions(SinkOptions):
    """How articles are sent, and with which secrets."""

    secret: SecretStr | None = Field(
        default=None,
        description="Secret that signs each request: whsec_ and base64; several, separated by spaces, all sign. "
        "Give it by the environment or by a file: other users of a machine can read command lines.",
    )
    secret_file: Path | None = Field(
        default=None,
        description="File of the secrets, one a line; it is read again whenever a partition is opened.",
    )
    headers_file: Path | None = Field(
        default=None,
        description="File of further headers, `Name: value` on each line, such as one for Authorization.",
    )
    mode: Literal["binary", "structured"] = Field(
        default="binary",
        description="Form of the CloudEvents: attributes in headers and the article as body, or both in one JSON body.",
    )
    concurrency: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Requests that a partition makes at the same time; those for one article always keep their order.",
    )
    timeout_seconds: float = Field(default=20.0, gt=0, le=300, description="Limit on the time of one request.")
    attempts: int = Field(
        default=5,
        ge=1,
        le=20,
        description="Failed attempts at one article after which the partition pauses for longer.",
    )
    first_pause_seconds: float = Field(
        default=0.5, gt=0, le=60, description="Pause after the first failed attempt; it doubles after each further one."
    )
    longest_pause_seconds: float = Field(
        default=300.0,
        gt=0,
        le=86_400,
        description="Longest pause between attempts, unless Retry-After asks for more.",
    )
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks that may be sent to although they are private, loopback or otherwise not public, such as "
        "10.0.0.0/8, separated by commas.",
    )
    proxy: SecretStr | None = Field(
        default=None, description="HTTP proxy for all requests, such as http://proxy.example:3128."
    )

    @model_validator(mode="after")
    def _signed(self) -> "WebhookOptions":
        if self.secret is None and self.secret_file is None:
            raise ValueError("a webhook signs its requests: give a secret (whsec_...) by secret or secret_file")
        return self
