"""A writer that is killed with kill -9 at any line leaves a folder in which the next one continues."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[3]


@pytest.mark.parametrize(("name", "stride"), [("jsonl", 13), ("parquet", 97)])
def test_kill_9_at_any_line_loses_nothing_and_writes_nothing_twice(tmp_path: Path, name: str, stride: int) -> None:
    done = subprocess.run(
        [sys.executable, str(TESTS / "support/killed_writer.py"), name, str(tmp_path / "target"), str(stride)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 12
