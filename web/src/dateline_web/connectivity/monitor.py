"""Decides whose a failure is: the host's, or this machine's own, because it is cut off from the network.

A single failure to reach a host cannot tell. So it is held until requests to other hosts have shown whether the
network works. While the machine is cut off, nobody is blamed, and single requests probe whether the network is back.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import structlog

from dateline_web.connectivity.evidence import MANY_HOSTS, Evidence, Tally
from dateline_web.connectivity.outcome import Cut, Outcome
from dateline_web.connectivity.probes import Probes

__all__ = ["HOLD_SECONDS", "Blame", "Connectivity", "NetworkState"]

log = structlog.get_logger("dateline.web")

Blame = Literal["theirs", "ours"]
"""The side at fault: the host or this machine. A failure of this machine is blamed on no host and should be retried."""

NetworkState = Literal["online", "suspect", "offline"]
"""Whether this machine reaches the network.

- online: it does.
- suspect: many hosts failed in a row, which is not decided yet.
- offline: it does not.
"""

HOLD_SECONDS = 30.0
"""A failure is held for at most this long after its request."""

NEARBY_SECONDS = 3.0
"""A failure is judged by the requests that began within this time after its own, if they asked enough hosts."""

GRACE_SECONDS = 1.0
"""It is judged this much later, because others may take a little longer to fail for the same reason."""

LOOK_SECONDS = 0.5
"""Whoever waits for a decision looks this often whether there is one."""

RECENT_SECONDS = 300.0
"""While the machine is offline, the last outcomes within this time tell whether that is over."""

AFTERWARDS_SECONDS = 60.0
"""This long after an outage, failures of few hosts do not begin another."""

PARTIAL_SECONDS = 600.0
"""If some hosts are reached and others are not for this long, the others are down.

