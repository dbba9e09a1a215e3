"""Why a page gives no article."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["PageProblem", "ProblemKind"]

ProblemKind = Literal[
    "not html", "challenge", "consent", "login", "not found", "front page", "reserved", "robots", "empty", "too costly"
]
"""What a page is instead of an article.

- not html: a picture, a PDF or another file.
- challenge: a guard that admits only browsers.
- consent: a wall that asks to accept cookies or tracking.
- login: a form to sign in or to subscribe, without the article's text.
- not found: an error page, although the status says that all is well.
- front page: the site's or a section's front page, to which a page that is gone was redirected.
- reserved: text and data mining is reserved (TDMRep), or a meta element or header forbids what this service does.
- robots: a meta element or an `X-Robots-Tag` header forbids to index or archive the page.
- empty: no text was found.
- too costly: reading it takes more time or memory than the limits allow.
"""


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Why a page gives no article."""

    kind: ProblemKind
    reason: str
    """The evidence, in words for people: `the title is "Page not found"`."""
