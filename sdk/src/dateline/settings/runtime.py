"""The settings of the runtime: batches, retries, dead letters, heartbeats and logs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from dateline.settings.loading import Section

__all__ = ["RuntimeSettings"]


class RuntimeSettings(Section):
    """Batches, retries, dead letters, heartbeats and logs of all services."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_RUNTIME__")

    batch_records: int = Field(
        default=500, ge=1, le=100_000, description="At most this many records are in one transaction."
    )
    batch_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="A batch ends when its records have this many bytes."
    )
    batch_seconds: float = Field(
        default=2.0, gt=0, le=120, description="A batch ends when work on it has taken this long."
    )
    dead_letter_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="The stage stops when a larger share of its recent records became dead letters; with 1 it never "
        "stops.",
    )
    dead_letter_minimum: int = Field(
        default=20, ge=1, description="The share is checked once there are this many dead letters."
    )
    dead_letter_window: int = Field(
        default=1000, ge=10, description="The share is taken over this many recent records of a partition."
    )
    retry_initial_seconds: float = Field(
        default=0.2, gt=0, description="Pause after the first transient error; it doubles with each further one."
    )
    retry_max_seconds: float = Field(default=30.0, gt=0, description="Longest pause between two attempts.")
    release_seconds: float = Field(
        default=5.0,
        gt=0,
        description="A batch has this long to end when its partition is revoked or the service stops.",
    )
    work_timeout_seconds: float = Field(
        default=300.0,
        gt=0,
        description="Work on one record that takes this long counts as stuck: the process exits, to be restarted.",
    )
    stalled_seconds: float = Field(
        default=15.0,
        gt=0,
        description="A reader that gets no records for this long, while its partition has some, is replaced.",
    )
    heartbeat_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="Seconds between two heartbeats of a service."
    )
    figures_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="Seconds between two records of `figures` of a service."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port of the service's `/metrics` for Prometheus. With 0, a free port is used, which the log and "
        "the heartbeats name. If unset, the service does not listen. `dateline up` gives its services this port and "
        "those that follow it.",
    )
    metrics_host: str = Field(default="127.0.0.1", description="Address that `/metrics` listens on.")
    alive_file: Path | None = Field(
        default=None,
        description="File that the service writes its state to with each heartbeat. A supervisor may restart the "
        "service "
        "when the file is older than a few heartbeats. If unset, no file is written.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level of the messages that are logged."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Readable lines or JSON; auto: readable lines on a terminal, JSON elsewhere."
    )

    @model_validator(mode="after")
    def _consistent(self) -> "RuntimeSettings":
        # Counts are halved at the window's end: with a shorter window they would never reach the minimum.
        if self.dead_letter_minimum * 2 > self.dead_letter_window:
            raise ValueError(
                f"dead_letter_minimum ({self.dead_letter_minimum}) must be at most half of "
                f"dead_letter_window ({self.dead_letter_window})"
            )
        return self
