"""A file shows that a service is alive."""

import asyncio
from pathlib import Path

import pytest
from dateline.service.alive_file import keep_fresh
from structlog.testing import capture_logs


@pytest.fixture
def states() -> list[str]:
    return ["starting", "running", "retrying"]


async def test_the_file_holds_the_current_state_and_is_deleted_at_the_end(tmp_path: Path, states: list[str]) -> None:
    path, stop, found = tmp_path / "alive", asyncio.Event(), []

    def state() -> str:
        if path.exists():
            found.append(path.read_text())
        if len(states) == 1:
            stop.set()
        return states.pop(0)

    await keep_fresh(path, state, 0.001, stop)
    assert found == ["starting\n", "running\n"]
    assert not path.exists()


async def test_a_file_that_cannot_be_written_is_logged_once_and_stops_nothing(
    tmp_path: Path, states: list[str]
) -> None:
    path, stop = tmp_path / "missing" / "alive", asyncio.Event()

    def state() -> str:
        if len(states) == 1:
            stop.set()
        return states.pop(0)

    with capture_logs() as logged:
        await keep_fresh(path, state, 0.001, stop)
    assert not states
    assert [entry["file"] for entry in logged] == [str(path)]
