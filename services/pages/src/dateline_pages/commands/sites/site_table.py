"""Lists sites in a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dateline.cli.printable import printable
from dateline.duration import relative
from rich.table import Table
from rich.text import Text

from dateline_pages.commands.sites.site_row import SiteCondition, SiteRow, condition_of
from dateline_pages.commands.sites.site_view import CONDITION_STYLES
from dateline_pages.commands.sites.wording import counted
from dateline_pages.sites.limits import SiteLimits

__all__ = ["site_list_lines", "site_table"]

COLUMNS = ("site", "condition", "waiting", "oldest", "pages", "last visit", "reason")
"""The headers of the list."""


def site_table(rows: Sequence[SiteRow], limits: SiteLimits, now: datetime) -> Table:
    """Return the rows as a table; with thousands of rows, computing the column widths is slow."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        is_number = column in ("waiting", "pages")
        table.add_column(column, overflow="fold", justify="right" if is_number else "left")
    for row in rows:
        condition = condition_of(row.name, row.state, row.decision, limits, now)
        name, *others = _cells(row, condition, now)
        style = CONDITION_STYLES.get(condition.word, "")
        table.add_row(Text(name), Text(condition.word, style), *(Text(each) for each in others[1:]))
    return table


def site_list_lines(rows: Iterable[SiteRow], limits: SiteLimits, now: datetime) -> Iterator[str]:
    """Yield one line of text for each row; fast enough for thousands of rows."""
    widths = (40, 9, 7, 14, 7, 18, 0)
    yield "  ".join(f"{column:{width}}" for column, width in zip(COLUMNS, widths, strict=True)).rstrip()
    for row in rows:
        cells = _cells(row, condition_of(row.name, row.state, row.decision, limits, now), now)
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cells(row: SiteRow, condition: SiteCondition, now: datetime) -> tuple[str, ...]:
    state = row.state
    return (
        printable(row.name),
        condition.word,
        f"{row.waiting:,}",
        relative(row.oldest, now),
        "" if state is None else f"{state.published:,}",
        relative(None if state is None else state.last_visit, now),
        condition.reason + (f"{'; ' if condition.reason else ''}{_work(row)}" if _work(row) else ""),
    )


def _work(row: SiteRow) -> str:
    parts = [
        counted(row.looks, "later look") if row.looks else "",
        counted(row.sitemaps, "sitemap") if row.sitemaps else "",
    ]
    return ", ".join(filter(None, parts))
