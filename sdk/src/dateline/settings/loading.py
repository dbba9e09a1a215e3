"""Loads sections of settings from the environment and `.env`, and reports all problems at once."""

import difflib
import os
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableValueError

from dateline.errors import SettingsError

__all__ = ["PREFIX", "Section", "all_sections", "found_settings", "known_settings", "load", "override"]

PREFIX = "DATELINE_"
"""The prefix of all names; what follows, up to the double underscore, is the section."""

OTHER_NAMES = frozenset({"DATELINE_BROKER_CACHE", "DATELINE_ENV_FILE", "DATELINE_PARENT_PIPE"})
"""Names outside all sections: the path of `.env`, the embedded broker's downloads, and the pipe to the parent."""


class Section(BaseSettings):
    """The settings of one part: a frozen class with the `env_prefix` `DATELINE_<SECTION>__`.

    A package declares its sections as entry points in the group `dateline.settings`, so that all services that share
    a `.env` know their names.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, env_file_encoding="utf-8")

    @classmethod
    def prefix(cls) -> str:
        """Return the prefix of this section's names, such as `DATELINE_KAFKA__`."""
        return str(cls.model_config.get("env_prefix", PREFIX))

    @classmethod
    def names(cls) -> dict[str, str]:
        """Return the full names of the settings, with the names of their fields."""
        return {f"{cls.prefix()}{field.upper()}": field for field in cls.model_fields}


def found_settings(env_file: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return each `DATELINE_` name with its value and its source; the environment takes precedence over the file."""
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


def all_sections() -> list[type[Section]]:
    """Return the sections of all installed parts, ordered by the names of their entry points."""
    return [entry.load() for entry in sorted(entry_points(group="dateline.settings"), key=lambda entry: entry.name)]


def known_settings() -> dict[str, type[Section]]:
    """Return the names of all settings of all installed parts, with their sections."""
    return {name: section for section in all_sections() for name in section.names()}


def load(*sections: type[Section], env_file: Path | None = None, unknown: bool = True) -> tuple[Any, ...]:
    """Load and check `sections`, and return them in the same order.

    Args:
        sections: the classes of the sections.
        env_file: read this file instead of `.env` in the current folder.
        unknown: whether a name that no installed part knows is an error.

    Raises:
        SettingsError: with one line for each invalid value or unknown name.
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
    known = {name: section for section in own for name in section.names()}
    unknown = found.keys() - known.keys() - OTHER_NAMES
    if not unknown:
        # The sections of the other parts are slow to import, and a verb should answer at once.
        return []
    known = known_settings() | known
    problems = []
    for name in sorted(unknown - known.keys()):
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
        # A setting that holds several things may have several problems, one in each line of the message.
        lines += [f"{name}={value} (from {source}): {line}" for line in message.splitlines()]
    return lines


def override(assignments: list[str]) -> None:
    """Put `NAME=VALUE` assignments into the environment, so that child processes see them too.

    `kafka.topic_prefix=x.`, `KAFKA__TOPIC_PREFIX=x.` and the full name are equivalent.

    Raises:
        SettingsError: an assignment has no `=`.
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
