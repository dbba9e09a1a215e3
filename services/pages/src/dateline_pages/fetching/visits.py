"""The visits of one partition that are under way, and the results that wait to be applied."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from dateline.errors import TransientError
from dateline.log import get_logger
from dateline_web.address import host_of

from dateline_pages.fetching.visit_maker import CutOff, VisitMaker
from dateline_pages.fetching.visit_slots import VisitSlots
from dateline_pages.sites.sites import Sites
from dateline_pages.sites.visit import Visit, VisitFailed, VisitResult

__all__ = ["Visits"]

log = get_logger("dateline.pages")

MAX_STARTS = 200
"""At most this many visits are started before the event loop runs other work."""

SILENT_AGAIN_SECONDS = 0.5
"""While the group is silent, a site is looked at again after this time."""

MAX_RESULTS = 500
"""No visit starts while this many results wait to be applied."""


@dataclass(slots=True, kw_only=True)
class Visits:
    """Starts the visits that sites allow, and applies their results to the sites."""

    sites: Sites
    maker: VisitMaker
    slots: VisitSlots
    now: Callable[[], float]
    is_silent: Callable[[], bool]
    """Whether the group has been silent long enough that another owner may ask the sites soon."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when results wait."""
    _running: "dict[asyncio.Task[VisitResult | CutOff], Visit]" = field(default_factory=dict)
    _results: "deque[tuple[Visit, VisitResult]]" = field(default_factory=deque)
    _held: "list[tuple[Visit, CutOff]]" = field(default_factory=list)
    _closed: bool = False

    def start(self) -> None:
        """Start the visits that may begin now, as far as slots and the network allow."""
        if self._closed:
            return
        network = self.maker.client.connectivity
        for _ in range(MAX_STARTS):
            if len(self._results) >= MAX_RESULTS or not network.is_open:
                return
            if not self.slots.take(len(self._running)):
                return
            now = self.now()
            visit = self.sites.next_visit(now)
            if visit is None:
                self.slots.give_back()
                return
            host = host_of(visit.url)
            wait = SILENT_AGAIN_SECONDS if self.is_silent() else network.wait_seconds(host)
            if wait:
                self.sites.postpone(visit, now, wait)
                self.slots.give_back()
                if self.is_silent():
                    return
                continue
            network.start(host)
            running = asyncio.ensure_future(self.maker.make(visit))
            self._running[running] = visit
            running.add_done_callback(partial(self._ended, visit))

    def settle(self) -> None:
        """Decide about visits that were cut off: the site's failures count, and others are repeated."""
        network, self._held, held = self.maker.client.connectivity, [], self._held
        for visit, cut in held:
            blame = network.blame(cut.failure)
            if blame is None:
                self._held.append((visit, cut))
            elif blame == "theirs":
                self._results.append((visit, cut.failed))
            else:
                self.sites.interrupted(visit, self.now())

    def apply(self, most: int = MAX_RESULTS) -> int:
        """Apply results to the sites; return how many."""
        count = 0
        while self._results and count < most:
            visit, result = self._results.popleft()
            self.sites.finished(visit, result, self.now())
            count += 1
        if not self._results:
            self.changed.clear()
        return count

    @property
    def running(self) -> int:
        """Number of visits under way."""
        return len(self._running)

    async def close(self) -> None:
        """Cancel all visits; the next owner of the partition makes them again, after a pause."""
        self._closed = True
        running = list(self._running)
        self._running.clear()
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, visit: Visit, task: "asyncio.Task[VisitResult | CutOff]") -> None:
        self.slots.give_back()
        if self._running.pop(task, None) is None or task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._raised(visit, error)
        elif isinstance(result := task.result(), CutOff):
            self._held.append((visit, result))
        else:
            self._results.append((visit, result))
        self.changed.set()

    def _raised(self, visit: Visit, error: BaseException) -> None:
        if isinstance(error, TransientError):
            log.warning("a page is asked for again", url=visit.url, reason=str(error))
            self.sites.interrupted(visit, self.now())
            return
        # One page must not stop the others, even if it makes the reader fail.
        log.error("reading a page failed", url=visit.url, error=f"{type(error).__name__}: {error}")
        reason = f"reading the page failed: {type(error).__name__}"
        self._results.append((visit, VisitFailed(trouble="document", reason=reason)))
