"""What a site's hosts allow: their robots.txt and tdmrep.json, kept in the state of the site."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from dateline_schemas import HostRules
from dateline_web.robots import MAX_ROBOTS_BYTES, RobotsPolicy, robots_address, robots_from
from dateline_web.tdm import TdmPolicy, tdm_address, tdm_from

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.memory.site_table import SiteTable, moment

__all__ = ["Rules", "Verdict", "origin_of"]

FRESH_SECONDS = 86_400.0
"""robots.txt and tdmrep.json are read again after a day (RFC 9309, section 2.4)."""

AGAIN_SECONDS = 3600.0
"""A tdmrep.json that could not be read is asked for again after this time; until then it declares nothing."""

MAX_TDM_CHARACTERS = 100_000
"""A longer tdmrep.json is not kept, as if there were none."""

MAX_PARSED = 2000
"""At most this many parsed rules are kept in memory."""

MAX_HOSTS = 20
"""At most this many hosts of a site have rules in its state; the oldest are forgotten."""

TROUBLED_FROM = 4
"""After this many failures in a row to read robots.txt the articles of the host go on without their pages."""


def origin_of(address: str) -> str:
    """Return scheme and host of an address, with the port if it has one."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a page may be asked for: now, never, later, or after another request."""

    forbidden: str | None = None
    """Why it may never be asked for, in words."""
    after: float | None = None
    """It may not be asked for before this time."""
    ask: tuple[str, str] | None = None
    """What has to be asked for first: `robots` or `tdmrep`, and its address."""


ALLOWED = Verdict()


@dataclass(slots=True, kw_only=True)
class Rules:
    """Reads and changes the rules of hosts."""

    table: SiteTable
    limits: SiteLimits
    _parsed: "OrderedDict[str, tuple[tuple[object, ...], RobotsPolicy, TdmPolicy]]" = field(default_factory=OrderedDict)

    def verdict(self, site: str, address: str, now: float) -> Verdict:
        """Return whether an address of a site may be asked for."""
        origin = origin_of(address)
        rules = self.table.rules(site, origin) or HostRules(origin=origin)
        if _is_over(rules.robots_until, now):
            return Verdict(ask=("robots", rules.robots_url or robots_address(address)))
        if rules.robots_failures >= TROUBLED_FROM:
            return Verdict(forbidden=f"robots.txt of {origin} cannot be read ({_status(rules)}), which forbids all")
        if rules.robots_failures and rules.robots_until is not None:
            return Verdict(after=rules.robots_until.timestamp())
        robots, tdm = self._policies(rules)
        if not robots.allows(address, self.limits.agent):
            return Verdict(forbidden="robots.txt forbids it")
        if not self.limits.obey_reservations:
            return ALLOWED
        if _is_over(rules.tdm_until, now):
            return Verdict(ask=("tdmrep", rules.tdm_url or tdm_address(address)))
        if tdm.reserved(address):
            return Verdict(forbidden="the site reserves text and data mining (tdmrep.json)")
        return ALLOWED

    def robots_read(self, site: str, address: str, status: int, body: bytes, now: float) -> float:
        """Keep the robots.txt of the host of `address`; return the pause in seconds that it asks for, 0 for none.

        Args:
            site: the site.
            address: an address of the host.
            status: 2xx or 4xx; also 3xx for a redirect that leads nowhere.
            body: the file.
            now: the current time.
        """
        rules = self._of(site, address)
        text = _essential(body) if 200 <= status < 300 else None
        changes = {"robots": text, "robots_status": status, "robots_until": moment(now + FRESH_SECONDS)}
        rules = rules.model_copy(update={**changes, "robots_failures": 0, "robots_url": None, "hops": 0})
        self.table.put_rules(site, rules)
        return self._policies(rules)[0].crawl_delay_seconds(self.limits.agent) or 0.0

    def robots_failed(self, site: str, address: str, status: int | None, until: float) -> None:
        """Note that the robots.txt of the host could not be read, so that nothing is allowed until then."""
        rules = self._of(site, address)
        changes = {"robots_status": status, "robots_until": moment(until), "robots_failures": rules.robots_failures + 1}
        self.table.put_rules(site, rules.model_copy(update=changes))

    def tdm_read(self, site: str, address: str, status: int | None, body: bytes, now: float) -> None:
        """Keep the tdmrep.json of the host of `address`; one that could not be read declares nothing."""
        is_file = status is not None and 200 <= status < 300
        text = body.decode("utf-8-sig", "replace") if is_file and len(body) <= MAX_TDM_CHARACTERS else None
        if text is not None and not tdm_from(200, body).rules:
            text = None
        seconds = AGAIN_SECONDS if status is None or status >= 500 else FRESH_SECONDS
        changes = {"tdm": text, "tdm_until": moment(now + seconds), "tdm_url": None, "hops": 0}
        self.table.put_rules(site, self._of(site, address).model_copy(update=changes))

    def moved(self, site: str, address: str, kind: str, target: str, most: int) -> bool:
        """Follow a redirect of robots.txt or tdmrep.json; return False if there were too many."""
        rules = self._of(site, address)
        if rules.hops >= most:
            return False
        name = "robots_url" if kind == "robots" else "tdm_url"
        self.table.put_rules(site, rules.model_copy(update={name: target, "hops": rules.hops + 1}))
        return True

    def retry(self, site: str, origin: str) -> None:
        """Read the rules of a host again before its next page, if they could not be read."""
        rules = self.table.rules(site, origin)
        if rules is not None and rules.robots_failures:
            self.table.put_rules(site, rules.model_copy(update={"robots_until": None, "robots_failures": 0}))

    def _of(self, site: str, address: str) -> HostRules:
        origin = origin_of(address)
        return self.table.rules(site, origin) or HostRules(origin=origin)

    def _policies(self, rules: HostRules) -> tuple[RobotsPolicy, TdmPolicy]:
        stamp = (rules.robots_until, rules.tdm_until)
        known = self._parsed.get(rules.origin)
        if known is not None and known[0] == stamp:
            self._parsed.move_to_end(rules.origin)
            return known[1:]
        robots = robots_from(404) if rules.robots is None else robots_from(200, rules.robots.encode())
        tdm = tdm_from(404) if rules.tdm is None else tdm_from(200, rules.tdm.encode())
        self._parsed[rules.origin] = (stamp, robots, tdm)
        if len(self._parsed) > MAX_PARSED:
            self._parsed.popitem(last=False)
        return robots, tdm


def _is_over(until: datetime | None, now: float) -> bool:
    # Beyond a day the clock was wrong when it was written.
    return until is None or until.timestamp() <= now or until.timestamp() > now + 2 * FRESH_SECONDS


def _essential(body: bytes) -> str:
    """Return a robots.txt without comments and empty lines."""
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))


def _status(rules: HostRules) -> str:
    return "no answer" if rules.robots_status is None else f"status {rules.robots_status}"
