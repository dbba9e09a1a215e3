"""The subscriptions of one partition's feeds: when to ask which hub, and what hubs have answered."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline.duration import in_words
from dateline.log import get_logger
from dateline_schemas import FeedDelivery, FeedPush, FeedState
from dateline_web.client import WebClient

from dateline_ingest.polling.feed_state_table import FeedStateTable
from dateline_ingest.polling.results import PollResult, Read
from dateline_ingest.polling.schedule import Schedule
from dateline_ingest.websub.capability import Callback, hub_id
from dateline_ingest.websub.discovery import discover
from dateline_ingest.websub.hub import HubClient, Mode
from dateline_ingest.websub.lease import HubAnswer, LeaseRules
from dateline_ingest.websub.owned_feeds import OwnedFeeds
from dateline_ingest.websub.settings import WebSubSettings

__all__ = ["Subscriber", "WebSub"]

log = get_logger("dateline.ingest")

MAX_REQUESTS = 100
"""At most this many requests are started at a time, so that other work has its turn."""


@dataclass(slots=True, kw_only=True)
class WebSub:
    """The parts of WebSub that all partitions of a process share."""

    client: HubClient
    rules: LeaseRules
    slots: asyncio.Semaphore
    """Limits the concurrent requests to hubs."""
    owned: OwnedFeeds

    @classmethod
    def of(cls, settings: WebSubSettings, client: WebClient, owned: OwnedFeeds) -> "WebSub | None":
        """Return the parts as the settings ask for, None if WebSub is off."""
        capabilities = settings.capabilities
        if capabilities is None:
            return None
        return cls(
            client=HubClient(client, capabilities, settings.lease_seconds),
            rules=LeaseRules(settings=settings, callback=capabilities.fingerprint),
            slots=asyncio.Semaphore(settings.concurrent_requests),
            owned=owned,
        )


@dataclass(slots=True, kw_only=True)
class Subscriber:
    """Keeps the subscriptions in the table of feeds; its changes are committed with the task's next transaction."""

    websub: WebSub
    feeds: Schedule
    table: FeedStateTable
    now: Callable[[], datetime]
    asking: set["asyncio.Task[None]"] = field(default_factory=set)
    """The requests to hubs in progress."""
    _queue: list[tuple[datetime, bytes]] = field(default_factory=list)
    """A heap of due times and feeds; entries that differ from `_due` are obsolete."""
    _due: dict[bytes, datetime] = field(default_factory=dict)
    """When the hub of each feed is to be asked."""
    _answers: deque[tuple[bytes, HubAnswer]] = field(default_factory=deque)
    _unsubscribes: deque[tuple[bytes, FeedPush]] = field(default_factory=deque)
    """Subscriptions to end. `start` sends the requests when this replica answers for the partition: hubs call back."""

    def restore(self, key: bytes, state: FeedState | None) -> None:
        """Schedule the next request for a feed whose partition was just opened."""
        self._schedule(key, self.websub.rules.due_again(state.push if state else None))

    def plan(self, key: bytes, state: FeedState | None) -> None:
        """Schedule the next request for a feed."""
        self._schedule(key, self.websub.rules.due(state.push if state else None))

    def _schedule(self, key: bytes, due: datetime | None) -> None:
        if due is None:
            self._due.pop(key, None)
        elif self._due.get(key) != due:
            self._due[key] = due
            heapq.heappush(self._queue, (due, key))

    def start(self) -> None:
        """Send the requests that are due, first those that end subscriptions; none while the network is away."""
        if self.websub.client.is_offline:
            return
        while self._unsubscribes:
            self._ask("unsubscribe", *self._unsubscribes.popleft())
        now = self.now()
        for _ in range(MAX_REQUESTS):
            if not self._queue or self._queue[0][0] > now:
                return
            due, key = heapq.heappop(self._queue)
            if self._due.get(key) != due:
                continue
            del self._due[key]
            state, feed = self.table.get(key), self.feeds.get(key)
            if state is None or state.push is None or feed is None or feed.paused:
                continue
            asked = self.websub.rules.asked(state.push, now)
            self._change(key, state, asked)
            self._ask("subscribe", key, asked)

    def take_answers(self) -> None:
        """Apply the answers of hubs to the subscriptions."""
        while self._answers:
            key, answer = self._answers.popleft()
            state = self.table.get(key)
            if state is None or state.push is None:
                continue
            if answer.error is not None and not answer.cut_off:
                log.warning("a hub did not accept a request", feed=state.url, hub=answer.hub, reason=answer.error)
            self._change(key, state, self.websub.rules.answered(state.push, answer, self.now()))

    def polled(self, key: bytes, before: FeedState | None, state: FeedState, result: PollResult, new: int) -> FeedState:
        """Return the state of a feed after a poll, with the changes to its subscription.

        Args:
            key: the key of the feed.
            before: the state before the poll.
            state: the state after the poll.
            result: the outcome of the poll.
            new: the number of articles that were published because of it.
        """
        rules, push = self.websub.rules, state.push
        if isinstance(result, Read):
            response, document = result.response, result.document
            address = response.url or state.moved_to or state.url
            found = discover(response.links, hubs=document.hubs, self_link=document.self_link, address=address)
            push = rules.discovered(push, found, result.at)
            if state.push is not None and (
                push is None or (push.hub, push.topic) != (state.push.hub, state.push.topic)
            ):
                self._unsubscribes.append((key, state.push))
        if push is not None:
            push = rules.polled(push, new, before.last_poll if before else None, result.at)
        if push != state.push:
            state = state.model_copy(update={"push": push})
        self.plan(key, state)
        return self._put_off(key, state, result.at)

    def delivered(self, key: bytes, state: FeedState, delivery: FeedDelivery) -> FeedState:
        """Return the state of a feed after a delivery; a delivery from another hub changes nothing."""
        rules, push, now = self.websub.rules, state.push, self.now()
        was_live = rules.is_live(push, now)
        if delivery.kind == "verified":
            push = rules.verified(push, delivery.hub, delivery.topic, delivery.lease_seconds, delivery.at)
        elif delivery.kind == "denied":
            push = rules.denied(push, delivery.hub, delivery.topic, delivery.reason, delivery.at)
        elif push is not None and self.is_ours(state, delivery):
            push = rules.arrived(push, delivery.at)
        if push == state.push:
            return state
        state = state.model_copy(update={"push": push})
        self.plan(key, state)
        if was_live and not rules.is_live(push, now):
            # The next poll was put off because of the subscription.
            state = state.model_copy(update={"next_poll": now, "next_poll_reason": push and push.reason})
        return state

    def is_ours(self, state: FeedState, delivery: FeedDelivery) -> bool:
        """Return whether a delivery comes from the feed's current hub."""
        push = state.push
        return push is not None and (hub_id(push.hub), push.topic) == (delivery.hub, delivery.topic)

    def configured(self, key: bytes, state: FeedState, *, paused: bool) -> FeedState:
        """Return the state of a feed whose configuration has changed."""
        if state.push is None:
            return state
        if paused:
            self._unsubscribes.append((key, state.push))
            return state.model_copy(update={"push": self.websub.rules.paused(state.push)})
        state = state.model_copy(update={"push": self.websub.rules.resumed(state.push, self.now())})
        self.plan(key, state)
        return state

    def removed(self, key: bytes, state: FeedState | None) -> None:
        """End the subscription of a feed that was removed."""
        if state is not None and state.push is not None:
            self._unsubscribes.append((key, state.push))

    def has(self, feed: str) -> bool:
        """Return whether this partition holds a feed."""
        return feed.encode() in self.feeds

    def is_unwanted(self, callback: Callback) -> bool:
        """Return whether the subscription behind a callback, of a feed of this partition, has ended."""
        key = callback.feed.encode()
        feed, state = self.feeds.get(key), self.table.get(key)
        if feed is None or feed.paused or state is None or state.push is None:
            return True
        return (hub_id(state.push.hub), state.push.topic) != (callback.hub, callback.topic)

    async def close(self) -> None:
        """Cancel the requests; the next owner of the partition repeats them."""
        asking = list(self.asking)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _change(self, key: bytes, state: FeedState, push: FeedPush) -> None:
        state = state.model_copy(update={"push": push})
        self.table.put(key, state)
        self.plan(key, state)

    def _ask(self, mode: Mode, key: bytes, push: FeedPush) -> None:
        asking = asyncio.ensure_future(self._request(mode, key, push.hub, push.topic))
        self.asking.add(asking)
        asking.add_done_callback(self.asking.discard)

    async def _request(self, mode: Mode, key: bytes, hub: str, topic: str) -> None:
        async with self.websub.slots:
            answer = await self.websub.client.ask(mode, key.decode(), hub, topic)
        if mode == "subscribe":
            self._answers.append((key, answer))
        elif answer.error is not None:
            log.info("a hub was not told that a subscription has ended; it ends with its lease", hub=hub)

    def _put_off(self, key: bytes, state: FeedState, at: datetime) -> FeedState:
        """Put off the next poll while the hub can be relied on, at most until the lease ends."""
        rules, feed = self.websub.rules, self.feeds.get(key)
        until = rules.live_until(state.push, at)
        if until is None or state.next_poll is None or state.failures or (feed and feed.interval_seconds is not None):
            return state
        seconds = rules.settings.poll_seconds
        late = min(at + timedelta(seconds=seconds * (1 + 0.1 * rules.chance())), until)
        if late <= state.next_poll:
            return state
        reason = f"the hub pushes new items until {until:%Y-%m-%d %H:%M}, and polls every {in_words(seconds)} make sure"
        return state.model_copy(update={"next_poll": late, "next_poll_reason": reason})
