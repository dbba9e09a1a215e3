"""The settings of a service that fetches documents from the web: its limits, its guard, and who it says it is."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from dateline.settings.loading import Section

__all__ = ["HttpClientSection", "list_parts"]

MAX_HEADER_BYTES = 1024 * 1024
"""The highest limit on the size of an answer's header."""

MAIL = re.compile(r"[^@/:]+@[^@/:]+")
PROXY = re.compile(r"https?://[^\s/]+/?")


def list_parts(text: str) -> list[str]:
    """Return the parts of a setting that is a list separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part) for part in list_parts(value))
    except ValueError as error:
        raise ValueError(f"{error}; write networks like 127.0.0.0/8, separated by commas") from error


class HttpClientSection(Section):
    """What the sections of services have in common that fetch documents from the web."""

    role: ClassVar[str] = "reader"
    """What the service is, for the `User-Agent` header."""

    connect_timeout_seconds: float = Field(default=10.0, gt=0, description="Limit on the time to connect to a server.")
    silence_timeout_seconds: float = Field(
        default=15.0,
        gt=0,
        description="Limit on the time that a server is silent, before its first byte and between two.",
    )
    fetch_timeout_seconds: float = Field(
        default=30.0, gt=0, description="Limit on the time of one fetch, including redirects and the body."
    )
    max_ratio: int = Field(
        default=200,
        ge=2,
        le=2000,
        description="Limit on the ratio of a document's size after decompression to that before it.",
    )
    max_header_bytes: int = Field(
        default=32 * 1024,
        ge=1024,
        le=MAX_HEADER_BYTES,
        description="Limit on the size of an answer's header, all lines together.",
    )
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(),
        description="Networks that documents may be fetched from although they are private, loopback or otherwise not "
        "public, such as 127.0.0.0/8, separated by commas.",
    )
    proxy: SecretStr | None = Field(
        default=None,
        description="HTTP proxy for all requests, such as http://user:password@proxy.example:3128. It must refuse "
        "addresses that are not public, because the service cannot see what a name resolves to behind it.",
    )
    contact: str | None = Field(
        default=None,
        min_length=3,
        pattern=r"^[\x21-\x7e]+$",
        description="Web or mail address for complaints, which is sent to every server.",
    )
    user_agent: str
    """Name of the program; each section declares it with its own version."""

    @property
    def agent(self) -> str:
        """The `User-Agent` header: who asks, and where to complain."""
        if self.contact is None:
            return f"{self.user_agent} ({self.role})"
        contact = f"mailto:{self.contact}" if MAIL.fullmatch(self.contact) else self.contact
        return f"{self.user_agent} ({self.role}; +{contact})"

    def client_values(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Return the options of the HTTP client that this section decides, by the option's name.

        Args:
            fields: the fields of the section that error messages mention, by the option that each decides.
        """
        variables = {field: name for name, field in self.names().items()}
        return {
            "user_agent": self.agent,
            "connect_timeout_seconds": self.connect_timeout_seconds,
            "silence_timeout_seconds": self.silence_timeout_seconds,
            "request_timeout_seconds": self.fetch_timeout_seconds,
            "max_header_bytes": self.max_header_bytes,
            "allowed_networks": self.allow_networks,
            "proxy": None if self.proxy is None else self.proxy.get_secret_value(),
            "setting_names": {option: variables[field] for option, field in fields.items()},
        }

    @field_validator("proxy")
    @classmethod
    def _proxy_is_an_address(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not PROXY.fullmatch(proxy.get_secret_value()):
            # Without the value: it may hold a password.
            raise ValueError("a proxy is written like http://proxy.example:3128")
        return proxy
