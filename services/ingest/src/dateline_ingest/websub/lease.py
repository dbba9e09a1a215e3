"""What becomes of a subscription: each event gives its next state. Pure: time and chance are arguments."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dateline_schemas import FeedPush

from dateline_ingest.websub.capability import hub_id
from dateline_ingest.websub.discovery import Discovery
from dateline_ingest.websub.settings import WebSubSettings

__all__ = ["REQUESTED", "HubAnswer", "LeaseRules"]

REQUESTED, ACTIVE, DENIED, FAILED = "requested", "active", "denied", "failed"
"""States of a subscription, as `FeedPush` has them."""

ASKED = "the hub was asked"
"""Reason of a state while the hub's answer is not known."""

RENEW_FROM, RENEW_TO = 0.75, 0.9
"""Shares of a lease between which it is renewed, at random, so that leases that began together part."""

MOST_MISSED = 2
"""Polls in a row that found what the hub had not sent, after which the hub is not relied on."""

NEXT_HUB_AFTER = 3
"""Failures in a row after which the next hub that the feed names is asked."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""A moment that is over."""

LONGEST_LEASE = 10 * 366 * 86_400
"""Seconds beyond which a lease is not believed."""

LONGEST_REASON = 200
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAnswer:
    """What a hub said to a request; `error` None: it will verify."""

    hub: str
    """Whom it was asked of."""
    topic: str
    error: str | None = None
    retry_after: float | None = None
    """Seconds that the hub asks to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRules:
    """The rules by which a subscription goes on."""

    settings: WebSubSettings
    callback: str
    """Short hash of what callbacks are made from (`Capabilities.fingerprint`)."""
    chance: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1, for jitter."""

    def discovered(self, push: FeedPush | None, found: Discovery | None, now: datetime) -> FeedPush | None:
        """Go on after a document was read: `found` is what it says of hubs, None where it names none."""
        if found is None:
            return None
        if push is None or push.topic != found.topic or push.hub not in found.hubs:
            return self._first(found.hubs[0], found.topic, now)
        if push.failures >= NEXT_HUB_AFTER and len(found.hubs) > 1 and not self.is_live(push, now):
            at = found.hubs.index(push.hub)
            return self._first(found.hubs[(at + 1) % len(found.hubs)], found.topic, now)
        return push

    def asked(self, push: FeedPush, now: datetime) -> FeedPush:
        """Go on when a request is on its way: it counts as failed until the hub has verified."""
        failures = push.failures + 1
        return push.model_copy(
            update={
                "state": ACTIVE if self._is_active(push, now) else REQUESTED,
                "failures": failures,
                "next_request": now + timedelta(seconds=max(self.settings.verify_seconds, self._pause(failures))),
                "callback": self.callback,
                "expires": push.expires if push.callback == self.callback else None,
                "reason": ASKED,
            }
        )

    def answered(self, push: FeedPush, answer: HubAnswer, now: datetime) -> FeedPush:
        """Go on after a hub's answer, given to the request that `asked` told of."""
        if (answer.hub, answer.topic) != (push.hub, push.topic):
            return push
        if answer.error is None:
            return push.model_copy(update={"reason": "the hub took the request, and has to verify it"})
        seconds = max(self._pause(push.failures), answer.retry_after or 0.0)
        return push.model_copy(
            update={
                "state": ACTIVE if self._is_active(push, now) else FAILED,
                "next_request": now + timedelta(seconds=min(seconds, self.settings.retry_max_seconds)),
                "reason": answer.error[:LONGEST_REASON],
            }
        )

    def verified(self, push: FeedPush | None, hub: str, topic: str, lease: int | None, at: datetime) -> FeedPush | None:
        """Go on after a hub, named by its `hub_id`, verified a subscription at a moment."""
        if push is None or (hub_id(push.hub), push.topic) != (hub, topic):
            return push
        seconds = min(max(lease or self.settings.lease_seconds, 1), LONGEST_LEASE)
        share = RENEW_FROM + (RENEW_TO - RENEW_FROM) * self.chance()
        return push.model_copy(
            update={
                "state": ACTIVE,
                "since": push.since if self._is_active(push, at) else at,
                "expires": at + timedelta(seconds=seconds),
                "next_request": at + timedelta(seconds=seconds * share),
                "callback": self.callback,
                "failures": 0,
                "missed": 0,
                "reason": f"the hub verified the subscription for {seconds} s",
            }
        )

    def denied(self, push: FeedPush | None, hub: str, topic: str, reason: str | None, at: datetime) -> FeedPush | None:
        """Go on after a hub refused a subscription, or ended it before its time."""
        if push is None or (hub_id(push.hub), push.topic) != (hub, topic):
            return push
        said = f": {reason}" if reason else ""
        return push.model_copy(
            update={
                "state": DENIED,
                "expires": None,
                "failures": max(push.failures, 1),
                # It may change its mind, and is asked as rarely as may be.
                "next_request": at + self._jittered(self.settings.retry_max_seconds),
                "reason": f"the hub refuses{said}"[:LONGEST_REASON],
            }
        )

    def arrived(self, push: FeedPush, at: datetime) -> FeedPush:
        """Go on after a push."""
        return push.model_copy(update={"last_push": at, "missed": 0})

    def polled(self, push: FeedPush, new: int, before: datetime | None, now: datetime) -> FeedPush:
        """Go on after a poll that found `new` articles: a hub that works would have sent them.

        Args:
            push: the subscription.
            new: articles that were published because of the poll.
            before: when the feed was polled before; what came before the subscription began does not count.
            now: when it was polled.
        """
        covered = push.since is not None and before is not None and before >= push.since
        if not new or not covered or not self._is_active(push, now):
            return push
        return push.model_copy(update={"missed": push.missed + 1})

    def paused(self, push: FeedPush) -> FeedPush:
        """Go on when a person pauses the feed; the hub is told to stop."""
        return push.model_copy(
            update={"state": REQUESTED, "expires": None, "next_request": None, "reason": "the feed is paused"}
        )

    def resumed(self, push: FeedPush, now: datetime) -> FeedPush:
        """Go on when a person resumes the feed."""
        return push if push.next_request is not None else push.model_copy(update={"next_request": now, "failures": 0})

    def is_live(self, push: FeedPush | None, now: datetime) -> bool:
        """Whether pushes can be relied on, so that the feed is polled but rarely."""
        return push is not None and self._is_active(push, now) and push.missed < MOST_MISSED

    def due(self, push: FeedPush | None) -> datetime | None:
        """Return when the hub is to be asked, None for never; what is over is due at once."""
        if push is None:
            return None
        # Where hubs call us has changed: what they have is worth nothing.
        return push.next_request if push.callback in (None, self.callback) else LONG_AGO

    def due_again(self, push: FeedPush | None) -> datetime | None:
        """Return when the hub is to be asked by one who has just taken the feed over.

        Where the former owner did not hear an answer, it may not even have asked.
        """
        return LONG_AGO if push is not None and push.reason == ASKED else self.due(push)

    def live_until(self, push: FeedPush | None, now: datetime) -> datetime | None:
        """Return how long pushes can be relied on, None if they cannot be now."""
        return push.expires if push is not None and self.is_live(push, now) else None

    def _is_active(self, push: FeedPush, now: datetime) -> bool:
        leased = push.expires is not None and push.expires > now
        return push.state == ACTIVE and leased and push.callback == self.callback

    def _first(self, hub: str, topic: str, now: datetime) -> FeedPush:
        return FeedPush(hub=hub, topic=topic, state=REQUESTED, next_request=now, reason="the feed names this hub")

    def _pause(self, failures: int) -> float:
        seconds = self.settings.retry_seconds * 2.0 ** min(max(failures - 1, 0), 30)
        return self._jittered(min(seconds, self.settings.retry_max_seconds)).total_seconds()

    def _jittered(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * (1 + 0.2 * self.chance()))
