"""A page as it was fetched; judging and reading look at it alike."""

from dataclasses import dataclass
from datetime import datetime

from dateline_pages.extraction.lessons import SiteLessons

__all__ = ["PageDocument"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDocument:
    """A page as it was fetched; it travels to the process that reads it."""

    body: bytes
    """The document, decompressed."""
    url: str | None = None
    """The address that answered, None if it is not known."""
    requested: str | None = None
    """The address that the article has, before redirects."""
    status: int = 200
    content_type: str | None = None
    robots: tuple[str, ...] = ()
    """The `X-Robots-Tag` headers."""
    tdm_reservation: str | None = None
    """The `tdm-reservation` header."""
    mitigated: str = ""
    """The `cf-mitigated` header."""
    captured: datetime | None = None
    """When the page was fetched, None for now; later dates on it are not believed."""
    title_hint: str | None = None
    """The title that the feed gives the article."""
    agent: str = "dateline"
    """The name of this program in robots directives (product token)."""
    obey_reservations: bool = True
    """Whether a reservation of text and data mining makes the page a problem."""
    lessons: SiteLessons | None = None
    """What the pages of the site have taught so far; None reads the page on its own."""
    is_wanted_anyway: bool = False
    """Whether the text is extracted although the page has a problem: for a person who asks for this page."""
