"""The settings of the HTTP server of ingest."""

from dateline.pipeline.events import BATCH_OVERHEAD_BYTES
from dateline.settings import Section
from dateline_schemas.topic import MIB
from dateline_schemas.topics import ARTICLES_PARSED
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from dateline_ingest.http.tokens import parse_tokens

__all__ = ["HttpSettings"]

MAX_ARTICLE_BYTES = ARTICLES_PARSED.max_message_bytes - BATCH_OVERHEAD_BYTES
"""Maximum size of an article in the topic."""


class HttpSettings(Section):
    """The HTTP server of ingest, which receives pushed articles; disabled unless a port is set."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_INGEST__")

    http_port: int | None = Field(
        default=None, ge=0, le=65535, description="Port to listen on; 0 picks a free port; unset disables the server."
    )
    http_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on; 0.0.0.0 means all addresses of the machine.",
    )
    http_connections: int = Field(
        default=256,
        ge=1,
        le=100_000,
        description="Maximum number of simultaneous connections; further clients get status 503.",
    )
    http_buffer_bytes: int = Field(
        default=64 * MIB,
        ge=MIB,
        description="Memory for the bodies of requests that wait for Kafka; beyond it clients get status 429.",
    )
    http_body_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Time limit for the body of a request to arrive; a slower client gets status 408.",
    )
    http_commit_seconds: float = Field(
        default=10.0, gt=0, le=300, description="How long a request waits for Kafka before it gets status 429."
    )
    push_tokens: SecretStr | None = Field(
        default=None,
        description="Bearer tokens that allow pushing articles, separated by commas, each as TOKEN or NAME:TOKEN. The "
        "name is the source of articles that do not name one. Unset: pushing is disabled.",
    )
    push_max_body_bytes: int = Field(
        default=10 * MIB,
        ge=1024,
        le=256 * MIB,
        description="Maximum size of a body, as received and after decompression (413).",
    )
    push_max_article_bytes: int = Field(
        default=MIB, ge=1024, le=MAX_ARTICLE_BYTES, description="Maximum size of one article in a body (413)."
    )
    push_max_articles: int = Field(
        default=10_000, ge=1, le=100_000, description="Maximum number of articles in a body (413)."
    )
    push_rate: float = Field(
        default=1000.0,
        gt=0,
        description="Articles per second that each token may push to this replica in the long run (429).",
    )
    push_burst: int = Field(
        default=10_000,
        ge=1,
        description="Articles that a token may push at once after a pause, before its rate applies.",
    )

    @field_validator("push_tokens")
    @classmethod
    def _readable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_tokens(value.get_secret_value())
        return value
