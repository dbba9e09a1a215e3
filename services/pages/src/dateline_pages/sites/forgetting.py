"""Forgets sites that nothing waits for and that were not visited for a long time, so that the state stays small."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from dateline_pages.sites.memory.site_table import PartName, SiteTable
from dateline_pages.sites.queues.schedule import SiteSchedule

__all__ = ["Forgetting"]

FORGOTTEN_SECONDS = 30 * 86_400.0
"""A site is forgotten when it was not visited for this long."""

FEED_SECONDS = 90 * 86_400.0
"""What pages gave to a feed is forgotten after this time, as in `feed-pages`."""

EVERY_SECONDS = 86_400.0
"""The state is looked through this often."""

FIRST_SECONDS = 3600.0
"""It is looked through for the first time this long after the task was opened."""

SITES_AT_ONCE = 100
"""Sites that are looked at in one step."""

Part = tuple[PartName, str]
"""Name and key of a part."""


@dataclass(slots=True, kw_only=True)
class Forgetting:
    """Looks through the state once a day, a few sites at a time."""

    table: SiteTable
    schedule: SiteSchedule
    _next: float = field(init=False)
    _left: "deque[tuple[str, list[Part]]]" = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._next = self.schedule.opened + FIRST_SECONDS

    def step(self, now: float) -> None:
        """Forget some of the sites that are due to be forgotten."""
        if not self._left and now >= self._next:
            self._next = now + EVERY_SECONDS
            self._left.extend(self._parts().items())
        for _ in range(min(SITES_AT_ONCE, len(self._left))):
            self._look_at(*self._left.popleft(), now)

    def _parts(self) -> dict[str, list[Part]]:
        parts: dict[str, list[Part]] = defaultdict(list)
        for site, name, key in self.table.parts():
            found = parts[site]
            if name:
                found.append((name, key))  # type: ignore[arg-type]
        return parts

    def _look_at(self, site: str, parts: list[Part], now: float) -> None:
        for name, key in parts:
            feed = self.table.feed(site, key) if name == "feed" else None
            if feed is not None and now - feed.at.timestamp() > FEED_SECONDS:
                self.table.delete(site, "feed", key)
        if self.schedule.get(site) is not None:
            return
        last = self.table.site(site).last_visit
        if last is None or now - last.timestamp() > FORGOTTEN_SECONDS:
            for name, key in parts:
                self.table.delete(site, name, key)
            self.table.delete_site(site)
