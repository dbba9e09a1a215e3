"""The settings of the status service."""

import re

from dateline.settings import Section
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

__all__ = ["StatusSettings"]


MIN_TOKEN_CHARS = 16
"""Minimum length of a token; shorter ones can be guessed."""

TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What a bearer token may consist of (RFC 6750)."""


class StatusSettings(Section):
    """The address of the status service, how often it reads Kafka, and when it raises a warning."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_STATUS__")

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address to listen on; 0.0.0.0 listens on all addresses. The pages need no password.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="The port to listen on; 0 chooses a free port.")
    token: SecretStr | None = Field(
        default=None,
        description="The token that allows changes, by signing in at /sign-in or as a bearer token. "
        "Unset: nothing can be changed.",
    )
    session_seconds: float = Field(
        default=43_200.0, gt=0, le=2_592_000, description="Seconds after which a session in a browser ends."
    )
    cookie_https_only: bool = Field(
        default=False,
        description="Send the cookie of a session over HTTPS only; set this if a proxy does not say that it was asked "
        "over HTTPS.",
    )
    refresh_seconds: float = Field(default=1.5, ge=0.1, le=600, description="Seconds between two reads of Kafka.")
    topics_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="Seconds between two comparisons of the topics' settings."
    )
    answer_seconds: float = Field(
        default=3.0,
        gt=0,
        le=300,
        description="Kafka counts as down if it has not answered a request after this many seconds.",
    )
    stale_seconds: float = Field(
        default=30.0,
        gt=0,
        description="A snapshot of Kafka older than this many seconds is stale: /readyz and /livez then return 503.",
    )
    window_seconds: float = Field(
        default=60.0, gt=0, description="A group is judged by its progress over this many seconds."
    )
    stopped_seconds: float = Field(
        default=15.0, ge=0, description="A group with lag has stopped if it has had no members for this many seconds."
    )
    exact_lag_limit: int = Field(
        default=1000,
        ge=0,
        le=100_000,
        description="Up to this many offsets from the end, the records are counted; "
        "beyond, the distance between the offsets is reported as an upper bound.",
    )
    late_heartbeats: float = Field(
        default=3.0, ge=1, description="An instance is late after this many missing heartbeats."
    )
    lost_seconds: float = Field(
        default=60.0,
        gt=0,
        description="An instance has failed if it has sent no heartbeat for this many seconds and did not report that "
        "it stopped.",
    )
    forget_seconds: float = Field(
        default=900.0, gt=0, description="An instance that is not alive is no longer shown after this many seconds."
    )
    recent_seconds: float = Field(
        default=3600.0,
        gt=0,
        description="Dead letters younger than this many seconds that were not replayed are a warning.",
    )
    recent_articles: int = Field(
        default=50_000,
        ge=0,
        le=1_000_000,
        description="At most this many of the newest articles are kept in memory for the list and the search; "
        "0 turns both off.",
    )
    search_records: int = Field(
        default=20_000,
        ge=1,
        le=1_000_000,
        description="An article is searched this many offsets back from the end of its partition.",
    )

    @field_validator("token")
    @classmethod
    def _strong(cls, value: SecretStr | None) -> SecretStr | None:
        # The messages do not reveal the token.
        if value is not None and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it has characters that a bearer token cannot have; try `openssl rand -hex 24`")
        if value is not None and len(value.get_secret_value()) < MIN_TOKEN_CHARS:
            raise ValueError(f"it has fewer than {MIN_TOKEN_CHARS} characters; try `openssl rand -hex 24`")
        return value
