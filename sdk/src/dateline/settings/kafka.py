"""The settings of Kafka: where it is and how to talk to it."""

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from dateline_schemas.topic import DEFAULT_NAMESPACE
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from dateline.settings.loading import Section

__all__ = ["BOOTSTRAP", "KafkaSettings"]

BOOTSTRAP = "DATELINE_KAFKA__BOOTSTRAP_SERVERS"
"""If it is set, that Kafka is used, and the embedded broker is not started."""


Compression = Literal["zstd", "lz4", "gzip", "none"]
"""Codecs that Kafka knows and that news is worth."""


class KafkaSettings(Section):
    """The connection to Kafka."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_KAFKA__")

    bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        min_length=3,
        description="Brokers to connect to first, as host:port, separated by commas. "
        "If unset, the embedded broker of the current folder is used, if it is running.",
    )
    topic_prefix: str = Field(
        default="dateline.",
        pattern=r"^[a-zA-Z0-9._-]*$",
        description="Prefix of the names of all topics.",
    )
    instance_uri: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$",
        description="URI of this installation, such as https://news.example/dateline. The `ce_source` of each event "
        "begins with it. If unset, `urn:dateline:` and the id of the Kafka cluster.",
    )
    event_namespace: str = Field(
        default=DEFAULT_NAMESPACE,
        pattern=r"^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$",
        description="Namespace of the `ce_type` of your own consumers' events: a domain of yours, reversed, such as "
        "com.example.",
    )
    compression: Compression = Field(
        default="zstd",
        description="Codec of the records that are written: zstd, lz4, gzip or none. Records of all codecs are read.",
    )
    replication_factor: int = Field(default=1, ge=1, le=9, description="Replicas of the topics that Dateline creates.")
    min_insync_replicas: int = Field(
        default=1, ge=1, le=9, description="A record counts as written when this many replicas have it."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="Protocol of the connections to the brokers."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="PLAIN", description="SASL mechanism, if the protocol is SASL."
    )
    sasl_username: str | None = Field(default=None, description="User name for SASL.")
    sasl_password: SecretStr | None = Field(default=None, description="Password for SASL.")
    ssl_cafile: Path | None = Field(
        default=None, description="File of trusted certificates, PEM. If unset, those of the system."
    )
    ssl_certfile: Path | None = Field(default=None, description="File of the client's certificate, PEM.")
    ssl_keyfile: Path | None = Field(default=None, description="File of the key of the client's certificate, PEM.")
    ssl_check_hostname: bool = Field(
        default=True, description="Whether the broker's certificate must match its host name."
    )
    session_timeout_seconds: float = Field(
        default=10.0,
        ge=1,
        le=300,
        description="A replica that sends no heartbeat to the broker for this long loses its partitions to the others.",
    )
    transaction_timeout_seconds: float = Field(
        default=6.0,
        ge=0.5,
        le=300,
        description="The broker aborts a transaction that is open for this long; must be below the session time-out.",
    )
    request_timeout_seconds: float = Field(
        default=10.0, ge=0.5, le=300, description="How long one request to a broker may take."
    )
    instance_id: str | None = Field(
        default=None,
        min_length=1,
        description="Name that this replica keeps over restarts (static membership): "
        "a restart within the session time-out then moves no partitions.",
    )

    def event_source(self, name: str) -> str:
        """Return the `ce_source` of the events of a service or group: installation, prefix of topics, and name.

        Without an installation, which `with_instance` finds, it is a relative reference.
        """
        return f"{(self.instance_uri or '').rstrip('/')}/{self.topic_prefix}{quote(name, safe='')}"

    @model_validator(mode="after")
    def _consistent(self) -> "KafkaSettings":
        if self.transaction_timeout_seconds >= self.session_timeout_seconds:
            raise ValueError(
                f"transaction_timeout_seconds ({self.transaction_timeout_seconds:g}) must be below "
                f"session_timeout_seconds ({self.session_timeout_seconds:g})"
            )
        if self.security_protocol.startswith("SASL") and not (self.sasl_username and self.sasl_password):
            raise ValueError(f"security_protocol {self.security_protocol} needs sasl_username and sasl_password")
        if self.ssl_keyfile and not self.ssl_certfile:
            raise ValueError("ssl_keyfile needs ssl_certfile")
        if self.min_insync_replicas > self.replication_factor:
            raise ValueError(
                f"min_insync_replicas ({self.min_insync_replicas}) must not be above "
                f"replication_factor ({self.replication_factor})"
            )
        return self
