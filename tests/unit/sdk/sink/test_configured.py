"""A sink is checked before anything is connected: kinds, options, groups, and secrets that are never shown."""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dateline.cli import sinks as verb
from dateline.errors import SettingsError
from dateline.sink import kinds
from dateline.sink.configured import configure
from dateline.sink.sink import SINKS, SinkKind, SinkOptions
from pydantic import Field, SecretStr
from support.memory_sink import MemorySink, MemoryTarget


class MemoryOptions(SinkOptions):
    shelf: str = Field(default="top", description="Where in the target.")
    rows: int = Field(default=10, ge=1, description="At most this many rows.")
    password: SecretStr | None = Field(default=None, description="The password.")
    is_quiet: bool = Field(default=False, description="Say nothing.")


def _make(target: str, options: MemoryOptions) -> MemorySink:
    if "nowhere" in target:
        raise ValueError("nobody is there")
    return MemorySink(MemoryTarget())


MEMORY = SinkKind(
    make=_make,
    summary="Keeps articles in memory, until the process ends.",
    target="URL",
    options=MemoryOptions,
    within=("shelf",),
    shown=lambda target: target.rpartition("@")[2],
)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        "memory": EntryPoint("memory", "support_kind:MEMORY", SINKS),
        "absent": EntryPoint("absent", "no_such_driver:KIND [absent]", SINKS),
    }
    load: Callable[[EntryPoint], Any] = EntryPoint.load
    monkeypatch.setattr(kinds, "sink_kinds", lambda: found)
    monkeypatch.setattr(EntryPoint, "load", lambda self: MEMORY if self.name == "memory" else load(self))


def test_a_sink_has_a_group_of_its_own_for_each_target_whatever_its_password() -> None:
    one, same, other = (configure("memory", f"{target}") for target in ("u:1@host/a", "u:2@host/a", "u:1@host/b"))
    assert one.group == same.group != other.group
    assert one.group.startswith("memory-")


def test_a_file_is_located_by_its_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    sink = replace(configure("memory", "u:1@host/a"), kind=replace(MEMORY, target="FILE"), target="a.sqlite")
    assert (sink.located, sink.shown) == (str(tmp_path / "a.sqlite"), "a.sqlite")
    assert replace(sink, kind=MEMORY, target="u:1@host/a").located == "host/a"


def test_places_within_one_target_have_groups_of_their_own() -> None:
    """Otherwise two schemas of a database would share the partitions, and each would get a part of the articles."""
    top, same, other = (
        configure("memory", "host/a", options=each) for each in ({}, {"shelf": "top", "rows": 5}, {"shelf": "b"})
    )
    assert top.group == same.group != other.group
    assert configure("memory", "host/a", topic="articles.enriched.v2").group not in (top.group, other.group)


def test_every_problem_is_named_and_no_secret_is_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        configure(
            "memory",
            "host",
            group="enrich",
            options={"rows": 0, "password": ["hunter2"], "colour": "hunter2"},
            where=["author=x"],
            start="yesterday",
        )
    problems = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 6
    assert all(each in problems for each in ("rows", "password", "colour", "author", "yesterday", "'enrich'"))
    assert "hunter2" not in problems


def test_an_invalid_target_is_a_problem_without_its_secrets() -> None:
    with pytest.raises(SettingsError, match="nobody is there") as caught:
        configure("memory", "user:hunter2@nowhere")
    assert "hunter2" not in str(caught.value)


def test_a_kind_whose_package_is_missing_says_what_to_install() -> None:
    with pytest.raises(SettingsError, match=r"no_such_driver.*pip install 'dateline-sinks\[absent\]'"):
        configure("absent", "x")
    with pytest.raises(SettingsError, match=r"no sink 'other' \(installed: memory, absent\)"):
        configure("other", "x")


def test_the_verb_lists_the_kinds_and_their_options() -> None:
    listed = CliRunner().invoke(verb.sink, ["--help"]).output
    assert "Keeps articles in memory" in listed
    assert "no_such_driver" in listed
    options = CliRunner().invoke(verb.sink, ["memory", "--help"], terminal_width=200).output
    assert "At most this many rows. [default: 10]" in options
    assert "--is-quiet / --no-is-quiet" in options
    assert "[env var: MEMORY_PASSWORD]" in options


def test_the_verb_passes_on_what_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[Any] = []

    def run_one(*arguments: Any, **options: Any) -> int:
        calls.append((arguments, options))
        return 0

    monkeypatch.setattr("dateline.cli.sink.run_one", run_one)
    arguments = ["memory", "host", "--rows", "5", "--is-quiet", "--where", "language=ka", "--from", "latest"]
    done = CliRunner().invoke(verb.sink, arguments, env={"MEMORY_PASSWORD": "hunter2"})
    assert (done.exit_code, done.output) == (0, "")
    ((given, options),) = calls
    assert given == ("memory", "host")
    assert options == {
        "options": {"rows": 5, "password": "hunter2", "is_quiet": True},
        "group": None,
        "start": "latest",
        "where": ("language=ka",),
        "topic": "articles.enriched",
        "dry_run": False,
        "skip_deleted": False,
    }
