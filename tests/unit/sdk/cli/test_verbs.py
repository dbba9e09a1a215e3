"""The `dateline` command finds its verbs, and does not load what a call does not need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from dateline.cli.main import main
from dateline.settings import known_settings

HEAVY = {"aiohttp", "aiokafka", "asyncio", "numpy", "onnxruntime", "pydantic", "rich", "structlog"}


def imported_by(*arguments: str) -> set[str]:
    """Return the modules that are loaded once `dateline ARGUMENTS` has ended."""
    code = (
        "import json, sys\n"
        "from dateline.cli.main import main\n"
        f"main({list(arguments)!r}, standalone_mode=False)\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_lists_every_verb_and_imports_nothing_heavy() -> None:
    loaded = imported_by("--help")
    assert "dateline_status.commands" in loaded, "the help lists the verbs of all packages"
    assert HEAVY.isdisjoint(loaded)


def test_the_version_is_shown_without_importing_any_verb() -> None:
    assert {"dateline_status.commands", "dateline.cli.commands", *HEAVY}.isdisjoint(imported_by("--version"))


def test_a_verb_without_kafka_imports_no_client_of_the_web() -> None:
    assert {"aiohttp", "onnxruntime"}.isdisjoint(imported_by("settings", "--json"))


@pytest.mark.usefixtures("_empty_folder")
def test_a_table_that_is_piped_keeps_every_name_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("DATELINE_KAFKA__BOOTSTRAP_SERVERS", f"[::1]:9092,{'k' * 200}:9092")
    shown = CliRunner().invoke(main, ["settings"]).output
    lines = {line.split()[0]: line for line in shown.splitlines()}
    assert lines.keys() - {"name"} == known_settings().keys()
    assert f" [::1]:9092,{'k' * 200}:9092 " in lines["DATELINE_KAFKA__BOOTSTRAP_SERVERS"]


@pytest.fixture
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
