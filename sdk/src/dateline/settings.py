"""Settings from flags, the environment and `.env`, checked as a whole before anything starts."""

import difflib
import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, TypeVar

from dateline_schemas import Topic
from dateline_schemas.topics import ARTICLES_PARSED, FEEDS, SEEN
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableValueError

from dateline.errors import SettingsError

__all__ = [
    "BOOTSTRAP",
    "KafkaSettings",
    "RuntimeSettings",
    "Section",
    "found_settings",
    "known_settings",
    "load",
    "override",
]

PREFIX = "DATELINE_"
"""Every name begins with it; the part up to the double underscore is the section."""

BOOTSTRAP = "DATELINE_KAFKA__BOOTSTRAP_SERVERS"
"""Where it is set, Kafka is the user's own, and none is started."""

OTHER_NAMES = frozenset({"DATELINE_BROKER_CACHE", "DATELINE_ENV_FILE", "DATELINE_PARENT_PIPE"})
"""Names outside any section: where `.env` is, and where the embedded broker keeps its download."""


class Section(BaseSettings):
    """The settings of one part: a frozen class whose `env_prefix` is `DATELINE_<SECTION>__`.

    A package that brings a section names it under the entry point group `dateline.settings`,
    so that its names are known to every service that shares the same `.env`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, env_file_encoding="utf-8")

    @classmethod
    def prefix(cls) -> str:
        """Return the beginning of this section's names, such as `DATELINE_KAFKA__`."""
        return str(cls.model_config.get("env_prefix", PREFIX))

    @classmethod
    def names(cls) -> dict[str, str]:
        """Return the full name of each setting with the name of its field."""
        return {f"{cls.prefix()}{field.upper()}": field for field in cls.model_fields}


def _days(topic: Topic) -> int:
    assert topic.retention is not None
    return topic.retention // timedelta(days=1)


class KafkaSettings(Section):
    """The Kafka that everything talks to."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_KAFKA__")

    bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        min_length=3,
        description="Brokers to ask first, as host:port, separated by commas. "
        "Unset, the commands use the embedded broker of the current folder.",
    )
    topic_prefix: str = Field(
        default="dateline.",
        pattern=r"^[a-zA-Z0-9._-]*$",
        description="What every topic's name begins with.",
    )
    replication_factor: int = Field(default=1, ge=1, le=9, description="Replicas of each topic that Dateline creates.")
    article_partitions: int = Field(
        default=ARTICLES_PARSED.partitions,
        ge=1,
        le=10_000,
        description="Partitions of `articles.parsed`, `articles.enriched` and `seen`, and of what consumers of them "
        "write: as many replicas of enrich can work. The same for all services; cannot change once the topics exist.",
    )
    feed_partitions: int = Field(
        default=FEEDS.partitions,
        ge=1,
        le=10_000,
        description="Partitions of `feeds`, `feed-state` and `feed-pushes`: as many replicas of ingest can poll. "
        "The same for all services; cannot change once the topics exist.",
    )
    article_days: int = Field(
        default=_days(ARTICLES_PARSED), ge=1, description="Days that `articles.parsed` and `articles.enriched` keep."
    )
    seen_days: int = Field(
        default=_days(SEEN),
        ge=1,
        description="Days for which enrich remembers an article after its last revision; not below those of articles. "
        "Memory of enrich grows with them.",
    )
    min_insync_replicas: int = Field(
        default=1, ge=1, le=9, description="Replicas that must have a record before it counts as written."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="How to talk to the brokers."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="PLAIN", description="How to log in where the protocol is SASL."
    )
    sasl_username: str | None = Field(default=None, description="The user of SASL.")
    sasl_password: SecretStr | None = Field(default=None, description="The password of SASL.")
    ssl_cafile: Path | None = Field(default=None, description="Certificates to trust, PEM; unset: those of the system.")
    ssl_certfile: Path | None = Field(default=None, description="The client's own certificate, PEM.")
    ssl_keyfile: Path | None = Field(default=None, description="The key of the client's certificate, PEM.")
    ssl_check_hostname: bool = Field(default=True, description="Whether the broker's certificate must name its host.")
    session_timeout_seconds: float = Field(
        default=10.0,
        ge=1,
        le=300,
        description="A replica that is silent for so long loses its partitions to the others.",
    )
    transaction_timeout_seconds: float = Field(
        default=6.0,
        ge=0.5,
        le=300,
        description="The broker aborts a transaction that is open for so long; below the session time-out.",
    )
    request_timeout_seconds: float = Field(
        default=10.0, ge=0.5, le=300, description="How long one request to a broker may take."
    )
    instance_id: str | None = Field(
        default=None,
        min_length=1,
        description="A name that this replica keeps over restarts (static membership): "
        "a restart within the session time-out then moves no partition.",
    )

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
        if self.seen_days < self.article_days:
            raise ValueError(
                f"seen_days ({self.seen_days}) must not be below article_days ({self.article_days}): "
                f"an article that is read again would come out as a new one"
            )
        if self.min_insync_replicas > self.replication_factor:
            raise ValueError(
                f"min_insync_replicas ({self.min_insync_replicas}) must not be above "
                f"replication_factor ({self.replication_factor})"
            )
        return self


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


SectionT = TypeVar("SectionT", bound=Section)


def found_settings(env_file: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return each `DATELINE_` name with its value and where it was found; the environment wins."""
    path = env_file or _env_file()
    found: dict[str, tuple[str, str]] = {}
    if path.is_file():
        for name, value in dotenv_values(path).items():
            if name.upper().startswith(PREFIX) and value is not None:
                found[name.upper()] = (value, str(path))
    for name, value in os.environ.items():
        if name.upper().startswith(PREFIX):
            found[name.upper()] = (value, "the environment")
    return found


