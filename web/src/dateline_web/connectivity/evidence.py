"""What the last requests tell about the network: how many hosts were reached, and how many were not."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

from dateline_web.connectivity.outcome import Outcome

__all__ = ["MANY_HOSTS", "Evidence", "Tally"]

MANY_HOSTS = 5
"""From this many hosts on, most of them decide; of fewer, all."""

MAX_OUTCOMES = 2000
"""At most this many outcomes are kept, the latest."""

MAX_DOWN = 10_000
"""At most this many hosts are remembered as being down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many different hosts were reached and how many were not, each by its last outcome."""

    reached: int = 0
    failed: int = 0
    names_work: bool = False
    """Whether a name was looked up successfully."""

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Tally":
        """Count outcomes of different hosts; an unknown name counts only if no name could be looked up."""
        each = list(outcomes)
        names_work = any(outcome.cut in (None, "connection") and _is_name(outcome.host) for outcome in each)
        uncounted = (None, "unknown name") if names_work else (None,)
        return cls(
            reached=sum(outcome.cut is None for outcome in each),
            failed=sum(outcome.cut not in uncounted for outcome in each),
            names_work=names_work,
        )

    @property
    def hosts(self) -> int:
        """The number of hosts that count."""
        return self.reached + self.failed

    @property
    def points_here(self) -> bool:
        """Whether the failures are too many to be the hosts' own."""
        return 2 * self.failed > self.hosts if self.hosts >= MANY_HOSTS else self.failed > 0 and not self.reached


@dataclass(slots=True)
class Evidence:
    """The latest outcomes. Hosts that are known to be down tell nothing new about the network."""

    _outcomes: deque[Outcome] = field(default_factory=lambda: deque(maxlen=MAX_OUTCOMES))
    """In the order of their ends."""
    _down: dict[str, None] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Add the outcome of a request that has just ended, or whose answer has begun."""
        self._outcomes.append(outcome)
        if outcome.cut is None:
            self._down.pop(outcome.host, None)

    def set_down(self, hosts: Iterable[str]) -> None:
        """Remember hosts as being down until they are reached again."""
        self._down |= dict.fromkeys(hosts)
        while len(self._down) > MAX_DOWN:
            del self._down[next(iter(self._down))]

    def is_down(self, host: str) -> bool:
        """Return whether a host is known to be down."""
        return host in self._down

    def around(self, began: float, until: float, most: int = MAX_OUTCOMES) -> Tally:
        """Return the tally of requests that began between `began` and `until`, for the `most` hosts asked first.

        Their end does not matter: some requests fail only after a long silence.
        """
        last: dict[str, Outcome] = {}
        for outcome in reversed(self._outcomes):
            if outcome.ended < began:
                break
            if began <= outcome.began <= until and outcome.host not in self._down:
                last.setdefault(outcome.host, outcome)
        return Tally.of(sorted(last.values(), key=lambda outcome: outcome.began)[:most])

    def newest(self, since: float, most: int = MAX_OUTCOMES) -> list[Outcome]:
        """Return the last outcome of each of the `most` hosts that were asked last, if they ended after `since`."""
        last: dict[str, Outcome] = {}
        recent = (outcome for outcome in self._outcomes if outcome.ended >= since and outcome.host not in self._down)
        for outcome in sorted(recent, key=lambda outcome: outcome.began, reverse=True):
            last.setdefault(outcome.host, outcome)
            if len(last) == most:
                break
        return list(last.values())

    def first_answer(self, since: float) -> float:
        """Return when a host answered first after `since`; infinity if none has."""
        return min(
            (each.ended for each in self._outcomes if each.cut is None and each.ended >= since), default=math.inf
        )

    def reached_others(self, host: str) -> bool:
        """Return whether another host was reached, however long ago."""
        return any(outcome.cut is None and outcome.host != host for outcome in self._outcomes)


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
