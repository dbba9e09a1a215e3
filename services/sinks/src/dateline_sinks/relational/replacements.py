"""Says which articles had characters that were replaced."""

from collections.abc import Iterable

from dateline.log import get_logger

from dateline_sinks.relational.rows import ArticleRows

__all__ = ["report_replacements"]

log = get_logger("dateline.sinks")


def report_replacements(articles: Iterable[ArticleRows]) -> None:
    """Log the number of replaced NUL characters of each article that had any, once its batch is written."""
    replaced = {each.article.id: each.replaced for each in articles if each.replaced}
    if replaced:
        log.warning("replaced NUL characters, which PostgreSQL cannot hold", articles=replaced)
