"""Several processes on one file: what is written stands once and in order, also after SIGKILL."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TESTS = Path(__file__).parents[3]


@contextmanager
def writing(path: Path, partitions: str, count: int, *more: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Run a process that writes to partitions until each has `count` articles; yield it with its output."""
    with subprocess.Popen(
        [sys.executable, "-m", "support.sqlite_writer", path, partitions, str(count), *more],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


def wait_for(output: IO[str], line: str) -> None:
    for each in output:
        if each.startswith(line):
            return
    raise AssertionError(f"the process ended without {line!r}")


def check(path: Path) -> dict[int, int]:
    """Hold that each partition has the articles before its position, once; return the positions."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.execute("INSERT INTO articles_search (articles_search, rank) VALUES ('integrity-check', 1)")
    positions = dict(connection.execute('SELECT "partition", coalesce(next_offset, 0) FROM dateline_positions'))
    expected = {f"{partition}-{number}" for partition, end in positions.items() for number in range(end)}
    for table, column in (("articles", "id"), ("revisions", "article_id")):
        found = [id_ for (id_,) in connection.execute(f"SELECT {column} FROM {table}")]
        assert len(found) == len(expected)
        assert set(found) == expected
    connection.close()
    return positions


def test_a_writer_that_is_killed_leaves_articles_and_position_together(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with writing(path, "0,1", 10**6, "3") as (process, output):
        output.read()
        assert process.wait(20) == -signal.SIGKILL
    assert sum(check(path).values()) == 120
    with writing(path, "0,1", 10**6) as (process, output):
        wait_for(output, "written 0 120")
        process.kill()
        process.wait(20)
    before = check(path)
    end = max(before.values()) + 80
    with writing(path, "0,1", end) as (process, output):
        wait_for(output, f"open 0 {before[0]}")
        output.read()
        assert process.wait(60) == 0
    assert check(path) == {0: end, 1: end}


def test_two_processes_write_one_file_and_the_last_owner_of_a_partition_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with writing(path, "0,1", 10**6) as (first, of_first):
        wait_for(of_first, "written 0 40")
        with writing(path, "1,2", 120) as (second, of_second):
            lines = of_second.read()
            assert second.wait(60) == 0
        assert "fenced" not in lines
        wait_for(of_first, "fenced 1")
        first.kill()
        first.wait(20)
    positions = check(path)
    assert positions[0] >= 40
    assert positions[2] == 120
    assert positions[1] >= 120
