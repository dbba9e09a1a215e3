"""The settings of the WebSub subscriber."""

from urllib.parse import urlsplit

from dateline.settings import Section
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from dateline_ingest.websub.capability import Capabilities

__all__ = ["WebSubSettings"]

SHORTEST_SECRET = 16
"""Characters of the secret: all callback addresses and the secrets of all subscriptions come from it."""


class WebSubSettings(Section):
    """The WebSub subscriber; off unless the callback's address and a secret are given."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_WEBSUB__")

    callback_url: str | None = Field(
        default=None,
        description="Where hubs reach the HTTP server of ingest from outside, such as https://news.example/ingest; "
        "any replica may answer. Unset: no feed is subscribed to.",
    )
    secret: SecretStr | None = Field(
        default=None,
        description="What callback addresses and the secrets of subscriptions are made from; the same for all "
        "replicas. With another one all feeds are subscribed to anew.",
    )
    lease_seconds: int = Field(
        default=10 * 86_400,
        ge=60,
        le=366 * 86_400,
        description="The lease that hubs are asked for; they may give another.",
    )
    poll_seconds: float = Field(
        default=6 * 3600.0,
        ge=1,
        description="Feeds that are pushed are polled so often, in case that a push is lost.",
    )
    verify_seconds: float = Field(
        default=600.0, gt=0, description="A hub that has not verified a subscription for so long is asked again."
    )
    retry_seconds: float = Field(
        default=900.0, gt=0, description="Pause after the first request to a hub that failed; each one more doubles it."
    )
    retry_max_seconds: float = Field(
        default=7 * 86_400.0, gt=0, description="The longest pause between two requests to a hub that fails or refuses."
    )
    concurrent_requests: int = Field(default=4, ge=1, le=100, description="Hubs that are asked at the same time.")
    accept_sha1: bool = Field(
        default=True,
        description="Whether pushes signed with HMAC-SHA1 count, which is all that many hubs offer.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "WebSubSettings":
        if (self.callback_url is None) != (self.secret is None):
            raise ValueError("callback_url and secret need each other: set both, or none")
        if self.callback_url is not None:
            parts = urlsplit(self.callback_url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError("callback_url must be an http or https address without query and fragment")
        if self.secret is not None and len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"secret has fewer than {SHORTEST_SECRET} characters; try `openssl rand -hex 32`")
        return self

    @property
    def capabilities(self) -> Capabilities | None:
        """What makes and checks callbacks; None where no feed is subscribed to."""
        if self.callback_url is None or self.secret is None:
            return None
        return Capabilities(self.callback_url, self.secret)
