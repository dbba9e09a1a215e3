"""What a page says about its article."""

from dataclasses import dataclass, field
from datetime import datetime

from dateline_schemas import DatePrecision

__all__ = ["PageMetadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page says about its article; what it does not say is None or empty."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    """Names of people, in the order of the page; the organisation that signs, such as an agency, if no person does."""
    published: datetime | None = None
    """With the offset that the page states, filled up to the precision; its date is the day on the page."""
    published_precision: DatePrecision | None = None
    updated: datetime | None = None
    updated_precision: DatePrecision | None = None
    language: str | None = None
    """BCP 47."""
    canonical_url: str | None = None
    image: str | None = None
    """Address of the picture that stands for the article."""
    section: str | None = None
    tags: tuple[str, ...] = field(default=())
    site_name: str | None = None
    description: str | None = None
    paywalled: bool | None = None
    """Whether the page says that its text is not free to read (`isAccessibleForFree` of schema.org)."""
