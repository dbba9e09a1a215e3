"""The row of a site in the list: how the site does, and what waits for it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dateline.cli.printable import printable
from dateline.duration import in_words
from dateline_schemas import Contract, ContractError, SiteSettings, SiteState, Timestamp
from dateline_schemas.records.sitemap_job import SitemapJob
from pydantic import ConfigDict

from dateline_pages.commands.sites.next_request import refusal_of
from dateline_pages.commands.sites.wording import counted
from dateline_pages.sites.limits import SiteLimits

__all__ = ["SiteCondition", "SiteRow", "SiteTally", "condition_of"]


class WaitingSummary(Contract):
    """The part of a waiting article's record that the list needs; the rest is not kept."""

    model_config = ConfigDict(extra="ignore")

    received: Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCondition:
    """How a site does: a word, why, and whether somebody may want to look at it."""

    word: str
    reason: str = ""
    is_trouble: bool = False


@dataclass(slots=True, kw_only=True)
class SiteRow:
    """The values of a site that the list shows; kept small, because there may be many sites."""

    name: str
    state: SiteState | None = None
    decision: SiteSettings | None = None
    waiting: int = 0
    oldest: datetime | None = None
    """When the oldest of the waiting articles came."""
    looks: int = 0
    sitemaps: int = 0
    """Number of backfills that continue."""

    def as_json(self, limits: SiteLimits, now: datetime) -> dict[str, Any]:
        """Return the row for programs."""
        condition = condition_of(self.name, self.state, self.decision, limits, now)
        state = self.state or SiteState(site=self.name)
        return {
            "site": self.name,
            "condition": condition.word,
            "reason": condition.reason or None,
            "waiting": self.waiting,
            "oldest": None if self.oldest is None else self.oldest.isoformat(),
            "looks": self.looks,
            "sitemaps": self.sitemaps,
            "requests": state.requests,
            "published": state.published,
            "from_feed": state.from_feed,
            "last_visit": None if state.last_visit is None else state.last_visit.isoformat(),
            "held_until": None if state.held_until is None else state.held_until.isoformat(),
        }


def condition_of(
    name: str, state: SiteState | None, decision: SiteSettings | None, limits: SiteLimits, now: datetime
) -> SiteCondition:
    """Return how a site does."""
    refusal = refusal_of(name, decision, limits)
    if refusal is not None:
        is_blocked = decision is not None and decision.blocked
        reason = (decision.reason or "") if is_blocked and decision is not None else refusal
        word = "blocked" if is_blocked else "left out"
        return SiteCondition(word=word, reason=printable(reason), is_trouble=True)
    if state is None or (state.last_visit is None and state.held_until is None):
        return SiteCondition(word="new", reason="not visited yet")
    if state.held_until is not None and state.held_until > now:
        left = in_words((state.held_until - now).total_seconds())
        return SiteCondition(word="held", reason=f"for {left}: {printable(state.held_reason or '')}", is_trouble=True)
    if state.failures:
        return SiteCondition(word="failing", reason=_last(state, state.failures, "failure"), is_trouble=True)
    if state.refusals:
        return SiteCondition(word="refusing", reason=_last(state, state.refusals, "refusal"), is_trouble=True)
    return SiteCondition(word="answers")


def _last(state: SiteState, count: int, what: str) -> str:
    reason = next((visit.reason for visit in reversed(state.visits) if visit.reason), None)
    times = counted(count, what, f"{what}s in a row")
    return times if reason is None else f"{times}, the last: {printable(reason)}"


@dataclass(slots=True)
class SiteTally:
    """Counts what waits for each site, record by record of a changelog."""

    _states: dict[str, bytes] = field(default_factory=dict)
    _waiting: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _looks: dict[str, set[str]] = field(default_factory=dict)
    _sitemaps: dict[str, set[str]] = field(default_factory=dict)

    def fold(self, key: str, value: bytes | None) -> None:
        """Add a record: the value of a site or of one of its parts, None for a tombstone."""
        site, _, rest = key.partition("/")
        name, _, part = rest.partition("/")
        try:
            match name:
                case "" if value is None:
                    self._states.pop(site, None)
                case "":
                    self._states[site] = value or b""
                case "request":
                    waiting = self._waiting.setdefault(site, {})
                    waiting.pop(part, None)
                    if value is not None:
                        waiting[part] = WaitingSummary.from_bytes(value).received
                case "look":
                    looks = self._looks.setdefault(site, set())
                    looks.discard(part) if value is None else looks.add(part)
                case "sitemap":
                    sitemaps = self._sitemaps.setdefault(site, set())
                    sitemaps.discard(part)
                    if value is not None and SitemapJob.from_bytes(value).ended is None:
                        sitemaps.add(part)
        except ContractError:
            # The service reports invalid records.
            return

    def rows(self) -> list[SiteRow]:
        """Return the row of each site that there is a record of."""
        names = {*self._states, *(site for table in self._parts() for site, parts in table.items() if parts)}
        return [self._row(name) for name in names]

    def _parts(self) -> tuple[dict[str, Any], ...]:
        return self._waiting, self._looks, self._sitemaps

    def _row(self, name: str) -> SiteRow:
        try:
            state = SiteState.from_bytes(self._states[name]) if name in self._states else None
        except ContractError:
            state = None
        waiting = self._waiting.get(name, {})
        return SiteRow(
            name=name,
            state=state,
            waiting=len(waiting),
            oldest=min(waiting.values(), default=None),
            looks=len(self._looks.get(name, ())),
            sitemaps=len(self._sitemaps.get(name, ())),
        )
