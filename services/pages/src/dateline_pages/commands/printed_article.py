"""An article that was read from a page, as a JSON object."""

from datetime import datetime
from typing import Any

from dateline_pages.reading.page import PageReading

__all__ = ["printed_article"]


def printed_article(reading: PageReading) -> dict[str, Any]:
    """Return what was read from a page: null for what the page does not say.

    Times have the offset that the page states, so that their day is the day on the page.

    Args:
        reading: what was read.
    """
    found = reading.metadata
    return {
        "title": found.title,
        "authors": list(found.authors),
        "published": _moment(found.published),
        "published_precision": found.published_precision,
        "updated": _moment(found.updated),
        "updated_precision": found.updated_precision,
        "body": reading.body,
        "language": found.language,
        "canonical_url": found.canonical_url,
        "image": found.image,
        "section": found.section,
        "tags": list(found.tags),
        "site_name": found.site_name,
        "description": found.description,
        "paywalled": found.paywalled,
        "problem": {"kind": reading.problem.kind, "reason": reading.problem.reason} if reading.problem else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
