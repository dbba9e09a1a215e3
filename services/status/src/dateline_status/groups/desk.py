"""Forgets consumer groups, as `dateline groups forget` does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.retirement import describe_retirement, plan_retirement, retire
from dateline.settings import KafkaSettings

__all__ = ["ForgetPlan", "GroupDesk", "GroupForgetting"]

PLAN_SECONDS = 20.0
"""Finding out what a group has takes at most this long."""

FORGET_SECONDS = 60.0
"""Forgetting a group takes at most this long."""


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    """What forgetting a group removes and leaves, in sentences."""

    group: str
    lines: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Names exactly this plan, so that nothing else is removed than a page has shown."""
        return sha256("\n".join(self.lines).encode()).hexdigest()[:32]


class GroupForgetting(Protocol):
    """Forgets consumer groups; both methods ask Kafka.

    Both raise `DatelineError` if the group is not to be forgotten, and `TransientError` or `KafkaError` if Kafka does
    not answer.
    """

    async def plan(self, group: str) -> ForgetPlan:
        """Return what forgetting a group would remove."""
        ...

    async def forget(self, group: str, digest: str) -> str:
        """Forget a group; return what was done, in a sentence.

        Args:
            group: the group.
            digest: that of the plan that somebody has seen; empty means whatever the group has.
        """
        ...


class GroupDesk:
    """Forgets groups, one at a time."""

    def __init__(self, kafka: KafkaSettings, changed: Callable[[], None] = lambda: None) -> None:
        self._kafka = kafka
        self._changed = changed
        self._forgetting = asyncio.Lock()

    async def plan(self, group: str) -> ForgetPlan:
        """Return what forgetting a group would remove."""
        return await bounded(self._plan(group), PLAN_SECONDS, f"finding out what group {group} has")

    async def forget(self, group: str, digest: str) -> str:
        """Forget a group; return what was done, in a sentence.

        Args:
            group: the group.
            digest: that of the plan that somebody has seen; empty means whatever the group has.
        """
        async with self._forgetting:
            await bounded(
                self._forget(group, digest),
                FORGET_SECONDS,
                f"forgetting {group}; repeat it to finish what it began, and it",
            )
        self._changed()
        return f"{group} is forgotten."

    async def _plan(self, group: str) -> ForgetPlan:
        async with self._connected() as offsets:
            return _shown(group, describe_retirement(await plan_retirement(self._kafka, offsets, group)))

    async def _forget(self, group: str, digest: str) -> None:
        async with self._connected() as offsets:
            plan = await plan_retirement(self._kafka, offsets, group)
            if digest and _shown(group, describe_retirement(plan)).digest != digest:
                raise DatelineError(f"what forgetting {group} removes has changed meanwhile; look at it again")
            await retire(self._kafka, offsets, plan)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[OffsetReader]:
        offsets = await OffsetReader.connect(self._kafka, "dateline-status-groups")
        try:
            yield offsets
        finally:
            await offsets.close()


def _shown(group: str, lines: list[str]) -> ForgetPlan:
    return ForgetPlan(group, tuple(lines))
