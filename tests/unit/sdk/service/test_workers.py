"""The last heartbeat of a worker says how it ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from dateline.errors import StageError, TargetEndedError
from dateline.figures.meter import Meter
from dateline.runtime.plan import TaskPlan
from dateline.runtime.worker import Worker
from dateline.service import workers
from dateline.service.heartbeat import ServiceStatus
from dateline.settings import KafkaSettings, RuntimeSettings


class FakeWorker:
    """A worker that ends with an error, or without one."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.client_id = "worker-1"
        self.plan = TaskPlan(group="g", topic="items", groups_topic="groups")
        self.kafka = KafkaSettings()
        self.runtime = RuntimeSettings()
        self.meter = Meter()
        self.progress: dict[Any, Any] = {}

    async def run(self, stop: asyncio.Event) -> None:
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (None, "stopped", None),
        (TargetEndedError("410 Gone"), "stopped", "410 Gone"),
        (StageError("another cluster"), "failed", "another cluster"),
    ],
)
async def test_the_last_state_is_stopped_or_failed_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, state: str, reason: str | None
) -> None:
    published: list[ServiceStatus] = []

    @contextlib.asynccontextmanager
    async def heartbeats(status: ServiceStatus, *_: Any) -> AsyncIterator[ServiceStatus]:
        published.append(status)
        yield status

    monkeypatch.setattr(workers, "heartbeats", heartbeats)
    running = workers.run_worker(cast(Worker, FakeWorker(error)), asyncio.Event(), service="s", version="1")
    if error is None:
        await running
    else:
        with pytest.raises(type(error)):
            await running
    assert [(status.state, status.reason) for status in published] == [(state, reason)]
