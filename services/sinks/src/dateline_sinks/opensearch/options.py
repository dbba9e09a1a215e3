"""The options of the OpenSearch sink."""

from pathlib import Path

from dateline.sink.sink import SinkOptions
from pydantic import Field, SecretStr

__all__ = ["OpenSearchOptions"]

INDEX = r"^[a-z0-9][a-z0-9_.-]{0,199}$"
"""Names of indices that OpenSearch takes."""


class OpenSearchOptions(SinkOptions):
    """Where articles are stored, and how the sink proves who it is."""

    index: str = Field(
        default="articles",
        pattern=INDEX,
        description="Alias that articles are written to and found by; if it is missing, it is created with an index.",
    )
    positions_index: str = Field(
        default="dateline-positions", pattern=INDEX, description="Index of the positions of all sinks."
    )
    user: str | None = Field(default=None, min_length=1, description="User name, unless the address holds one.")
    password: SecretStr | None = Field(
        default=None, description="Password. Other users of a machine can read command lines: prefer a file."
    )
    password_file: Path | None = Field(default=None, description="File of the password, read at each opening.")
    api_key: SecretStr | None = Field(default=None, description="Key that is sent as `Authorization: ApiKey ...`.")
    api_key_file: Path | None = Field(default=None, description="File of the API key, read at each opening.")
    ca_file: Path | None = Field(default=None, description="Certificates that the server's one is checked with (PEM).")
    certificate_file: Path | None = Field(default=None, description="Certificate of the sink itself (PEM).")
    key_file: Path | None = Field(default=None, description="Private key of the sink's certificate (PEM).")
    timeout_seconds: float = Field(default=60.0, gt=0, le=600, description="Limit on the time of one request.")
    analyzer: str = Field(
        default="standard", description="Analyzer of title, summary and body in an index that the sink creates."
    )
    shards: int = Field(default=1, ge=1, le=1024, description="Shards of an index that the sink creates.")
    replicas: int = Field(default=1, ge=0, le=10, description="Replicas of an index that the sink creates.")
