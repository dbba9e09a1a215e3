"""The setting of the sinks service is checked as a whole at start, and shows no secret."""

import json
from pathlib import Path
from typing import Any

import pytest
from dateline.errors import SettingsError
from dateline.settings import load
from dateline_sinks.settings import SinksSettings

NAME = "DATELINE_SINKS__RUN"


def settings(monkeypatch: pytest.MonkeyPatch, value: Any) -> SinksSettings:
    monkeypatch.setenv(NAME, value if isinstance(value, str) else json.dumps(value))
    (loaded,) = load(SinksSettings, env_file=Path("none.env"), unknown=False)
    assert isinstance(loaded, SinksSettings)
    return loaded


def problems(monkeypatch: pytest.MonkeyPatch, value: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings(monkeypatch, value)
    return caught.value.problems


def test_no_setting_means_no_sinks() -> None:
    assert SinksSettings().sinks() == []


def test_each_name_is_a_group_with_its_own_sink(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"kind": "sqlite", "target": "a.sqlite", "options": {"retention_days": 30}}
    more = {"kind": "jsonl", "target": "archive", "where": ["language=ka"], "from": "latest", "topic": "articles.v2"}
    first, second = settings(monkeypatch, {"database": entry, "archive": more}).sinks()
    assert (first.group, first.name, first.target, first.start) == ("database", "sqlite", "a.sqlite", "earliest")
    assert first.options.retention_days == 30
    assert (second.group, second.name, second.start, second.topic.name) == ("archive", "jsonl", "latest", "articles.v2")
    assert len(second.where.conditions) == 1


def test_each_problem_is_a_line_with_the_name_of_the_sink(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(
        monkeypatch,
        {
            "a": {"kind": "sqlite", "target": "a.sqlite", "where": ["author=x"], "options": {"colour": 1}},
            "b": {"kind": "carrier pigeon", "target": "x"},
            "c": {"kind": "sqlite"},
            "d e": {"kind": "sqlite", "target": "d.sqlite"},
        },
    )
    assert len(found) == 5
    prefix = f"{NAME}=*** (from the environment): "
    assert all(each.startswith(prefix) for each in found)
    assert [each.removeprefix(prefix).partition(":")[0] for each in found] == ["a", "a", "b", "c", "d e"]


@pytest.mark.parametrize("text", ["{", "[]", '"sqlite"', '{"a": 1}', '{"a": {"kind": "x"}, "a": {"kind": "y"}}'])
def test_what_is_not_an_object_of_sinks_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert problems(monkeypatch, text)


def test_passwords_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://dateline:hunter2@db.example/news"
    sink = {"kind": "postgres", "target": url}
    loaded = settings(monkeypatch, {"database": sink})
    (made,) = loaded.sinks()
    assert "hunter2" not in f"{loaded} {loaded.run} {made.shown} {made.group}"
    assert "hunter2" not in "\n".join(problems(monkeypatch, {"database": sink | {"from": "yesterday"}}))
