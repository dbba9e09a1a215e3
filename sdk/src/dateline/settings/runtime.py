"""The settings of the runtime: batches, retries, dead letters, heartbeats and logs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from dateline.settings.loading import Section

__all__ = ["RuntimeSettings"]


class RuntimeSettings(Section):
    """How tasks batch, retry, give up and report."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_RUNTIME__")

    batch_records: int = Field(default=500, ge=1, le=100_000, description="Most records in one transaction.")
    batch_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="A batch is closed when its records reach so many bytes."
    )
    batch_seconds: float = Field(
        default=2.0, gt=0, le=120, description="A batch is closed when the work on it has taken so long."
    )
    dead_letter_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="The stage stops when a larger share of its recent records became dead letters; 1: never.",
    )
    dead_letter_minimum: int = Field(default=20, ge=1, description="The share counts from so many dead letters on.")
    dead_letter_window: int = Field(
        default=1000, ge=10, description="How many recent records of a partition the share is taken over."
    )
    retry_initial_seconds: float = Field(default=0.2, gt=0, description="The first pause after a transient fault.")
    retry_max_seconds: float = Field(default=30.0, gt=0, description="The longest pause between two attempts.")
    release_seconds: float = Field(
        default=5.0,
        gt=0,
        description="How long a batch may go on when its partition is taken away or the service stops.",
    )
    work_timeout_seconds: float = Field(
        default=300.0,
        gt=0,
        description="One record that is worked on for so long counts as stuck: the process ends, to be restarted.",
    )
    stalled_seconds: float = Field(
        default=15.0,
        gt=0,
        description="A reader that gets nothing for so long while its partition has records is replaced.",
    )
    heartbeat_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="How often a service says that it is alive."
    )
    alive_file: Path | None = Field(
        default=None,
        description="A file that the service writes its state to as often as heartbeats: a supervisor that finds it "
        "older than some of them may restart the service. Unset: none.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe messages that are shown."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Lines for people or JSON; auto: JSON unless a terminal reads them."
    )

    @model_validator(mode="after")
    def _consistent(self) -> "RuntimeSettings":
        # The past fades by halves: from a shorter window the minimum would never be reached.
        if self.dead_letter_minimum * 2 > self.dead_letter_window:
            raise ValueError(
                f"dead_letter_minimum ({self.dead_letter_minimum}) must be at most half of "
                f"dead_letter_window ({self.dead_letter_window})"
            )
        return self
