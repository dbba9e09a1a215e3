"""The sites of a task: takes requests, says what to ask for next, and applies what came of it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dateline.runtime.state import State
from dateline.tracing.trace_context import TraceContext
from dateline_schemas import PageRequest, SiteSettings, SiteState, WaitingPage

from dateline_pages.sites.asking import Asking
from dateline_pages.sites.effects import SiteEffects
from dateline_pages.sites.forgetting import Forgetting
from dateline_pages.sites.intake import Intake
from dateline_pages.sites.jobs import Jobs
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.looks import Looks
from dateline_pages.sites.memory.recent_pages import RecentPages
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.politeness.rules import Rules
from dateline_pages.sites.politeness.site_health import SiteHealth
from dateline_pages.sites.publishing import Merge, Publishing
from dateline_pages.sites.queues.queue_records import QueueRecords, waiting_look, waiting_page
from dateline_pages.sites.queues.schedule import Site, SiteSchedule
from dateline_pages.sites.results import Results
from dateline_pages.sites.visit import Visit, VisitFailed, VisitResult

__all__ = ["Sites"]

LATE = "the page was not read in time"
"""Why the text is the feed's when the deadline is over."""

AGAIN_SECONDS = 10.0
"""A visit that was cut off by this machine's own fault is repeated after this time."""


