"""Contents of one article as feeds, pages, pushes and retractions bring them, and what enrich makes of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dateline_enrich.precedence import decide
from dateline_schemas import Article, Seen, TextOrigin, Via, content_hash, retraction_of
from support.articles import an_article

__all__ = ["NOW", "Arrivals", "at", "content", "feed", "gone", "page", "push"]

START = datetime(2024, 6, 27, 12, tzinfo=UTC)
NOW = START + timedelta(days=1)
"""A time after all observations of these tests."""


def at(hour: int) -> datetime:
    """Return the start of an hour."""
    return START + timedelta(hours=hour)


def content(
    hour: int | None,
    text: str = "",
    *,
    text_from: TextOrigin | None = "feed",
    via: Via | None = None,
    fetched: int | None = None,
) -> Article:
    """Return a content that was observed at an hour; None for an article that does not state it."""
    body = text or f"The text of {text_from} at {hour}."
    title = "Ferry service resumes"
    when = fetched if fetched is not None else hour or 0
    return an_article(title, body).model_copy(
        update={
            "content_hash": content_hash(title, body),
            "observed": None if hour is None else at(hour),
            "fetched": at(when),
            "text_from": text_from,
            "via": via,
        }
    )


def feed(hour: int, text: str = "") -> Article:
    """Return the text that a feed has at an hour."""
    return content(hour, text)


def page(hour: int, text: str = "", *, via: Via | None = None) -> Article:
    """Return the text that the page has at an hour."""
    return content(hour, text, text_from="page", via=via)


def push(text: str, *, fetched: int = 0) -> Article:
    """Return a text that is sent, by the clock of its receiver."""
    return content(None, text, text_from=None, fetched=fetched)


def gone(hour: int) -> Article:
    """Return the retraction that was found at an hour."""
    return retraction_of(an_article(), at(hour))


@dataclass
class Arrivals:
    """What enrich knows of one article and has published of it."""

    seen: Seen | None = None
    now: datetime = NOW
    published: list[Article] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def arrive(self, *articles: Article) -> "Arrivals":
        """Decide about articles, one after the other."""
        for article in articles:
            decision = decide(self.seen, article, self.now)
            self.reasons.append(decision.reason)
            if decision.seen is not None:
                self.seen = decision.seen
            if decision.publish:
                assert decision.seen is not None
                self.published.append(article)
                self.revisions.append(decision.seen.revision)
        return self
