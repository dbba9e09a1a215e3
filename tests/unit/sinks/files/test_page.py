"""What docs/sinks-files.md shows works as it is shown."""

import asyncio
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dateline.sink.kit import SinkKit
from dateline.sink.suite import an_enriched
from dateline_sinks.jsonl.kind import KIND as JSONL
from dateline_sinks.jsonl.kind import JsonLinesOptions
from dateline_sinks.parquet.arrow_schema import row_schema
from dateline_sinks.parquet.kind import KIND as PARQUET
from dateline_sinks.parquet.kind import ParquetOptions
from dateline_status.settings import StatusSettings

PAGE = (Path(__file__).parents[4] / "docs/sinks-files.md").read_text("utf-8")

PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write three articles with both sinks, and go to the folder of the two targets."""
    for name in ("articles", "archive"):
        (tmp_path / name).mkdir()
    for kit in (
        SinkKit(lambda: PARQUET.make(str(tmp_path / "articles"), ParquetOptions())),
        SinkKit(lambda: JSONL.make(str(tmp_path / "archive"), JsonLinesOptions())),
    ):
        for title in ("First", "Second", "Third"):
            asyncio.run(kit.feed(an_enriched(title)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_reads_what_was_written(folder: Path) -> None:
    for code, name in zip(PYTHON, ("georgian", "titles"), strict=True):
        shown: dict[str, Any] = {}
        exec(compile(code, "docs/sinks-files.md", "exec"), shown)
        assert name in shown
        if name == "georgian":
            table = shown["articles"].to_table()
            assert table["title"].to_pylist() == ["First", "Second", "Third"]
            assert (set(table["topic"].to_pylist()), set(table["partition"].to_pylist())) == (
                {"dateline.articles.enriched"},
                {0},
            )
        else:
            assert shown["titles"] == ["Third"]


def test_the_shell_reads_what_was_written(folder: Path) -> None:
    if not (shutil.which("zstdcat") and shutil.which("jq")):
        pytest.skip("zstdcat and jq are not installed")
    (command,) = re.findall(r"^find .*", PAGE, re.MULTILINE)
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert [line.split("\t")[1] for line in done.stdout.splitlines()] == ["First", "Second", "Third"]


def test_a_file_is_written_before_status_calls_the_group_stalled() -> None:
    window = timedelta(seconds=StatusSettings().window_seconds)
    for wait in (PARQUET.limits(ParquetOptions()).wait, JSONL.limits(JsonLinesOptions()).wait):
        assert timedelta() < wait <= window / 2


def test_every_column_and_every_option_is_on_the_page() -> None:
    assert [name for name in row_schema().names if f"`{name}`" not in PAGE] == []
    options = {*ParquetOptions.model_fields, *JsonLinesOptions.model_fields}
    assert [name for name in options if f"`--{name.replace('_', '-')}`" not in PAGE] == []