As long as this, a host that fails alone is not blamed while no other host is asked.
"""

PARTIAL_SHARE = 0.25
"""The share of hosts that must be reached before the others count as down."""

MAX_DOUBTS = 1000
"""The table of hosts that fail alone is cleared beyond this size."""


@dataclass(slots=True, kw_only=True)
class Connectivity:
    """The network as the requests of one process see it. It makes no requests itself."""

    clock: Callable[[], float] = time.monotonic
    """Returns the current time in seconds; it never goes back."""
    _evidence: Evidence = field(default_factory=Evidence)
    _failing: set[str] = field(default_factory=set)
    """Hosts that have failed since the last answer of any host, at most `MANY_HOSTS`."""
    _doubts: dict[str, float] = field(default_factory=dict)
    """Hosts of which it is not proved that they are down, with the beginning of the first request that failed."""
    _probes: Probes = field(init=False)
    _offline_since: float | None = None
    _online_since: float = -math.inf
    _reason: str | None = None

    def __post_init__(self) -> None:
        self._probes = Probes(self.clock)

    @property
    def state(self) -> NetworkState:
        """Whether this machine reaches the network."""
        if self._offline_since is not None:
            return "offline"
        return "suspect" if len(self._failing) >= MANY_HOSTS else "online"

    @property
    def reason(self) -> str | None:
        """Why this machine counts as offline, in words; None if it does not."""
        return self._reason

    @property
    def is_open(self) -> bool:
        """Whether a request to any host may start now: while hosts fail, only a probe now and then."""
        return self.state == "online" or self._probes.is_due

    def wait_seconds(self, host: str) -> float:
        """Return the seconds until a request to `host` may start; 0 if it may start now."""
        if self.state == "online":
            return 0.0
        offline = 0.0 if self._offline_since is None else self.clock() - self._offline_since
        return self._probes.wait_seconds(host, offline)

    def start(self, host: str) -> None:
        """Note that a request to `host` starts, after `wait_seconds` has allowed it."""
        if self.state != "online":
            self._probes.start(host)

    def reached(self, host: str, began: float) -> None:
        """Note that a host begins to answer a request that began at `began`, whatever the answer."""
        now = self.clock()
        self._evidence.add(Outcome(host=host, began=began, ended=now))
        self._failing.clear()
        if self._offline_since is not None:
            self._probes.hurry()
            self._look_again(began, self._offline_since)

    def completed(self, host: str) -> None:
        """Note that a request to a host was not cut off."""
        self._doubts.pop(host, None)

    def failed(self, host: str, began: float, cut: Cut, reason: str = "", *, answered: bool = False) -> Outcome:
        """Note that a request was cut off, and return the failure for `blame`.

        Args:
            host: the host that was asked.
            began: when the request began.
            cut: how it was cut off.
            reason: the same in words.
            answered: whether the host had begun to answer; `reached` has been called then.
        """
        failure = Outcome(host=host, began=began, ended=self.clock(), cut=cut, reason=reason)
        if not answered:
            self._evidence.add(failure)
            if len(self._failing) < MANY_HOSTS and not self._evidence.is_down(host):
                self._failing.add(host)
        return failure

    def blame(self, failure: Outcome) -> Blame | None:
        """Decide whose a failure is; None while that is not known, at most for `HOLD_SECONDS` after its end."""
        if self._offline_since is not None or failure.began < self._online_since:
            return self._doubt(failure)
        now = self.clock()
        nearby = failure.began + NEARBY_SECONDS
        if now < max(nearby, failure.ended) + GRACE_SECONDS:
            return None
        tally = self._evidence.around(failure.began, nearby)
        if tally.hosts < MANY_HOSTS:
            return self._of_few(failure, now)
        is_theirs = (tally.names_work and failure.cut == "unknown name") or not tally.points_here
        if is_theirs or (tally.reached and self._is_proved(failure)):
            return self._theirs(failure)
        self._doubt(failure)
        return self._offline(failure, tally)

    async def decided(self, failure: Outcome) -> Blame:
        """Wait until it is decided whose a failure is, at most for `HOLD_SECONDS`."""
        while True:
            blame = self.blame(failure)
            if blame is not None:
                return blame
            await asyncio.sleep(LOOK_SECONDS)

    def _of_few(self, failure: Outcome, now: float) -> Blame | None:
        """Decide where few hosts are asked; what is not proved is not blamed, so that the caller tries again."""
        tally = self._evidence.around(failure.began, now, MANY_HOSTS)
        is_over = now >= failure.ended + HOLD_SECONDS
        long_failing = now - self._first_failure(failure) >= PARTIAL_SECONDS
        was_down = self._evidence.is_down(failure.host) and (tally.reached or is_over)
        if self._is_proved(failure) or (not tally.points_here and (was_down or (tally.reached and long_failing))):
            return self._theirs(failure)
        if tally.points_here and tally.hosts >= MANY_HOSTS:
            return self._offline(failure, tally)
        if not tally.reached and not is_over:
            return None
        alone = tally.failed <= 1 and self._evidence.reached_others(failure.host)
        just_back = failure.began - self._online_since < AFTERWARDS_SECONDS
        if not tally.reached and (long_failing or not (alone or just_back)):
            return self._offline(failure, tally)
        return self._doubt(failure)

    def _is_proved(self, failure: Outcome) -> bool:
        """Return whether another host answered a request between the failures of this one."""
        first = self._first_failure(failure)
        return first < failure.began and self._evidence.around(first, failure.began).reached > 0

    def _doubt(self, failure: Outcome) -> Blame:
        """Blame nobody, and remember when the host failed first: its next failure may prove that it is down."""
        if len(self._doubts) >= MAX_DOUBTS:
            self._doubts.clear()
        self._doubts[failure.host] = self._first_failure(failure)
        return "ours"

    def _first_failure(self, failure: Outcome) -> float:
        """Return when the first request began of those that failed without a proof of whose fault that was."""
        first = self._doubts.get(failure.host, failure.began)
        return first if failure.began - first < 2 * PARTIAL_SECONDS else failure.began

    def _theirs(self, failure: Outcome) -> Blame:
        if failure.cut == "here":
            return "ours"
        self._doubts.pop(failure.host, None)
        self._evidence.set_down([failure.host])
        return "theirs"

    def _offline(self, failure: Outcome, tally: Tally) -> Blame:
        self._offline_since = self.clock()
        self._reason = (
            f"this machine seems to be cut off from the network: {tally.failed} of the {tally.hosts} hosts that were "
            f"asked could not be reached, such as {failure.host} ({failure.reason or failure.cut})"
        )
        log.warning("this machine seems to be offline; no host is blamed", reason=self._reason)
        return "ours"

    def _look_again(self, began: float, since: float) -> None:
        """Go online if most hosts that were asked last were reached, or enough of all that were asked meanwhile."""
        now = self.clock()
        newest = Tally.of(self._evidence.newest(now - RECENT_SECONDS, MANY_HOSTS))
        outcomes = self._evidence.newest(since)
        tally = Tally.of(outcomes)
        enough = now - since >= PARTIAL_SECONDS and tally.reached >= PARTIAL_SHARE * tally.hosts
        enough = enough or (tally.hosts >= MANY_HOSTS and not tally.points_here)
        if newest.points_here and not enough:
            return
        # Hosts that failed although the network worked again are down.
        first = self._evidence.first_answer(since)
        self._evidence.set_down(each.host for each in outcomes if each.cut is not None and each.began > first)
        self._offline_since, self._online_since, self._reason = None, began, None
        self._probes.clear()
        self._failing.clear()
        log.info("this machine reaches the network again", offline_seconds=round(now - since))
