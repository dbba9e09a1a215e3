"""The view of an enriched article in a terminal."""

from collections import Counter
from collections.abc import Iterable

from dateline_schemas import Article, DateMention, EnrichedArticle, Entity
from rich.console import Group, RenderableType
from rich.text import Text

__all__ = ["ENTITY_STYLES", "article_view"]

ENTITY_STYLES = {
    "person": "bold magenta",
    "organization": "bold blue",
    "location": "bold green",
    "event": "bold yellow",
    "group": "cyan",
    "work": "yellow",
    "product": "yellow",
    "other": "dim",
}
"""Styles of the types of entities, in the order in which they are shown."""

LABELS = {"organization": "organisation"}
"""Types that are shown under another name."""

PRECISION = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M UTC"}
"""Formats of a publication date by its precision."""


def article_view(enriched: EnrichedArticle) -> RenderableType:
    """Return the title, the publication date, the entities by type, and the dates with their values.

    A retraction has no title; its view has the article's address instead.
    """
    article = enriched.article
    head = _retraction(article) if article.retracted is not None else Text(article.title or "(no title)", style="bold")
    about = Text(published(article), style="dim")
    about.append(f" · {article.source.name or article.source.uri}")
    if enriched.revision > 1:
        about.append(f" · revision {enriched.revision}")
    lines: list[RenderableType] = [head, about]
    lines += [_entity_line(kind, group) for kind, group in _by_type(enriched.entities)]
    if enriched.dates:
        lines.append(_date_line(enriched.dates))
    return Group(*lines, "")


def published(article: Article) -> str:
    """Return the publication date, no finer than its precision."""
    if article.published is None:
        return "no date"
    return article.published.strftime(PRECISION.get(article.published_precision or "", "%Y-%m-%d %H:%M:%S UTC"))


def _retraction(article: Article) -> Text:
    return Text.assemble(("retracted", "bold red"), "  ", (article.url or article.id, "bold"))


def _by_type(entities: Iterable[Entity]) -> list[tuple[str, list[Entity]]]:
    groups: dict[str, list[Entity]] = {kind: [] for kind in ENTITY_STYLES}
    for entity in entities:
        groups.setdefault(entity.type, []).append(entity)
    return [(kind, group) for kind, group in groups.items() if group]


def _entity_line(kind: str, entities: list[Entity]) -> Text:
    line = Text(f"  {LABELS.get(kind, kind):<13}", style="dim")
    for number, entity in enumerate(entities):
        line.append(", " if number else "", style="not dim")
        line.append(entity.name, style=f"not dim {ENTITY_STYLES.get(kind, '')}")
        if len(entity.mentions) > 1:
            line.append(f" ×{len(entity.mentions)}")
    return line


def _date_line(dates: Iterable[DateMention]) -> Text:
    line = Text(f"  {'dates':<13}", style="dim")
    readings = Counter((date.text, _value(date)) for date in dates)
    for number, ((text, value), count) in enumerate(readings.items()):
        line.append(", " if number else "", style="not dim")
        line.append(f"“{text}”", style="not dim")
        line.append(" → ")
        line.append(value, style="not dim bold cyan")
        line.append(f" ×{count}" if count > 1 else "")
    return line


def _value(date: DateMention) -> str:
    return f"{date.mod} {date.value}" if date.mod else date.value
