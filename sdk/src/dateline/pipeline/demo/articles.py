"""The articles that should come out of the seeds, and those that did."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from dateline_schemas import EnrichedArticle, check_offsets

from dateline.errors import DatelineError

__all__ = ["DeliveredArticles", "SeedArticles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedArticles:
    """What `expected.json` says of the seeds.

    Attributes:
        titles: how many articles have each title.
        ends: how the texts end that are read from pages, by title.
    """

    titles: Counter[str]
    ends: dict[str, str]

    @classmethod
    def read(cls, seeds: Path) -> Self:
        """Read `expected.json` of a folder of seeds.

        Raises:
            DatelineError: it cannot be read.
        """
        try:
            listed: Any = json.loads((seeds / "expected.json").read_text("utf-8"))
            return cls(
                titles=Counter(
                    article["title"] for article in [*listed["articles"], *listed["feeds"], *listed["pages"]]
                ),
                ends={article["title"]: article["ends"] for article in listed["pages"]},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DatelineError(f"{seeds} is not a folder of seeds: expected.json cannot be read: {error}") from error

    @property
    def count(self) -> int:
        """Number of articles."""
        return sum(self.titles.values())


@dataclass(slots=True)
class DeliveredArticles:
    """The enriched articles that came out."""

    revisions: Counter[tuple[str, int]] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of articles, those that came out twice counted twice."""
        return sum(self.revisions.values())

    def add(self, article: EnrichedArticle) -> None:
        """Remember an article that came out."""
        self.revisions[article.id, article.revision] += 1
        self.titles[article.article.title] += 1
        self.bodies[article.article.title] = article.article.body
        self.problems += check_offsets(article)

    def check(self, expected: SeedArticles) -> None:
        """Check that each expected article came out enriched exactly once.

        Raises:
            DatelineError: otherwise, with a line for each article that is wrong.
        """
        wrong = [
            f"{title!r}: {self.titles[title]} times instead of {count}"
            for title, count in expected.titles.items()
            if self.titles[title] != count
        ]
        wrong += [f"{title!r}: not expected" for title in self.titles if title not in expected.titles]
        wrong += [f"{key}: {count} times" for key, count in self.revisions.items() if count > 1]
        wrong += [
            f"{title!r} does not have the text of its page"
            for title, end in expected.ends.items()
            if not self.bodies.get(title, "").endswith(end)
        ]
        wrong += self.problems
        if wrong:
            raise DatelineError("not every article came out enriched exactly once:\n  " + "\n  ".join(wrong))
