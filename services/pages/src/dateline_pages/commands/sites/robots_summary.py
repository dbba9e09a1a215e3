"""Says what the robots.txt and the tdmrep.json of a host mean for this program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dateline.duration import in_words, relative
from dateline_schemas import HostRules
from dateline_web.robots import robots_from
from dateline_web.tdm import tdm_from

from dateline_pages.sites.limits import SiteLimits

__all__ = ["RobotsGroup", "robots_group", "robots_summary", "tdm_summary"]

MOST_PATHS = 3
"""At most this many paths are named."""

ABANDONED_FROM = 4
"""From this many failures on, the articles of a host are published without their pages."""

PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]*")
"""The part of a user agent that robots.txt names (RFC 9309, section 2.2.1)."""


@dataclass(slots=True)
class RobotsGroup:
    """The rules of a robots.txt that count for one program."""

    named: bool = False
    """Whether the file names the program; else these are the rules for all others."""
    allowed: list[str] = field(default_factory=list)
    disallowed: list[str] = field(default_factory=list)


def robots_group(text: str, agent: str) -> RobotsGroup:
    """Return the rules of a robots.txt that count for a program, by its user agent.

    The choice is protego's: the longest name that the program's own contains, else the rules for all.
    """
    match = PRODUCT_TOKEN.match(agent)
    token = match[0].lower() if match else ""
    groups: dict[str, RobotsGroup] = {}
    for agents, field_name, value in _rules(text):
        for each in agents:
            group = groups.setdefault(each, RobotsGroup(named=each != "*"))
            if value and field_name in ("allow", "disallow"):
                (group.allowed if field_name == "allow" else group.disallowed).append(value)
    own = max((each for each in groups if each and each in token), key=len, default="*")
    return groups.get(own, RobotsGroup())


def robots_summary(rules: HostRules, limits: SiteLimits, now: datetime) -> str:
    """Return what the robots.txt of a host says, and until when it counts."""
    if rules.robots_until is None:
        return "not read yet"
    again = f"read again {relative(rules.robots_until, now)}" if rules.robots_until > now else "read again first"
    if rules.robots_failures:
        status = "no answer" if rules.robots_status is None else f"status {rules.robots_status}"
        times = "once" if rules.robots_failures == 1 else f"{rules.robots_failures} times"
        what = (
            "its articles are published with their feeds' texts"
            if rules.robots_failures >= ABANDONED_FROM
            else "nothing is requested"
        )
        return f"cannot be read ({status}, {times}), so {what}; {again}"
    if rules.robots is None:
        status = "" if rules.robots_status is None else f" (status {rules.robots_status})"
        return f"none{status}, so nothing is forbidden; {again}"
    return f"{_robots_meaning(rules, limits)}; {again}"


def tdm_summary(rules: HostRules, limits: SiteLimits) -> str | None:
    """Return which pages the tdmrep.json of a host reserves; None if there is none, or it was not read."""
    if rules.tdm is None:
        return None
    reserved = [each.location for each in tdm_from(200, rules.tdm.encode()).rules if each.reserved]
    if not reserved:
        return "reserves nothing"
    note = "" if limits.obey_reservations else "; it is not obeyed (DATELINE_PAGES__OBEY_RESERVATIONS)"
    return f"reserves text and data mining of {_listed(reserved)}{note}"


def _robots_meaning(rules: HostRules, limits: SiteLimits) -> str:
    text = rules.robots or ""
    group = robots_group(text, limits.agent)
    whom = "names this program" if group.named else "has rules for all"
    policy = robots_from(200, text.encode())
    delay = policy.crawl_delay_seconds(limits.agent)
    pause = f", and asks for a pause of {in_words(delay)}" if delay else ""
    if not group.disallowed:
        return f"forbids nothing{pause}"
    if not group.allowed and not policy.allows(f"{rules.origin}/", limits.agent):
        return f"{whom} and forbids everything{pause}"
    but = f", but allows {_listed(group.allowed)}" if group.allowed else ""
    return f"{whom} and forbids {_listed(group.disallowed)}{but}{pause}"


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - MOST_PATHS:,} more" if len(paths) > MOST_PATHS else ""
    return ", ".join(paths[:MOST_PATHS]) + more


def _rules(text: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield each line with the programs of its group; lines before the first group count for nobody."""
    agents: list[str] = []
    is_open = False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [*agents, value.lower()] if is_open else [value.lower()]
            is_open = True
            yield tuple(agents), name, value
        elif name in ("allow", "disallow", "crawl-delay"):
            is_open = False
            yield tuple(agents), name, value
