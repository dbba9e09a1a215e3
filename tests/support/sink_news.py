"""Ten short articles, for the questions that `docs/sinks-queries.md` asks. Now is Wednesday, July 17, 2024."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from dateline_schemas import Article, DateMention, EnrichedArticle, Entity, Mention, Source, content_hash
from dateline_schemas.records.date_mention import Interval
from dateline_schemas.records.entity import Link

__all__ = ["NOW", "news"]

NOW = datetime(2024, 7, 17, 9, tzinfo=UTC)
"""The time at which the questions are asked."""

KINDS: dict[str, tuple[Literal["person", "organization", "location"], str | None]] = {
    "Nino Kvaratelia": ("person", None),
    "Levan Abuladze": ("person", None),
    "Morag Linklater": ("person", None),
    "Euxine Lines": ("organization", None),
    "Coast Guard": ("organization", None),
    "Harbour Union": ("organization", None),
    "Port Authority": ("organization", None),
    "Tbilisi": ("location", "Q994"),
    "Tiflis": ("location", "Q994"),
    "Batumi": ("location", "Q25475"),
}
"""The names that are found in the texts, with their types and their entries in Wikidata."""


def news() -> list[EnrichedArticle]:
    """Return the articles in the order of their records."""
    return [
        article(
            "ships",
            "2024-07-02",
            "Tbilisi to charter two ships",
            "Tbilisi will charter two ferries, Nino Kvaratelia said.\nThe first sails on Thursday week, July 25.\n"
            "Levan Abuladze of Euxine Lines called the plan late. The Coast Guard agreed.",
            dates={"Thursday week, July 25": ("2024-07-25", "2024-07-25", "2024-07-26")},
        ),
        article(
            "strike",
            "2024-07-09",
            "Dockers in Batumi strike",
            "Nino Kvaratelia flew from Tbilisi to Batumi on Monday. Batumi is calm.\n"
            "The strike may last until next week, Euxine Lines said.",
            dates={
                "Monday": ("2024-07-08", "2024-07-08", "2024-07-09"),
                "next week": ("2024-W29", "2024-07-15", "2024-07-22"),
            },
        ),
        article(
            "budget",
            "2024-07-16",
            "Parliament debates the budget",
            "The Harbour Union and Euxine Lines want a ferry fund. Parliament decides in the week of July 22, and the "
            "money would last through 2024.",
            source="https://courier.example/feed",
            dates={
                "the week of July 22": ("2024-W30", "2024-07-22", "2024-07-29"),
                "2024": ("2024", "2024-01-01", "2025-01-01"),
            },
        ),
        article(
            "june",
            "2024-06-28",
            "Fire on a ferry",
            "Tbilisi sent Levan Abuladze to see the burnt deck.",
            source="https://courier.example/feed",
        ),
        article(
            "history",
            "2024-07-10",
            "The railway of 1872",
            "The line from Poti reached Tiflis in 1872. The Port Authority keeps the maps, and Nino Kvaratelia opened "
            "the museum on 3 May 2019.",
            dates={
                "1872": ("1872", "1872-01-01", "1873-01-01"),
                "3 May 2019": ("2019-05-03", "2019-05-03", "2019-05-04"),
            },
        ),
        article(
            "before-christ",
            "2024-07-10",
            "Older than the city",
            "Pots of 900 BC were found in Tbilisi.",
            dates={"900 BC": ("-0899", "-0899", "-0898")},
        ),
        article(
            "lerwick",
            "2024-07-11",
            "Café opens on the pier",
            "Morag Linklater sells tea beside the ferry pier every Monday.",
            dates={"every Monday": ("XXXX-WXX-1", None, None)},
        ),
        article("timetable", "2024-07-15", "New timetable", "The ferry sails at noon.\nTickets cost 40 lari."),
        article(
            "timetable",
            "2024-07-15",
            "New timetable, again",
            "The ferry sails at noon.\nTickets cost 45 lari.\nBicycles are free.",
            revision=2,
        ),
        article(
            "error", "2024-07-12", "An error", "Nino Kvaratelia resigned in Tbilisi.", source="https://rumour.example/"
        ),
        article("error", "2024-07-12", "", "", revision=2, source="https://rumour.example/", retracted=True),
        article("other", "2024-07-12", "Rumours", "The Coast Guard denies it.", source="https://rumour.example/"),
    ]


def article(
    id_: str,
    day: str,
    title: str,
    body: str,
    *,
    revision: int = 1,
    source: str = "https://herald.example/feed",
    dates: dict[str, tuple[str, str | None, str | None]] | None = None,
    retracted: bool = False,
) -> EnrichedArticle:
    published = datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)
    at = published + timedelta(hours=revision)
    found = Article(
        id=id_,
        source=Source(kind="feed", uri=source),
        title=title,
        body=body,
        published=published,
        published_precision="minute",
        fetched=at,
        content_hash=content_hash(title, body),
        retracted=at if retracted else None,
    )
    return EnrichedArticle(
        article=found,
        revision=revision,
        revised_at=at,
        language="en",
        entities=entities(found),
        dates=[date(found, text, *reading) for text, reading in (dates or {}).items()],
    )


def entities(found: Article) -> list[Entity]:
    named = []
    for name, (kind, entry) in KINDS.items():
        mentions = [*mentions_of(found, "title", name), *mentions_of(found, "body", name)]
        links = [Link(scheme="geonames", id="1"), Link(scheme="wikidata", id=entry)] if entry else []
        if mentions:
            named.append(Entity(id=f"{kind}:{name}", type=kind, name=name, mentions=mentions, links=links))
    return named


def mentions_of(found: Article, field: Literal["title", "body"], text: str) -> list[Mention]:
    content: str = getattr(found, field)
    starts, at = [], content.find(text)
    while at >= 0:
        starts.append(at)
        at = content.find(text, at + 1)
    return [Mention(field=field, start=start, end=start + len(text), text=text) for start in starts]


def date(found: Article, text: str, value: str, start: str | None, end: str | None) -> DateMention:
    (mention, *_) = mentions_of(found, "body", text)
    place: dict[str, Any] = mention.model_dump()
    interval = Interval(start=start, end=end) if start and end else None
    return DateMention(**place, type="DATE" if interval else "SET", value=value, interval=interval)
