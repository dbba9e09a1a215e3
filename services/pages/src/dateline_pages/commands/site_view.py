"""Shows sites as text: what waits, what they have answered, their pause and their robots.txt, in words."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from dateline.duration import in_words
from dateline_schemas import HostRules, SiteState, WaitingPage

from dateline_pages.commands.site_registry import KnownSite

__all__ = ["is_troubled", "site_lines", "site_rows"]

MOST_SHOWN = 20
"""At most this many articles that wait are listed."""


def is_troubled(site: KnownSite, now: datetime) -> bool:
    """Return whether a site is blocked or held, or fails or refuses."""
    state = site.state
    held = state is not None and state.held_until is not None and state.held_until > now
    failing = state is not None and (state.failures > 0 or state.refusals > 0)
    return held or failing or (site.decision is not None and site.decision.blocked)


def site_rows(sites: Iterable[KnownSite], now: datetime) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a row for each site: name, number of articles that wait, published, requests, how it does."""
    for site in sites:
        state = site.state or SiteState(site=site.name)
        yield site.name, str(site.counts["request"]), str(state.published), str(state.requests), _condition(site, now)


def site_lines(site: KnownSite, now: datetime, pause_seconds: float, max_pause_seconds: float) -> Iterator[str]:
    """Yield the lines that describe one site.

    Args:
        site: the site.
        now: the current time.
        pause_seconds: the pause that the settings name.
        max_pause_seconds: the longest pause that a robots.txt can ask for.
    """
    state = site.state or SiteState(site=site.name)
    yield site.name
    yield f"  condition  {_condition(site, now)}"
    yield f"  pause      {_pause(site, state, pause_seconds, max_pause_seconds)}"
    yield f"  requests   {_requests(state)}"
    yield f"  published  {_published(state)}"
    for rules in site.rules:
        yield f"  rules      {_rules(rules)}"
    for job in site.jobs:
        counts = job.counts
        progress = job.reason if job.ended else f"{len(job.waiting)} sitemaps to read"
        yield f"  backfill   {job.url}: {counts.added} pages requested, {counts.sitemaps} sitemaps read; {progress}"
    yield f"  waiting    {site.counts['request']} articles, {site.counts['look']} later looks"
    for page in site.waiting[:MOST_SHOWN]:
        yield f"    {_waiting(page, now)}"
    if len(site.waiting) > MOST_SHOWN:
        yield f"    … and {len(site.waiting) - MOST_SHOWN} more"
    if state.failed:
        yield f"  given up   {len(state.failed)} articles; `dateline pages retry {site.name}` tries them again"
    yield "  last visits"
    for visit in reversed(state.visits):
        status = "" if visit.status is None else f" {visit.status}"
        reason = "" if visit.reason is None else f": {visit.reason}"
        yield f"    {visit.at:%Y-%m-%d %H:%M:%S}  {visit.outcome}{status}  {visit.url}{reason}"


def _condition(site: KnownSite, now: datetime) -> str:
    decision, state = site.decision, site.state
    if decision is not None and decision.blocked:
        return "blocked" if decision.reason is None else f"blocked: {decision.reason}"
    if state is None:
        return "not visited yet"
    if state.held_until is not None and state.held_until > now:
        return f"left alone for {in_words((state.held_until - now).total_seconds())}: {state.held_reason}"
    if state.failures or state.refusals:
        return f"{state.failures} failures and {state.refusals} refusals in a row"
    return "not visited yet" if state.last_visit is None else "answers"


def _pause(site: KnownSite, state: SiteState, pause_seconds: float, max_pause_seconds: float) -> str:
    own = None if site.decision is None else site.decision.pause_seconds
    asked = max(state.delays.values(), default=0.0)
    base = pause_seconds if own is None else own
    if asked > base:
        note = f", of {in_words(asked)} that were asked for" if asked > max_pause_seconds else ""
        return f"{in_words(min(asked, max_pause_seconds))} (Crawl-delay of robots.txt{note})"
    return f"{in_words(base)} ({'setting' if own is None else 'set for this site'})"


def _requests(state: SiteState) -> str:
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(state.outcomes.items(), key=lambda each: -each[1]))
    return f"{state.requests}" + (f": {outcomes}" if outcomes else "")


def _published(state: SiteState) -> str:
    notes = [
        f"{state.late} of these because their page was late" if state.late else "",
        f"{state.overflow} because the queue was full" if state.overflow else "",
        f"{state.dropped} without any text dropped" if state.dropped else "",
        f"{state.retracted} retracted" if state.retracted else "",
    ]
    text = f"{state.published} with the text of their page, {state.from_feed} with that of their feed"
    return "; ".join([text, *filter(None, notes)])


def _rules(rules: HostRules) -> str:
    if rules.robots_until is None:
        robots = "robots.txt not read yet"
    elif rules.robots_failures:
        status = "no answer" if rules.robots_status is None else f"status {rules.robots_status}"
        robots = f"robots.txt cannot be read ({status}), so nothing is requested"
    elif rules.robots is None:
        robots = f"no robots.txt (status {rules.robots_status}), so everything is allowed"
    else:
        robots = f"robots.txt with {len(rules.robots.splitlines())} lines"
    tdm = "" if rules.tdm is None else "; tdmrep.json reserves text and data mining for some paths"
    until = "" if rules.robots_until is None else f", until {rules.robots_until:%Y-%m-%d %H:%M}"
    return f"{rules.origin}: {robots}{until}{tdm}"


def _waiting(page: WaitingPage, now: datetime) -> str:
    parts = [page.url or page.request.url]
    if page.published:
        parts.append("published with its feed's text")
    elif page.deadline is not None:
        parts.append(f"deadline in {in_words(max(0.0, (page.deadline - now).total_seconds()))}")
    if page.due is not None and page.due > now:
        parts.append(f"again in {in_words((page.due - now).total_seconds())}")
    if page.reason is not None:
        parts.append(f"{page.attempts} attempts, the last: {page.reason}")
    return "; ".join(parts)
