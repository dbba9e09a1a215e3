"""Settings of the sinks service."""

import json
from typing import Any

from dateline.errors import SettingsError
from dateline.settings import Section
from dateline.sink.configured import ConfiguredSink, configure
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

__all__ = ["SinkEntry", "SinksSettings"]


class SinkEntry(BaseModel):
    """One sink, as the setting states it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(description="The kind, as `dateline sink --help` lists them.")
    target: str = Field(description="The target, such as the URL of a database.")
    options: dict[str, Any] = Field(default_factory=dict, description="The options of the kind.")
    where: list[str] = Field(default_factory=list, description="Conditions on articles, such as `language=ka`.")
    start: str = Field(default="earliest", alias="from", description="Where it begins without a position.")
    topic: str = Field(default="articles.enriched", description="The topic that it reads, without prefix.")
    skip_deleted: bool = Field(default=False, description="Continue although retention has deleted the next records.")


class SinksSettings(Section):
    """The sinks that the service runs."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_SINKS__")

    # The whole value is secret, because URLs of targets contain passwords.
    run: SecretStr | None = Field(
        default=None,
        description="The sinks to run: a JSON object of the name of each, which is its consumer group, with `kind`, "
        "`target` and, if needed, `options`, `where`, `from`, `topic` and `skip_deleted`, such as "
        '{"archive": {"kind": "jsonl", "target": "archive", "where": ["language=ka"]}}.',
    )

    @field_validator("run")
    @classmethod
    def _can_be_run(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _configured(value.get_secret_value())
        return value

    def sinks(self) -> list[ConfiguredSink]:
        """Return the sinks, in the order of the setting."""
        return [] if self.run is None else _configured(self.run.get_secret_value())


def _configured(text: str) -> list[ConfiguredSink]:
    """Return the sinks that `text` states.

    Raises:
        ValueError: with one line for each problem; none shows a value that may be secret.
    """
    problems: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in found]
        problems.extend(f"{name!r} is there twice" for name in sorted({n for n in names if names.count(n) > 1}))
        return dict(found)

    try:
        entries = json.loads(text, object_pairs_hook=pairs)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(entries, dict):
        raise ValueError("write a JSON object: the name of each sink with its kind and target")
    sinks = []
    for name, stated in entries.items():
        try:
            entry = SinkEntry.model_validate(stated)
            sinks.append(
                configure(
                    entry.kind,
                    entry.target,
                    group=name,
                    options=entry.options,
                    where=entry.where,
                    start=entry.start,
                    topic=entry.topic,
                    skip_deleted=entry.skip_deleted,
                )
            )
        except ValidationError as error:
            problems += [f"{name}: {'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in error.errors()]
        except SettingsError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
    if problems:
        raise ValueError("\n".join(problems))
    return sinks
