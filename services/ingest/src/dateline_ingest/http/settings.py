"""The settings of ingest's own HTTP server."""

from dateline.settings import Section
from dateline_schemas.topic import MIB
from dateline_schemas.topics import ARTICLES_PARSED
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from dateline_ingest.articles.record import BATCH_OVERHEAD_BYTES
from dateline_ingest.http.tokens import parse_tokens

__all__ = ["HttpSettings"]

LARGEST_ARTICLE = ARTICLES_PARSED.max_message_bytes - BATCH_OVERHEAD_BYTES
"""What the topic takes at most."""


class HttpSettings(Section):
    """The HTTP server of ingest, for articles that are pushed; off unless it is given a port."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_INGEST__")

    http_port: int | None = Field(
        default=None, ge=0, le=65535, description="The port to listen on; unset: no server; 0: any that is free."
    )
    http_host: str = Field(
        default="127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0: all of the machine's."
    )
    http_connections: int = Field(
        default=256, ge=1, le=100_000, description="Clients at the same time; further ones are told to come back (503)."
    )
    http_buffer_bytes: int = Field(
        default=64 * MIB,
        ge=MIB,
        description="Bytes of all requests that are on their way to Kafka; beyond, clients have to wait (429).",
    )
    http_body_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="How long the body of a request may take to arrive (408)."
    )
    http_commit_seconds: float = Field(
        default=10.0, gt=0, le=300, description="How long a request waits for Kafka before it is sent away (429)."
    )
    push_tokens: SecretStr | None = Field(
        default=None,
        description="Bearer tokens that may push articles, separated by commas, each as TOKEN or NAME:TOKEN, where the "
        "name is the source of articles that name none; unset: nobody may.",
    )
    push_max_body_bytes: int = Field(
        default=10 * MIB, ge=1024, le=256 * MIB, description="Largest body, as it comes and after decompression (413)."
    )
    push_max_article_bytes: int = Field(
        default=MIB, ge=1024, le=LARGEST_ARTICLE, description="Largest single article of a body (413)."
    )
    push_max_articles: int = Field(default=10_000, ge=1, le=100_000, description="Most articles of one body (413).")
    push_rate: float = Field(
        default=1000.0, gt=0, description="Articles a second that each token may push to this replica in the long run."
    )
    push_burst: int = Field(
        default=10_000,
        ge=1,
        description="Articles that a token may push at once after a pause, before its rate counts.",
    )

    @field_validator("push_tokens")
    @classmethod
    def _readable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_tokens(value.get_secret_value())
        return value
