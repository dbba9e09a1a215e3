"""The settings of the WebSub subscriber."""

from urllib.parse import urlsplit

from dateline.settings import Section
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from dateline_ingest.websub.capability import Capabilities

__all__ = ["WebSubSettings"]

MIN_SECRET_CHARACTERS = 16
"""The secret has at least this many characters, because all callbacks and subscription secrets come from it."""


class WebSubSettings(Section):
    """The WebSub subscriber; it is off unless a callback address and a secret are set."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_WEBSUB__")

    callback_url: str | None = Field(
        default=None,
        description="Address at which hubs reach the HTTP server of ingest, such as https://news.example/ingest; any "
        "replica may answer. If it is not set, no feed is subscribed to.",
    )
    secret: SecretStr | None = Field(
        default=None,
        description="Secret that callback addresses and the secrets of subscriptions are derived from; the same for "
        "all replicas. When it changes, all feeds are subscribed to again.",
    )
    lease_seconds: int = Field(
        default=10 * 86_400,
        ge=60,
        le=366 * 86_400,
        description="Lease that hubs are asked for; they may grant another.",
    )
    poll_seconds: float = Field(
        default=6 * 3600.0,
        ge=1,
        description="Time between two polls of a feed whose hub pushes, in case a push is lost.",
    )
    verify_seconds: float = Field(
        default=600.0, gt=0, description="Time after which a hub that has not verified a subscription is asked again."
    )
    retry_seconds: float = Field(
        default=900.0,
        gt=0,
        description="Pause after the first failed request to a hub; each further failure doubles it.",
    )
    retry_max_seconds: float = Field(
        default=7 * 86_400.0, gt=0, description="Maximum pause between two requests to a hub that fails or refuses."
    )
    concurrent_requests: int = Field(default=4, ge=1, le=100, description="Number of concurrent requests to hubs.")
    accept_sha1: bool = Field(
        default=True,
        description="Whether to accept pushes signed with HMAC-SHA1; many hubs offer nothing else.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "WebSubSettings":
        if (self.callback_url is None) != (self.secret is None):
            raise ValueError("callback_url and secret need each other: set both or neither")
        if self.callback_url is not None:
            parts = urlsplit(self.callback_url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError("callback_url must be an http or https address without query and fragment")
        if self.secret is not None and len(self.secret.get_secret_value()) < MIN_SECRET_CHARACTERS:
            raise ValueError(f"secret has fewer than {MIN_SECRET_CHARACTERS} characters; try `openssl rand -hex 32`")
        return self

    @property
    def capabilities(self) -> Capabilities | None:
        """The maker and checker of callbacks; None if WebSub is off."""
        if self.callback_url is None or self.secret is None:
            return None
        return Capabilities(self.callback_url, self.secret)
