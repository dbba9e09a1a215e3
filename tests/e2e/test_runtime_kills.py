"""Replicas that are killed, frozen, added and stopped under load lose, duplicate and reorder nothing."""

import signal
import time

import pytest
from support.relay_lab import Lab

pytestmark = pytest.mark.kafka


async def test_another_worker_takes_over_from_one_killed_in_the_middle_of_a_batch(lab: Lab) -> None:
    await lab.publish(600, keys=30)
    first = lab.process(delay_seconds=0.01)
    await first.works_on(50)
    second = lab.process()
    first.kill()

    await lab.publish(200, keys=30)
    await lab.verify()
    second.send(signal.SIGTERM)
    assert await second.ended() == 0


async def test_a_frozen_worker_that_resumes_commits_nothing_twice(lab: Lab) -> None:
    """Frozen beyond the session and transaction time-outs, it still believes that it owns its partitions."""
    await lab.publish(800, keys=30)
    frozen = lab.process(delay_seconds=0.01)
    other = lab.process(delay_seconds=0.005)
    await lab.wait_relayed(50)
    frozen.send(signal.SIGSTOP)
    await lab.wait_relayed(500)
    frozen.send(signal.SIGCONT)

    await lab.publish(100, keys=30)
    await lab.verify()
    for each in (frozen, other):
        each.send(signal.SIGTERM)
        assert await each.ended() == 0


async def test_replicas_that_join_and_leave_disturb_nothing(lab: Lab) -> None:
    await lab.publish(1500, keys=30)
    async with lab.working("stays", delay_seconds=0.004, batch_seconds=0.3):
        for number in range(3):
            guest = lab.worker(f"guest-{number}", delay_seconds=0.004, batch_seconds=0.3)
            await lab.wait_relayed(min(200 + 300 * number, 1500))
            await guest.end()
        await lab.verify()


async def test_sigterm_stops_a_worker_within_two_seconds_and_keeps_its_work(lab: Lab) -> None:
    await lab.publish(400, keys=20)
    worker = lab.process({"RUNTIME__BATCH_SECONDS": "60"}, delay_seconds=0.02)

    await worker.works_on(60)
    began = time.monotonic()
    worker.send(signal.SIGTERM)
    assert await worker.ended() == 0
    assert time.monotonic() - began < 2.0
    assert await lab.relayed_count() == worker.worked_on() < 400, "started work was thrown away"

    async with lab.working("next"):
        await lab.verify()
