"""Polls that were cut off, until it is decided whose fault that is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from dateline_web.connectivity.monitor import Blame, Connectivity
from dateline_web.connectivity.outcome import Outcome

from dateline_ingest.polling.poll import PollRequest
from dateline_ingest.polling.results import Failed
from dateline_ingest.polling.schedule import Turn

__all__ = ["HeldPoll", "HeldPolls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPoll:
    """A poll that was cut off. It holds no slot, but still counts at its hosts, so that they are not asked in vain."""

    request: PollRequest
    turn: Turn
    hosts: Collection[str]
    result: Failed
    failure: Outcome


@dataclass(slots=True)
class HeldPolls:
    """The held polls of one partition, at most one for each feed."""

    connectivity: Connectivity
    _polls: dict[bytes, HeldPoll] = field(default_factory=dict)

    def add(self, poll: HeldPoll) -> None:
        """Hold a poll."""
        self._polls[poll.request.key] = poll

    def pop(self, key: bytes) -> HeldPoll | None:
        """Return the held poll of a feed, which is held no longer; None if there is none."""
        return self._polls.pop(key, None)

    def take_all(self) -> list[HeldPoll]:
        """Return all held polls, which are held no longer."""
        polls = list(self._polls.values())
        self._polls.clear()
        return polls

    def decided(self) -> Iterator[tuple[HeldPoll, Blame]]:
        """Yield the polls that are decided, with whose fault each was; they are held no longer."""
        for poll in list(self._polls.values()):
            blame = self.connectivity.blame(poll.failure)
            if blame is not None:
                del self._polls[poll.request.key]
                yield poll, blame

    def __len__(self) -> int:
        return len(self._polls)
