"""The rules for sites, as the settings give them."""

from dataclasses import dataclass

__all__ = ["SiteLimits"]

MIB = 1024 * 1024
"""Bytes of a mebibyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimits:
    """The pauses, deadlines and bounds of all sites of a task."""

    pause_seconds: float = 5.0
    """Pause between two requests to a site."""
    max_pause_seconds: float = 600.0
    """A site may ask for at most this pause."""
    deadline_seconds: float = 120.0
    """An article waits this long for its page, and for the pauses of what stands before it."""
    max_deadline_seconds: float = 3600.0
    """An article waits at most this long."""
    backoff_max_seconds: float = 86_400.0
    """A site is left alone for at most this long, also if it asks for more."""
    max_site_requests: int = 2000
    max_site_bytes: int = 32 * MIB
    max_requests: int = 50_000
    """At most this many requests wait in a task."""
    max_bytes: int = 256 * MIB
    max_looks: int = 20_000
    """At most this many pages wait for a later look in a task."""
    recheck_seconds: tuple[float, ...] = ()
    """Ages of an article at which its page is read again."""
    obey_reservations: bool = True
    agent: str = "Dateline"
    """The product token that robots.txt names."""
    allowed: frozenset[str] = frozenset()
    """Only these sites are visited; empty for all."""
    denied: frozenset[str] = frozenset()

    def refusal(self, site: str) -> str | None:
        """Return why a site is never visited, None if it may be."""
        if site in self.denied:
            return "the site is on the list of denied sites (DATELINE_PAGES__DENY_SITES)"
        if self.allowed and site not in self.allowed:
            return "the site is not on the list of allowed sites (DATELINE_PAGES__ALLOW_SITES)"
        return None