@dataclass(slots=True, kw_only=True)
class Sites:
    """All sites of a task. It makes no requests and writes nothing itself; times are seconds since the epoch.

    `restore` first, then `receive` requests. `next_visit` says what may be asked for now, `finished` applies the
    result, `step` applies the passing of time. `take` returns what to write with the changes of the state.
    """

    state: State[SiteState]
    limits: SiteLimits
    merge: Merge
    opened: float
    """When the task was opened: before one whole pause has passed, nothing is asked for."""
    chance: Callable[[], float] = random.random
    schedule: SiteSchedule = field(init=False)
    table: SiteTable = field(init=False)
    _publishing: Publishing = field(init=False)
    _records: QueueRecords = field(init=False)
    _rules: Rules = field(init=False)
    _intake: Intake = field(init=False)
    _health: SiteHealth = field(init=False)
    _jobs: Jobs = field(init=False)
    _asking: Asking = field(init=False)
    _forgetting: Forgetting = field(init=False)
    _results: Results = field(init=False)

    def __post_init__(self) -> None:
        self.table = SiteTable(self.state)
        self.schedule = SiteSchedule(limits=self.limits, opened=self.opened)
        self._publishing = Publishing(table=self.table, merge=self.merge)
        self._records = QueueRecords(schedule=self.schedule, table=self.table, publishing=self._publishing)
        self._rules = Rules(table=self.table, limits=self.limits)
        recent = RecentPages()
        self._intake = Intake(
            schedule=self.schedule,
            table=self.table,
            publishing=self._publishing,
            records=self._records,
            rules=self._rules,
            limits=self.limits,
            recent=recent,
        )
        self._health = SiteHealth(table=self.table, limits=self.limits, chance=self.chance)
        self._jobs = Jobs(
            schedule=self.schedule,
            table=self.table,
            publishing=self._publishing,
            intake=self._intake,
            health=self._health,
            retry_seconds=self._health.retry_seconds,
        )
        self._asking = Asking(
            schedule=self.schedule, table=self.table, records=self._records, rules=self._rules, jobs=self._jobs
        )
        self._results = Results(
            table=self.table,
            records=self._records,
            publishing=self._publishing,
            rules=self._rules,
            looks=Looks(records=self._records, table=self.table, limits=self.limits),
            health=self._health,
            jobs=self._jobs,
            intake=self._intake,
            recent=recent,
        )
        self._forgetting = Forgetting(table=self.table, schedule=self.schedule)

    def restore(self) -> Iterator[None]:
        """Take up what waits according to the state; yields after each entry, so that other work can go on."""
        latest = self.opened + self.limits.max_deadline_seconds
        for name, part, key in list(self.table.parts()):
            if part == "request":
                self._restore_page(name, key, latest)
            elif part == "look" and (look := self.table.look(name, key)) is not None:
                self.schedule.put(self._site(name), waiting_look(look, len(look.to_bytes())))
            elif part == "sitemap" and (job := self.table.job(name, key)) is not None and job.ended is None:
                self._jobs.put(self._site(name), key, job)
            yield
        for site in self.schedule.sites():
            refusal = self.schedule.refusal(site.name)
            if refusal is not None:
                self._health.abandoned[site.name] = refusal

    def configure(self, name: str, settings: SiteSettings | None) -> None:
        """Apply what an operator has decided about a site; None ends the decision."""
        if settings is None:
            self.schedule.decisions.pop(name, None)
        else:
            self.schedule.decisions[name] = settings
        site = self.schedule.get(name)
        if site is not None:
            self.schedule.plan(site)
            refusal = self.schedule.refusal(name)
            if refusal is not None:
                self._health.abandoned[name] = refusal

    def receive(
        self, name: str, request: PageRequest, *, number: int, now: float, trace: TraceContext | None = None
    ) -> None:
        """Take a request.

        Args:
            name: the site of its address.
            request: the request.
            number: its place among the requests, such as its offset.
            now: the current time.
            trace: the trace that it belongs to.
        """
        if request.kind == "retry":
            self._intake.retry(name, now)
        elif request.kind == "sitemap":
            self._jobs.begin(name, request)
        elif request.article is not None:
            self._intake.article(name, request, number, now, trace)

    def next_visit(self, now: float) -> Visit | None:
        """Return a request that may be sent now, None if there is none; `finished` or `interrupted` must follow."""
        while not self._publishing.effects.is_full and (site := self.schedule.next_site(now)) is not None:
            entry = site.queue.first(now)
            visit = None if entry is None else self._asking.visit(site, entry, now)
            if visit is not None:
                site.visit, site.asked_at = visit, now
                return visit
            self.schedule.plan(site)
        return None

    def finished(self, visit: Visit, result: VisitResult, now: float) -> None:
        """Apply the result of a visit; the pause begins now."""
        site = self._ended(visit, now)
        if site is not None:
            if not isinstance(result, VisitFailed):
                self.schedule.answered(site, now)
            self._results.apply(site, visit, result, now)
            # The answer may have changed the pause.
            site.free_at = now + self.schedule.pause_seconds(site)
            self.schedule.plan(site)

    def interrupted(self, visit: Visit, now: float, seconds: float = AGAIN_SECONDS) -> None:
        """Note that a visit was cut off by this machine's own fault: it is repeated later, and nobody is blamed."""
        site = self._ended(visit, now)
        if site is not None:
            site.free_at = max(site.free_at, now + seconds)
            self.schedule.plan(site)

    def postpone(self, visit: Visit, now: float, seconds: float) -> None:
        """Note that a visit was not made; it may be made after this time."""
        site = self.schedule.get(visit.site)
        if site is not None and site.visit is visit:
            site.visit = None
            site.free_at = max(site.free_at, now + seconds)
            self.schedule.plan(site)

    def step(self, now: float) -> None:
        """Let articles go on with their feeds' texts whose deadline is over, or whose site is left alone."""
        late = self.schedule.late(now)
        while not self._publishing.effects.is_full and (found := next(late, None)) is not None:
            site, entry = found
            page = self.table.request(site.name, entry.key)
            if page is not None:
                self._publishing.from_feed(site.name, page, _late(page), late=1)
                self._records.put(site, page.model_copy(update={"published": True}))
        self._abandon(now)
        self._forgetting.step(now)

    def wake_at(self) -> float | None:
        """Return when `next_visit` or `step` may have something to do, None for never."""
        return 0.0 if self._health.abandoned else self.schedule.next_turn()

    def take(self) -> SiteEffects:
        """Return what the next transaction writes; the state's changes must be sealed before anything else runs."""
        self.table.flush()
        return self._publishing.take()

    @property
    def has_effects(self) -> bool:
        """Whether something is to be written."""
        return bool(self._publishing.effects)

    def shift(self, seconds: float) -> None:
        """Move all times along with a clock that was set: pauses keep their length."""
        self.schedule.shift(seconds)

    def _abandon(self, now: float) -> None:
        for name, reason in list(self._health.abandoned.items()):
            site = self.schedule.get(name)
            entries = [] if site is None else [each for each in site.queue.entries() if each.kind == "request"]
            for entry in entries:
                if self._publishing.effects.is_full:
                    return
                page = self.table.request(name, entry.key)
                if site is not None and page is not None:
                    self._records.give_up(site, page, reason, now)
            del self._health.abandoned[name]
            if site is not None:
                self.schedule.plan(site)

    def _ended(self, visit: Visit, now: float) -> Site | None:
        site = self.schedule.get(visit.site)
        if site is None or site.visit is not visit:
            return None
        site.visit = None
        site.free_at = now + self.schedule.pause_seconds(site)
        return site

    def _restore_page(self, name: str, key: str, latest: float) -> None:
        page = self.table.request(name, key)
        if page is None:
            return
        if page.deadline is not None and page.deadline.timestamp() > latest:
            # Another owner's clock was ahead.
            page = page.model_copy(update={"deadline": moment(latest)})
        if page.due is not None and page.due.timestamp() > latest:
            page = page.model_copy(update={"due": moment(latest)})
        self.schedule.put(self._site(name), waiting_page(page, len(page.to_bytes())))

    def _site(self, name: str) -> Site:
        return self.schedule.get(name) or self.schedule.site(name, self.table.site(name))


def _late(page: WaitingPage) -> str:
    return LATE if page.reason is None else f"{LATE}; the last try: {page.reason}"