def _env_file() -> Path:
    return Path(os.environ.get("DATELINE_ENV_FILE", ".env"))


def known_settings() -> dict[str, type[Section]]:
    """Return every setting's name of every installed part, with its section."""
    names: dict[str, type[Section]] = {}
    for entry in entry_points(group="dateline.settings"):
        section: type[Section] = entry.load()
        names.update(dict.fromkeys(section.names(), section))
    return names


def load(*sections: type[Section], env_file: Path | None = None, unknown: bool = True) -> tuple[Any, ...]:
    """Read and check `sections`; all that is wrong is reported at once.

    Args:
        sections: the classes to build, in the order in which they are returned.
        env_file: read instead of `.env` of the current folder.
        unknown: whether a name that no installed part knows is an error.

    Raises:
        SettingsError: with one line for each wrong value or unknown name.
    """
    path = env_file or _env_file()
    found = found_settings(path)
    problems: list[str] = []
    if unknown:
        problems.extend(_unknown_names(found, sections))
    built: list[Section] = []
    for section in sections:
        try:
            built.append(section(_env_file=path))
        except ValidationError as error:
            problems.extend(_readable(section, error, found))
        except UnreadableValueError as error:
            problems.append(f"{section.prefix()}*: {error}")
    if problems:
        raise SettingsError(problems)
    return tuple(built)


def _unknown_names(found: Mapping[str, tuple[str, str]], own: Iterable[type[Section]]) -> list[str]:
    known = known_settings() | {name: section for section in own for name in section.names()}
    problems = []
    for name in sorted(found.keys() - known.keys() - OTHER_NAMES):
        value, source = found[name]
        near = difflib.get_close_matches(name, [*known, *OTHER_NAMES], n=1)
        hint = f"did you mean {near[0]}?" if near else "`dateline settings` lists all names"
        section = known.get(near[0]) if near else None
        secret = section is not None and _is_secret(section, section.names()[near[0]])
        problems.append(
            f"{name}={'***' if secret else repr(value)} (from {source}): no installed part knows it; {hint}"
        )
    return problems


def _is_secret(section: type[Section], field: str) -> bool:
    info = section.model_fields.get(field)
    return info is not None and "SecretStr" in str(info.annotation)


def _readable(section: type[Section], error: ValidationError, found: Mapping[str, tuple[str, str]]) -> list[str]:
    lines = []
    for problem in error.errors():
        message = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            lines.append(f"{section.prefix()}*: {message}")
            continue
        field = str(problem["loc"][0])
        name = f"{section.prefix()}{field.upper()}"
        value = "***" if _is_secret(section, field) else repr(problem.get("input"))
        source = found.get(name, ("", "code"))[1]
        lines.append(f"{name}={value} (from {source}): {message}")
    return lines


def override(assignments: list[str]) -> None:
    """Put `NAME=VALUE` flags into the environment, so that child processes see them too.

    `kafka.topic_prefix=x.`, `KAFKA__TOPIC_PREFIX=x.` and the full name mean the same.

    Raises:
        SettingsError: when one has no `=`.
    """
    problems = []
    for assignment in assignments:
        name, sign, value = assignment.partition("=")
        if not sign or not name.strip():
            problems.append(f"--set {assignment!r}: write it as NAME=VALUE, such as kafka.topic_prefix=demo.")
            continue
        full = name.strip().replace(".", "__").upper()
        os.environ[full if full.startswith(PREFIX) else PREFIX + full] = value
    if problems:
        raise SettingsError(problems)
