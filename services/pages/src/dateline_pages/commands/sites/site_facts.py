"""Says in words what is known of a site: what waits, its pause, its rules, and what it gave."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from dateline.duration import in_words, relative
from dateline_schemas import FeedPages, SiteState
from dateline_schemas.records.sitemap_job import SitemapJob

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.next_request import next_request, pause_of
from dateline_pages.commands.sites.robots_summary import robots_summary, tdm_summary
from dateline_pages.commands.sites.wording import clock, counted
from dateline_pages.sites.limits import SiteLimits

__all__ = ["next_request_text", "site_facts"]

MOST_FEEDS = 5
"""At most this many feeds are named."""

MOST_SITEMAPS = 5
"""At most this many backfills are named."""


def next_request_text(site: KnownSite, limits: SiteLimits, now: datetime) -> str:
    """Return when the next request is sent, to which address, and what it waits for."""
    upcoming = next_request(site, limits, now)
    if upcoming.url is None:
        return f"no next request: {upcoming.why}"
    when = "now" if upcoming.at is None else f"at {clock(upcoming.at, now)}, {relative(upcoming.at, now)}"
    why = f", because {upcoming.why}" if upcoming.why else ""
    return f"next request {when}, for {upcoming.url} ({upcoming.what}){why}"


def site_facts(
    site: KnownSite, limits: SiteLimits, now: datetime, feeds: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield names and values.

    Args:
        site: the site.
        limits: the rules for all sites, as the settings give them.
        now: the current time.
        feeds: the addresses of feeds by key, as far as they are known.
    """
    state = site.state_or_empty
    yield "waiting", _waiting(site, now)
    if site.pending:
        yield "not taken yet", _pending(site)
    elif site.members == 0:
        yield "service", "no process reads pages: `dateline up` starts the service"
    if site.looks:
        yield "later looks", f"{len(site.looks):,}, the next {_when(site.looks[0].due, now)}"
    pause = pause_of(state, site.decision, limits)
    yield "pause", f"{in_words(pause.seconds)}: {pause.origin}"
    yield from _decision(site, now)
    yield from _health(state, now)
    for rules in site.rules:
        yield "robots.txt", f"{rules.origin}: {robots_summary(rules, limits, now)}"
        reserved = tdm_summary(rules, limits)
        if reserved is not None:
            yield "tdmrep.json", f"{rules.origin}: {reserved}"
    if not site.rules:
        yield "robots.txt", "not read yet"
    yield from _results(site, state)
    for key, pages in list(site.feeds.items())[:MOST_FEEDS]:
        yield "feed", _feed(feeds.get(key, key), pages, now)
    if len(site.feeds) > MOST_FEEDS:
        yield "more feeds", f"{len(site.feeds) - MOST_FEEDS:,}"
    for job in site.jobs[:MOST_SITEMAPS]:
        yield "sitemap", _sitemap(job, now)
    if len(site.jobs) > MOST_SITEMAPS:
        yield "more sitemaps", f"{len(site.jobs) - MOST_SITEMAPS:,}"


def _waiting(site: KnownSite, now: datetime) -> str:
    if not site.waiting:
        return "no article"
    backfill = sum(each.request.article is not None and each.request.article.via is not None for each in site.waiting)
    count = counted(len(site.waiting), "article")
    oldest = min(each.received for each in site.waiting)
    text = f"{count}{f' ({backfill:,} of backfills)' if backfill else ''}, the oldest for {_ago(oldest, now)}"
    published = sum(each.published for each in site.waiting)
    if published:
        text += f"; {published:,} published with the feed's text already"
    deadlines = [each.deadline for each in site.waiting if each.deadline is not None and not each.published]
    return f"{text}; the next deadline {_when(min(deadlines), now)}" if deadlines else text


def _pending(site: KnownSite) -> str:
    count = counted(site.pending, "request")
    more = "at least " if site.pending_more else ""
    if site.members == 0:
        return f"{more}{count}: no process reads pages, `dateline up` starts the service"
    return f"{more}{count} in page-requests"


def _decision(site: KnownSite, now: datetime) -> Iterator[tuple[str, str]]:
    decision = site.decision
    if decision is None:
        return
    if decision.blocked:
        why = f": {decision.reason}" if decision.reason else ""
        yield "blocked", f"{clock(decision.changed, now)}, {relative(decision.changed, now)}{why}"
    elif decision.pause_seconds is not None:
        yield "decided", f"{clock(decision.changed, now)}, {relative(decision.changed, now)}"


def _health(state: SiteState, now: datetime) -> Iterator[tuple[str, str]]:
    if state.held_until is not None and state.held_until > now:
        yield "held", f"until {clock(state.held_until, now)}, {relative(state.held_until, now)}: {state.held_reason}"
    if state.failures:
        yield "failures", f"{state.failures:,} in a row"
    if state.refusals:
        yield "refusals", f"{state.refusals:,} in a row"


def _results(site: KnownSite, state: SiteState) -> Iterator[tuple[str, str]]:
    outcomes = sorted(state.outcomes.items(), key=lambda each: (-each[1], each[0]))
    counted = ", ".join(f"{count:,} {name}" for name, count in outcomes)
    yield "requests", f"{state.requests:,}" + (f": {counted}" if counted else "")
    notes = [
        f"{state.late:,} of these because the page was late" if state.late else "",
        f"{state.overflow:,} because the queue was full" if state.overflow else "",
        f"{state.dropped:,} without any text dropped" if state.dropped else "",
        f"{state.retracted:,} retracted" if state.retracted else "",
    ]
    text = f"{state.published:,} with the text of their page, {state.from_feed:,} with that of their feed"
    yield "articles", "; ".join([text, *filter(None, notes)])
    if site.failed:
        last = site.failed[0]
        why = f", the last one because {last.reason}" if last.reason else ""
        count = f"{len(site.failed):,} that can be requested again{why}"
        yield "given up", f"{count}: dateline pages retry {site.name}"
    if site.has_lessons:
        yield "boilerplate", "learned from its pages"


def _feed(name: str, pages: FeedPages, now: datetime) -> str:
    failure = f"; the last one gave none: {pages.reason}" if pages.reason else ""
    return (
        f"{name}: {pages.more:,} of {pages.pages:,} pages held more text than the feed, "
        f"{pages.pages - pages.read:,} gave no text, last {relative(pages.at, now)}{failure}"
    )


def _sitemap(job: SitemapJob, now: datetime) -> str:
    counts = job.counts
    done = f"{counted(counts.added, 'page')} requested, {counted(counts.sitemaps, 'sitemap')} read"
    notes = [
        f"{counts.failed:,} not read" if counts.failed else "",
        f"{counts.too_old:,} too old" if counts.too_old else "",
        f"{counts.foreign:,} of other sites" if counts.foreign else "",
        f"{counts.left_out:,} left out" if counts.left_out else "",
    ]
    if job.ended is not None:
        state = f"ended {relative(job.ended, now)}" + (f": {job.reason}" if job.reason else "")
    else:
        state = f"{counted(len(job.waiting), 'sitemap')} left"
        if job.resume_at is not None and job.resume_at > now:
            state += f", continues {relative(job.resume_at, now)}"
    is_new = job.problem and job.problem not in state
    problem = f"; the last problem: {job.problem}" if is_new else ""
    return f"{job.url}: {', '.join([done, *filter(None, notes)])}; {state}{problem}"


def _when(moment: datetime, now: datetime) -> str:
    return "is over" if moment <= now else f"{relative(moment, now)}"


def _ago(moment: datetime, now: datetime) -> str:
    return in_words(max(0.0, (now - moment).total_seconds()))
