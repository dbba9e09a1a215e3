from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from dateline_broker.__main__ import main
from dateline_broker.exclusion import exclusive
from dateline_broker.progress import BarProgress, LineProgress, NoProgress, progress_for
from dateline_broker.tail import follow, last_lines
from rich.console import Console

if TYPE_CHECKING:
    from pathlib import Path

    from support.recorded_progress import RecordedProgress


def test_plain_lines_come_at_the_start_every_two_seconds_and_at_the_end() -> None:
    stream = io.StringIO()
    times = iter([0.0, 1.0, 2.5, 3.0, 5.0])
    with LineProgress(stream, clock=lambda: next(times)).step("Downloading", 200) as advance:
        for _ in range(3):
            advance(50)
    assert stream.getvalue().splitlines() == [
        "Downloading ...",
        "Downloading: 50 %",
        "Downloading: done in 5.0 s",
    ]


@pytest.mark.parametrize("total", [100, None])
def test_terminal_gets_a_bar(total: int | None) -> None:
    stream = io.StringIO()
    with BarProgress(Console(file=stream, force_terminal=True, width=100)).step("Working", total) as advance:
        advance(100)
    assert "Working" in stream.getvalue()
    assert ("100/100 bytes" in stream.getvalue()) == (total is not None)


def test_stream_decides_the_kind_of_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    assert isinstance(progress_for(stream), LineProgress)
    monkeypatch.setattr(stream, "isatty", lambda: True)
    assert isinstance(progress_for(stream), BarProgress)


def test_progress_can_be_ignored(capfd: pytest.CaptureFixture[str]) -> None:
    with NoProgress().step("Working", 10) as advance:
        advance(10)
    assert capfd.readouterr() == ("", "")


def test_waiting_for_another_process_is_shown(tmp_path: Path, progress: RecordedProgress) -> None:
    class WaitedError(Exception):
        pass

    class Impatient:
        def step(self, description: str, total: int | None = None) -> object:
            raise WaitedError(description)

    with (
        exclusive(tmp_path / "lock", waiting_for="busy", progress=progress),
        pytest.raises(WaitedError, match="another process that is busy"),
        exclusive(tmp_path / "lock", waiting_for="busy", progress=Impatient()),  # type: ignore[arg-type]
    ):
        raise AssertionError("unreachable")
    assert progress.steps == []


def test_install_command_prints_the_folder_of_kafka(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install"]) == 0
    assert "is ready in" in capsys.readouterr().out


def test_failed_install_command_prints_the_reason_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["install", "--no-aot", "--cache", str(tmp_path / "file")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: cannot keep Kafka's jars in")
    assert error.count("\n") == 1


def test_log_is_followed_across_incomplete_lines_and_rolling(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("one\ntwo\nthr")
    last, position = last_lines(path, 1)
    assert last == ["two"]
    contents = iter(["one\ntwo\nthree\n", None, "four\n"])

    def write(_seconds: float) -> None:
        content = next(contents)
        path.unlink() if content is None else path.write_text(content)

    lines = follow(path, position, pause=write)
    assert [next(lines), next(lines)] == ["three", "four"]
