"""The WebSub side of a partition: its subscriptions and its pushes; does nothing if WebSub is off."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from dateline.runtime.task import Task
from dateline_schemas import FeedState

from dateline_ingest.feeds import FeedLimits
from dateline_ingest.full_text.page_evidence import PageEvidence, no_evidence
from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.progress import FeedChange, FeedProgress
from dateline_ingest.polling.results import PollResult
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.websub.deliveries import Delivered, Deliveries
from dateline_ingest.websub.inbox import PushInbox
from dateline_ingest.websub.subscriber import Subscriber, WebSub

__all__ = ["FeedHubs"]


@dataclass(slots=True, kw_only=True)
class FeedHubs:
    """The subscriptions of a partition's feeds, and the pushes to them.

    Changes of the table are committed with the task's next transaction.
    """

    websub: WebSub | None
    task: Task
    feeds: Schedule
    table: FeedStateTable
    progress: FeedProgress
    limits: FeedLimits
    now: Callable[[], datetime]
    evidence: Callable[[bytes], PageEvidence] = no_evidence
    """Returns what is known about the pages of a feed's articles."""
    _subscriber: Subscriber | None = field(init=False)
    _deliveries: Deliveries | None = None

    def __post_init__(self) -> None:
        self._subscriber = None
        if self.websub is not None:
            self._subscriber = Subscriber(websub=self.websub, feeds=self.feeds, table=self.table, now=self.now)

    async def open(self) -> None:
        """Start to read the pushes and to answer hubs for the partition, after its table has been read."""
        if self.websub is None or self._subscriber is None:
            return
        for key in self.feeds:
            self._subscriber.restore(key, self.table.get(key))
        self._deliveries = Deliveries(
            inbox=await PushInbox.open(self.task),
            subscriber=self._subscriber,
            progress=self.progress,
            limits=self.limits,
            now=self.now,
            evidence=self.evidence,
        )
        self.websub.owned.enter(self.task.partition.partition, self._subscriber)

    def start(self) -> None:
        """Apply the answers of hubs, and send the requests that are due."""
        if self._subscriber is not None:
            self._subscriber.take_answers()
            self._subscriber.start()

    async def take(self, max_bytes: int) -> Delivered | None:
        """Process the deliveries that have arrived, up to about `max_bytes`; None if there are none."""
        return None if self._deliveries is None else await self._deliveries.take(max_bytes)

    def polled(self, result: PollResult, before: FeedState | None, change: FeedChange) -> FeedChange:
        """Return the change that a poll makes, including that to the feed's subscription."""
        if self._subscriber is None:
            return change
        state = self._subscriber.polled(result.key, before, change.state, result, change.found)
        return replace(change, state=state)

    def configured(self, key: bytes, state: FeedState, *, paused: bool) -> FeedState:
        """Return the state of a feed whose configuration has changed."""
        return state if self._subscriber is None else self._subscriber.configured(key, state, paused=paused)

    def removed(self, key: bytes) -> None:
        """End the subscription of a feed that was removed; call this before its state is deleted."""
        if self._subscriber is not None:
            self._subscriber.removed(key, self.table.get(key))

    async def close(self) -> None:
        """Release the partition; its next owner repeats the requests that were not answered."""
        if self.websub is not None:
            self.websub.owned.leave(self.task.partition.partition)
        for each in (self._subscriber, self._deliveries):
            if each is not None:
                await each.close()
