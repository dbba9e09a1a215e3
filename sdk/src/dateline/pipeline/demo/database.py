"""The database that the demo leaves: a sink writes the articles to it, and two questions are answered from it."""

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dateline.errors import DatelineError
from dateline.pipeline.demo.articles import SeedArticles
from dateline.settings import known_settings
from dateline.sink.kinds import sink_kinds

__all__ = ["DATABASE", "DemoDatabase"]

DATABASE = Path(".dateline/demo.sqlite")
"""The file. It is deleted first, and stays afterwards."""

RUN = "DATELINE_SINKS__RUN"
"""The setting of the sinks that the service runs."""

GROUP = "demo-database"
"""The consumer group of the sink."""

QUESTIONS = {
    "Who is named together with Georgia, the country, which is GE in ISO 3166?": """\
SELECT DISTINCT person.name AS person, articles.title AS article
FROM links
JOIN entities AS person ON person.article_id = links.article_id AND person.type = 'person'
JOIN articles ON articles.id = links.article_id
WHERE links.scheme = 'iso3166' AND links.target = 'GE'
ORDER BY articles.published, person.number""",
    "Which days after their publication do articles announce?": """\
SELECT DISTINCT date(dates.starts) AS day, dates.text AS words, articles.title AS article
FROM dates
JOIN articles ON articles.id = dates.article_id
WHERE dates.type IN ('DATE', 'TIME') AND date(dates.starts) > date(articles.published)
  AND julianday(dates.ends) - julianday(dates.starts) <= 1
ORDER BY day, article
LIMIT 10""",
}
"""The questions, with their SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDatabase:
    """The file of SQLite that a sink of the running pipeline writes."""

    path: Path = DATABASE

    @property
    def is_possible(self) -> bool:
        """Whether the sink of SQLite and the service that runs sinks are installed."""
        return "sqlite" in sink_kinds() and RUN in known_settings()

    @property
    def settings(self) -> dict[str, str]:
        """The settings with which the service of sinks writes this file."""
        return {RUN: json.dumps({GROUP: {"kind": "sqlite", "target": str(self.path.absolute())}})}

    def remove(self) -> None:
        """Delete the file of the last run, with its write-ahead log."""
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def has(self, expected: SeedArticles) -> bool:
        """Return whether at least as many articles as expected were written."""
        with contextlib.suppress(sqlite3.Error), self._opened() as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            return bool(count >= expected.count)
        return False

    def check(self, expected: SeedArticles) -> None:
        """Check that the table `articles` has each expected article once, and nothing else.

        Raises:
            DatelineError: otherwise, with a line for each title that is wrong.
        """
        with self._opened() as connection:
            found = Counter(title for (title,) in connection.execute("SELECT title FROM articles"))
        wrong = [
            f"{title!r}: {found[title]} times instead of {expected.titles[title]}"
            for title in sorted({*found, *expected.titles})
            if found[title] != expected.titles[title]
        ]
        if wrong:
            raise DatelineError(f"the table articles of {self.path} is not right:\n  " + "\n  ".join(wrong))

    def answer(self, console: Console) -> None:
        """Show the questions with their SQL, and the answers."""
        with self._opened() as connection:
            for question, query in QUESTIONS.items():
                found = connection.execute(query)
                table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
                for name, *_ in found.description:
                    table.add_column(name, no_wrap=name != "article")
                for row in found:
                    table.add_row(*(Text(str(value or "")) for value in row))
                console.print(f"\n{question}", style="bold", highlight=False)
                console.print(Text(query, style="cyan"), "", table, sep="\n")

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True)
        try:
            yield connection
        finally:
            connection.close()
