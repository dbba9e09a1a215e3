"""The pool of processes: pages that cost too much, processes that die, limits, and the end of the owner."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.reading.pool import ReaderPool

READER = """
import os, signal, sys, time
from pathlib import Path
from dateline_pages.reading.page import PageReading

def read(document):
    what, _, argument = document.body.decode().partition(" ")
    if what == "hang":
        Path(argument).write_text(str(os.getpid()))
        while True:
            pass
    if what == "memory":
        return bytearray(1024 ** 3)
    if what == "die" or (what == "die-once" and not Path(argument).exists()):
        Path(argument).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise ValueError(argument)
    if what == "print":
        print(argument)
        os.write(1, argument.encode())
    if what == "keep":
        read.kept = bytearray(int(argument))
    return PageReading(body=str(os.getpid()))
"""
"""A reader that does what its document says."""

OWNER = """
import asyncio, sys
from dateline_pages.reading.page import PageDocument
from dateline_pages.reading.pool import ReaderPool

async def main():
    async with ReaderPool.open(processes=1, seconds=60, reader="page_reader:read") as pool:
        await pool.read(PageDocument(body=b"hang " + sys.argv[1].encode()))

asyncio.run(main())
"""
"""A program that waits for a page."""


@pytest.fixture(autouse=True)
def reader_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page_reader.py").write_text(READER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def page(what: str) -> PageDocument:
    return PageDocument(body=what.encode(), url="https://news.example/a")


def kind(reading: PageReading) -> str | None:
    return reading.problem.kind if reading.problem else None


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process whose parent is gone may wait for the system to collect it.
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return sys.platform != "linux"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


async def test_pages_are_read_by_one_process_after_another_page() -> None:
    async with ReaderPool.open(processes=2, reader="page_reader:read") as pool:
        first, second = await pool.read(page("a")), await pool.read(page("b"))

    assert first.body == second.body != str(os.getpid())
    assert pool.figures.started == 1
    assert pool.figures.most_bytes > 0


async def test_no_process_is_started_before_the_first_page() -> None:
    async with ReaderPool.open(processes=2, reader="page_reader:read") as pool:
        assert pool.figures.started == pool.processes == 0


async def test_no_more_pages_are_read_at_once_than_there_are_processes() -> None:
    async with ReaderPool.open(processes=2, reader="page_reader:read") as pool:
        readings = await asyncio.gather(*(pool.read(page(str(number))) for number in range(20)))

    assert len({reading.body for reading in readings}) == pool.figures.started <= 2


async def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    async with ReaderPool.open(processes=1, seconds=0.3, reader="page_reader:read") as pool:
        given_up = await pool.read(page(f"hang {tmp_path / 'pid'}"))

    assert given_up.problem is not None
    assert (given_up.problem.kind, given_up.problem.reason) == (
        "too costly",
        "reading the page takes longer than 0.3 s",
    )
    assert not is_alive(int((tmp_path / "pid").read_text()))

    async with ReaderPool.open(processes=1, reader="page_reader:read") as pool:
        assert kind(await pool.read(page("next"))) is None


async def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    async with ReaderPool.open(processes=1, memory_bytes=100 * 1024**2, reader="page_reader:read") as pool:
        given_up = await pool.read(page("memory"))
        after = await pool.read(page("next"))

    assert given_up.problem is not None
    assert given_up.problem.reason == "reading the page takes more than 100 MiB of memory"
    assert kind(after) is None
    assert pool.figures.started == 2


async def test_a_page_whose_process_was_killed_is_read_once_more(tmp_path: Path) -> None:
    async with ReaderPool.open(processes=1, reader="page_reader:read") as pool:
        again = await pool.read(page(f"die-once {tmp_path / 'died'}"))
        given_up = await pool.read(page(f"die {tmp_path / 'died'}"))
        after = await pool.read(page("next"))

    assert kind(again) is None
    assert given_up.problem is not None
    assert given_up.problem.reason == "the process that read the page ended with signal 9"
    assert kind(after) is None


async def test_an_error_of_the_reader_is_a_problem_of_its_page_alone() -> None:
    async with ReaderPool.open(processes=1, reader="page_reader:read") as pool:
        failed = await pool.read(page("raise no such thing"))
        after = await pool.read(page("next"))

    assert failed.problem is not None
    assert failed.problem.reason == "reading the page failed: ValueError: no such thing"
    assert kind(after) is None
    assert (pool.figures.started, pool.figures.failed) == (1, 1)


async def test_what_a_library_prints_does_not_mix_with_the_answers() -> None:
    async with ReaderPool.open(processes=1, reader="page_reader:read") as pool:
        assert (await pool.read(page("print noise"))).body == (await pool.read(page("next"))).body


async def test_a_cancelled_call_ends_its_process_and_frees_its_place(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    async with ReaderPool.open(processes=1, seconds=600, reader="page_reader:read") as pool:
        reading = asyncio.create_task(pool.read(page(f"hang {started}")))
        await until(lambda: started.exists() and bool(started.read_text()))
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert kind(await pool.read(page("next"))) is None

    assert not is_alive(int(started.read_text()))


async def test_a_process_is_replaced_after_its_share_of_pages_and_when_it_has_grown() -> None:
    async with ReaderPool.open(processes=1, pages_per_process=2, reader="page_reader:read") as pool:
        bodies = [(await pool.read(page("a"))).body for _ in range(4)]
    async with ReaderPool.open(processes=1, memory_bytes=100 * 1024**2, reader="page_reader:read") as grown:
        before = await grown.read(page(f"keep {60 * 1024**2}"))
        after = await grown.read(page("a"))

    assert bodies[0] == bodies[1] != bodies[2] == bodies[3]
    assert before.body != after.body


async def test_a_process_that_has_nothing_to_read_is_ended() -> None:
    async with ReaderPool.open(processes=1, idle_seconds=0.0, reader="page_reader:read") as pool:
        first = await pool.read(page("a"))
        await until(lambda: pool.processes == 0)
        second = await pool.read(page("a"))

    assert first.body != second.body


async def test_no_process_is_left_when_the_pool_is_closed() -> None:
    async with ReaderPool.open(processes=1, reader="page_reader:read") as pool:
        pid = int((await pool.read(page("a"))).body)

    assert not is_alive(pid)


@pytest.fixture
def owner(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", OWNER, tmp_path / "pid"]) as process:
        yield process
        process.kill()


async def test_the_processes_end_with_an_owner_that_is_killed(owner: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    await until(lambda: pid.exists() and bool(pid.read_text()))

    owner.send_signal(signal.SIGKILL)

    await until(lambda: not is_alive(int(pid.read_text())))
