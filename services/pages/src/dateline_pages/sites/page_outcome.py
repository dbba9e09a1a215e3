"""The outcome of a visit to a page, as metrics count it."""

from collections.abc import Mapping

from dateline_pages.judging.problem import ProblemKind
from dateline_pages.sites.visit import PageMoved, PageRead, PageUnchanged, VisitFailed, VisitResult

__all__ = ["FORBIDDEN", "page_outcome"]

FORBIDDEN = "forbidden"
"""The rules of the site, or an operator, forbid the page; it is not requested unless the page itself says so."""

PROBLEMS: Mapping[ProblemKind, str] = {
    "challenge": "refused",
    "consent": "refused",
    "login": "refused",
    "reserved": FORBIDDEN,
    "robots": FORBIDDEN,
    "not found": "gone",
    "front page": "gone",
}
"""The outcomes of pages with a problem; the others have no article."""

TROUBLES: Mapping[str, str] = {"refused": "refused", "challenge": "refused", "missing": "gone", "gone": "gone"}
"""The outcomes of visits that brought no document; the others have failed."""


def page_outcome(result: VisitResult) -> str | None:
    """Return a value of the label `outcome` of `dateline_pages_total`; None if the visit leads to another one."""
    match result:
        case PageRead(reading=reading) if reading.problem is not None:
            return PROBLEMS.get(reading.problem.kind, "no_article")
        case PageRead() | PageUnchanged():
            return "read"
        case VisitFailed(trouble=trouble):
            return TROUBLES.get(trouble, "failed")
        case PageMoved() | _:
            return None
