"""How a site does: it answers, fails, refuses or asks for a pause; holds follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dateline.duration import in_words
from dateline.log import get_logger
from dateline_schemas import SiteState, SiteVisit
from dateline_schemas.records.site_state import MAX_VISITS, VisitOutcome

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.memory.site_table import SiteTable, moment
from dateline_pages.sites.politeness.holds import (
    ABANDONED_FROM,
    REFUSED_FROM,
    busy_seconds,
    failure_seconds,
    refusal_seconds,
    retry_seconds,
)
from dateline_pages.sites.politeness.rules import MAX_HOSTS, origin_of
from dateline_pages.sites.queues.schedule import Site
from dateline_pages.sites.visit import Visit, VisitFailed

__all__ = ["SiteHealth"]

log = get_logger("dateline.pages")

MAX_REASON_CHARACTERS = 300
MAX_ADDRESS_CHARACTERS = 500
"""At most this much of reasons and addresses is kept in the state."""


@dataclass(slots=True, kw_only=True)
class SiteHealth:
    """Keeps the record of a site's answers, and holds the site that needs it."""

    table: SiteTable
    limits: SiteLimits
    chance: Callable[[], float]
    abandoned: dict[str, str] = field(default_factory=dict)
    """Sites whose waiting articles go on with their feeds' texts, with the reason."""

    def answered(
        self, site: Site, visit: Visit, outcome: VisitOutcome, status: int | None, reason: str | None, now: float
    ) -> None:
        """Note an answer that is no failure of the site."""
        state = self.table.site(site.name)
        if state.failures or state.refusals:
            log.info("a site works again", site=site.name)
        changes = {"failures": 0, "refusals": 0, "held_until": None, "held_reason": None}
        site.held_until = 0.0
        self._note(state.model_copy(update=changes), visit, outcome, status, reason, now)

    def failed(self, site: Site, visit: Visit, failed: VisitFailed, now: float) -> None:
        """Note that no document came; the site is held if it asks for that, or fails again and again."""
        state, most = self.table.site(site.name), self.limits.backoff_max_seconds
        if failed.trouble == "busy" or failed.status == 503:
            failures = state.failures + 1
            asked = failed.retry_after_seconds
            seconds = busy_seconds(asked, failures, most, self.chance)
            why = failed.reason if asked is None else f"{failed.reason} (Retry-After: {in_words(asked)})"
            state = self._held(site, state.model_copy(update={"failures": failures}), seconds, why, now)
            self._abandon(site, failures >= ABANDONED_FROM, why)
        elif failed.trouble in ("unreachable", "origin"):
            failures = state.failures + 1
            seconds = failure_seconds(failures, most, self.chance)
            why = f"{failures} failures in a row, the last: {failed.reason}"
            if failed.retry_after_seconds is not None:
                seconds = max(seconds, min(failed.retry_after_seconds, most))
            state = self._held(site, state.model_copy(update={"failures": failures}), seconds, why, now)
            self._abandon(site, failures >= ABANDONED_FROM, why)
            if failures == 1:
                log.warning("a site failed", site=site.name, address=visit.url, reason=failed.reason)
        elif failed.trouble in ("refused", "challenge") and visit.kind == "page":
            self.refused(site, visit, failed.reason, now, counts=True, status=failed.status)
            return
        else:
            self.answered(site, visit, "given up", failed.status, failed.reason, now)
            return
        self._note(state, visit, "failed", failed.status, failed.reason, now)

    def refused(self, site: Site, visit: Visit, reason: str, now: float, *, counts: bool, status: int | None) -> None:
        """Note that a page gave no article; a site that refuses page after page (`counts`) is left alone."""
        state = self.table.site(site.name)
        refusals = state.refusals + 1 if counts else 0
        state = state.model_copy(update={"failures": 0, "refusals": refusals, "held_until": None, "held_reason": None})
        site.held_until = 0.0
        seconds = refusal_seconds(refusals, self.limits.backoff_max_seconds, self.chance)
        why = f"{refusals} refusals in a row, the last: {reason}"
        state = self._held(site, state, seconds, why, now)
        self._abandon(site, refusals >= REFUSED_FROM, why)
        self._note(state, visit, "given up", status, reason, now)

    def asked_pause(self, site: Site, address: str, seconds: float) -> None:
        """Note the pause that the robots.txt of a host asks for, 0 for none."""
        state = self.table.site(site.name)
        delays = {**state.delays, origin_of(address): min(seconds, self.limits.max_pause_seconds)}
        while len(delays) > MAX_HOSTS:
            oldest = next(iter(delays))
            del delays[oldest]
            self.table.delete(site.name, "rules", oldest)
        site.delay_seconds = max(delays.values())
        self.table.put_site(state.model_copy(update={"delays": delays}))

    def retry_seconds(self, attempts: int) -> float:
        """Return after how long a request is repeated that has failed this many times."""
        return retry_seconds(attempts, self.chance)

    def _held(self, site: Site, state: SiteState, seconds: float, why: str, now: float) -> SiteState:
        if seconds <= 0 or now + seconds <= site.held_until:
            return state
        site.held_until = now + seconds
        log.warning("a site is left alone", site=site.name, seconds=round(seconds), reason=why)
        changes = {"held_until": moment(site.held_until), "held_reason": why[:MAX_REASON_CHARACTERS]}
        return state.model_copy(update=changes)

    def _abandon(self, site: Site, is_abandoned: bool, why: str) -> None:
        if is_abandoned:
            self.abandoned[site.name] = f"the site is left alone: {why}"

    def _note(
        self, state: SiteState, visit: Visit, outcome: str, status: int | None, reason: str | None, now: float
    ) -> None:
        at = moment(now).replace(microsecond=0)
        entry = SiteVisit(
            at=at,
            url=visit.url[:MAX_ADDRESS_CHARACTERS],
            outcome=outcome,
            status=status,
            reason=reason and reason[:MAX_REASON_CHARACTERS],
        )
        changes = {
            "requests": state.requests + 1,
            "outcomes": {**state.outcomes, outcome: state.outcomes.get(outcome, 0) + 1},
            "visits": [*state.visits, entry][-MAX_VISITS:],
            "last_visit": at,
        }
        self.table.put_site(state.model_copy(update=changes))
