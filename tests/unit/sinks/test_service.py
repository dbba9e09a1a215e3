"""Several sinks run in one process: one that ends or fails leaves the others and the process alone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dateline.errors import StageError, TargetEndedError
from dateline.figures.meter import Meter
from dateline.pipeline.layout import TopicLayout
from dateline.service.heartbeat import ServiceStatus
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink, configure
from dateline_sinks import running


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> list[ServiceStatus]:
    """The statuses that would be published."""
    made: list[ServiceStatus] = []

    @contextlib.asynccontextmanager
    async def heartbeats(status: ServiceStatus, *_: Any) -> AsyncIterator[ServiceStatus]:
        made.append(status)
        yield status

    monkeypatch.setattr(running, "heartbeats", heartbeats)
    return made


async def test_one_that_ends_and_one_that_fails_stop_neither_the_others_nor_the_process(
    monkeypatch: pytest.MonkeyPatch, statuses: list[ServiceStatus], tmp_path: Path
) -> None:
    began = {name: asyncio.Event() for name in ("ended", "failed", "broken", "well")}
    finished: list[str] = []
    alive_files: set[Path | None] = set()

    async def run_sink(
        sink: ConfiguredSink,
        _kafka: KafkaSettings,
        runtime: RuntimeSettings,
        stop: asyncio.Event,
        *,
        role: str,
        meter: Meter,
    ) -> None:
        assert role == "pipeline"
        alive_files.add(runtime.alive_file)
        assert runtime.metrics_port is None
        began[sink.group].set()
        if sink.group == "ended":
            raise TargetEndedError("410 Gone")
        if sink.group == "failed":
            raise StageError("another cluster")
        if sink.group == "broken":
            raise KeyError("a defect")
        await stop.wait()
        finished.append(sink.group)

    monkeypatch.setattr(running, "run_sink", run_sink)
    sinks = [configure("sqlite", str(tmp_path / f"{name}.sqlite"), group=name) for name in began]
    stop = asyncio.Event()
    runtime = RuntimeSettings(alive_file=tmp_path / "alive", metrics_port=0)
    work = asyncio.ensure_future(running.run_all(sinks, KafkaSettings(), TopicLayout(), runtime, stop))
    for each in began.values():
        await each.wait()
    await asyncio.sleep(0)
    assert not work.done()
    (status,) = statuses
    states = status.details()["sinks"]
    assert states == {"ended": "stopped", "failed": "failed", "broken": "failed", "well": "running"}
    stop.set()
    with pytest.raises(StageError, match="failed: another cluster; broken: 'a defect'"):
        await work
    assert finished == ["well"]
    # The process as a whole keeps the file for the supervisor fresh.
    assert alive_files == {None}


async def test_without_sinks_the_process_stays_until_it_is_stopped(statuses: list[ServiceStatus]) -> None:
    stop = asyncio.Event()
    work = asyncio.ensure_future(running.run_all([], KafkaSettings(), TopicLayout(), RuntimeSettings(), stop))
    for _ in range(5):
        await asyncio.sleep(0)
    assert statuses
    assert not work.done()
    stop.set()
    await work
