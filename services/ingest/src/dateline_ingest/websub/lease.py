"""The rules of a subscription: each event gives its next state. Pure: time and chance are arguments."""

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
"""The reason of a subscription while the hub's answer is not known; it is stored in the feed's state."""

RENEW_FROM, RENEW_TO = 0.75, 0.9
"""A lease is renewed after a random share between these, so that leases that began together spread."""

MAX_MISSED = 2
"""After this many polls in a row that found new articles, the hub is not relied on: it should have sent them."""

NEXT_HUB_AFTER = 3
"""After this many failures in a row, the next hub that the feed names is asked."""

CUT_OFF_SECONDS = 60.0
"""A hub is asked again after this time if this machine was cut off from the network."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""A time that makes a request due at once."""

MAX_LEASE_SECONDS = 10 * 366 * 86_400
"""Longer leases are shortened to this, so that adding them to a date cannot fail."""

MAX_REASON_CHARACTERS = 200
"""Longer reasons are cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAnswer:
    """The answer of a hub to a request."""

    hub: str
    """The address of the hub."""
    topic: str
    error: str | None = None
    """None if the hub accepted the request, and will verify it."""
    retry_after_seconds: float | None = None
    """The wait that the hub asks for."""
    cut_off: bool = False
    """Whether this machine was cut off from the network, so that the hub could not be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRules:
    """The rules by which a subscription changes."""

    settings: WebSubSettings
    callback: str
    """The fingerprint of the callbacks (`Capabilities.fingerprint`)."""
    chance: Callable[[], float] = field(default=random.random)
    """Returns a number from 0 to 1, for jitter."""

    def discovered(self, push: FeedPush | None, found: Discovery | None, now: datetime) -> FeedPush | None:
        """Return the subscription after a document was read.

        Args:
            push: the subscription so far.
            found: the hubs that the document names, None if it names none.
            now: the current time.
        """
        if found is None:
            return None
        if push is None or push.topic != found.topic or push.hub not in found.hubs:
            return self._first(found.hubs[0], found.topic, now)
        if push.failures >= NEXT_HUB_AFTER and len(found.hubs) > 1 and not self.is_live(push, now):
            at = found.hubs.index(push.hub)
            return self._first(found.hubs[(at + 1) % len(found.hubs)], found.topic, now)
        return push

    def asked(self, push: FeedPush, now: datetime) -> FeedPush:
        """Return the subscription after a request was sent; it counts as failed until the hub has verified it."""
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
        """Return the subscription after the hub answered the request that `asked` recorded.

        A hub may verify or refuse a request before it answers it; then the answer changes nothing.
        """
        if (answer.hub, answer.topic) != (push.hub, push.topic) or push.reason != ASKED:
            return push
        if answer.error is None:
            return push.model_copy(update={"reason": "the hub accepted the request and must verify it"})
        if answer.cut_off:
            # The request that `asked` counted was none.
            again = now + timedelta(seconds=CUT_OFF_SECONDS)
            reason = "this machine was cut off from the network, and the hub is asked again"
            return push.model_copy(
                update={"failures": max(0, push.failures - 1), "next_request": again, "reason": reason}
            )
        seconds = max(self._pause(push.failures), answer.retry_after_seconds or 0.0)
        return push.model_copy(
            update={
                "state": ACTIVE if self._is_active(push, now) else FAILED,
                "next_request": now + timedelta(seconds=min(seconds, self.settings.retry_max_seconds)),
                "reason": answer.error[:MAX_REASON_CHARACTERS],
            }
        )

    def verified(self, push: FeedPush | None, hub: str, topic: str, lease: int | None, at: datetime) -> FeedPush | None:
        """Return the subscription after the hub with a `hub_id` has verified it."""
        if push is None or (hub_id(push.hub), push.topic) != (hub, topic):
            return push
        seconds = min(max(lease or self.settings.lease_seconds, 1), MAX_LEASE_SECONDS)
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
        """Return the subscription after the hub with a `hub_id` has refused it, or ended it early."""
        if push is None or (hub_id(push.hub), push.topic) != (hub, topic):
            return push
        why = f": {reason}" if reason else ""
        return push.model_copy(
            update={
                "state": DENIED,
                "expires": None,
                "failures": max(push.failures, 1),
                # The hub may change its mind, so it is asked again, after the longest pause.
                "next_request": at + self._jittered(self.settings.retry_max_seconds),
                "reason": f"the hub refuses{why}"[:MAX_REASON_CHARACTERS],
            }
        )

    def arrived(self, push: FeedPush, at: datetime) -> FeedPush:
        """Return the subscription after a push."""
        return push.model_copy(update={"last_push": at, "missed": 0})

    def polled(self, push: FeedPush, new: int, before: datetime | None, now: datetime) -> FeedPush:
        """Return the subscription after a poll; a working hub would have sent the articles that it found.

        Args:
            push: the subscription so far.
            new: the number of articles that were published because of the poll.
            before: the time of the poll before; if the subscription began later, the articles do not count.
            now: the time of the poll.
        """
        covered = push.since is not None and before is not None and before >= push.since
        if not new or not covered or not self._is_active(push, now):
            return push
        return push.model_copy(update={"missed": push.missed + 1})

    def paused(self, push: FeedPush) -> FeedPush:
        """Return the subscription after the feed was paused, and the hub was asked to end it."""
        return push.model_copy(
            update={"state": REQUESTED, "expires": None, "next_request": None, "reason": "the feed is paused"}
        )

    def resumed(self, push: FeedPush, now: datetime) -> FeedPush:
        """Return the subscription after the feed was resumed."""
        return push if push.next_request is not None else push.model_copy(update={"next_request": now, "failures": 0})

    def is_live(self, push: FeedPush | None, now: datetime) -> bool:
        """Return whether pushes can be relied on, so that the feed need be polled only rarely."""
        return push is not None and self._is_active(push, now) and push.missed < MAX_MISSED

    def due(self, push: FeedPush | None) -> datetime | None:
        """Return when the next request to the hub is due, None if none is."""
        if push is None:
            return None
        # After a change of the callback address or the secret, the subscription is useless.
        return push.next_request if push.callback in (None, self.callback) else LONG_AGO

    def due_again(self, push: FeedPush | None) -> datetime | None:
        """Return when the next request is due for a new owner of the feed.

        If the previous owner did not get an answer, it may not even have sent the request, so it is repeated at once.
        """
        return LONG_AGO if push is not None and push.reason == ASKED else self.due(push)

    def live_until(self, push: FeedPush | None, now: datetime) -> datetime | None:
        """Return the time until which pushes can be relied on, None if they cannot be relied on now."""
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
