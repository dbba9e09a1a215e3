"""Writers of files that are killed at a line of the code, one after the other.

    killed_writer.py FORMAT DIR STRIDE

Each line of a writer that is executed between opening the partition and the end of its second batch is a step. For
every step, or every STRIDE-th one, a child process is killed before it, and another process then opens the partition
and writes the rest. What the folder must have is checked here; the exit status is 0 if it always does, and the number
of kills is printed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from dateline_sinks.files.chain import FileChain
from dateline_sinks.files.file_format import FileFormat
from dateline_sinks.jsonl.json_lines_format import JsonLinesFormat
from dateline_sinks.parquet.parquet_format import ParquetFormat
from support.file_batches import a_file_batch, a_file_place, nothing

FORMATS: dict[str, FileFormat] = {"jsonl": JsonLinesFormat(1), "parquet": ParquetFormat(1)}

FIRST, AFTER = 10, 16


def write(file_format: FileFormat, target: Path, owner: str) -> None:
    """Write what is missing, three records a file."""
    chain = FileChain(target, file_format, a_file_place(owner))
    position = chain.open()
    if position is None:
        chain.append(nothing(FIRST))
        position = FIRST
    while position < AFTER:
        after = min(position + 3, AFTER)
        chain.append(a_file_batch(position, after))
        position = after


def child(action: Callable[[], None]) -> int:
    """Return the status of a child process that did something."""
    if pid := os.fork():
        return os.waitpid(pid, 0)[1]
    try:
        action()
        os._exit(0)
    finally:
        os._exit(1)


def kill_at(step: int, action: Callable[[], None]) -> None:
    """Do something until as many lines of the sinks' files have been executed."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if "dateline_sinks" not in frame.f_code.co_filename:
            return None
        if event == "line":
            count += 1
            if count > step:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    action()


def check(file_format: FileFormat, target: Path, step: int) -> None:
    """Check that the files are gapless, and that nothing unfinished is left."""
    position = FIRST
    for path in sorted(target.rglob(f"*{file_format.suffix}")):
        covered = file_format.read_range(path)
        assert covered.first_offset == position, f"step {step}: {path}"
        position = covered.next_offset
    assert position == AFTER, f"step {step}: {position}"
    notes = {path.name for path in target.rglob(".dateline-*/*")}
    assert notes == {"start", "owner", "position"}, f"step {step}: {notes}"


def main(name: str, target: Path, stride: int) -> None:
    """Kill a writer at every step, or at every `stride`-th one."""
    file_format = FORMATS[name]
    # What a killed process has written is not lost, unlike after a loss of power.
    os.fsync = lambda fd: None
    step = kills = 0
    while True:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        status = child(lambda: kill_at(step, lambda: write(file_format, target, "killed")))  # noqa: B023
        assert status in (0, signal.SIGKILL), f"step {step}: {status}"
        kills += status != 0
        write(file_format, target, "survivor")
        check(file_format, target, step)
        if status == 0:
            break
        step += stride
    print(kills)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
