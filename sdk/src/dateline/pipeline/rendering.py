"""How an enriched article looks in a terminal."""

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
"""The colour of each type of entity."""

LABELS = {"organization": "organisation"}
"""Types that people read by another name."""

PRECISION = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M UTC"}
"""How a publication date is written: no finer than it is known."""


def article_view(enriched: EnrichedArticle) -> RenderableType:
    """Return title, publication date, entities by type and dates with what they resolve to."""
    article = enriched.article
    head = Text(article.title or "(no title)", style="bold")
    about = Text(published(article), style="dim")
    about.append(f" · {article.source.name or article.source.uri}")
    if enriched.revision > 1:
        about.append(f" · revision {enriched.revision}")
    lines: list[RenderableType] = [head, about]
    lines += [_entity_line(kind, them) for kind, them in _by_type(enriched.entities)]
    if enriched.dates:
        lines.append(_date_line(enriched.dates))
    return Group(*lines, "")


def published(article: Article) -> str:
    """Return the publication date as finely as it is known."""
    if article.published is None:
        return "no date"
    return article.published.strftime(PRECISION.get(article.published_precision or "", "%Y-%m-%d %H:%M:%S UTC"))


def _by_type(entities: Iterable[Entity]) -> list[tuple[str, list[Entity]]]:
    found: dict[str, list[Entity]] = {kind: [] for kind in ENTITY_STYLES}
    for entity in entities:
        found.setdefault(entity.type, []).append(entity)
    return [(kind, them) for kind, them in found.items() if them]


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
