"""Feeds whose articles have pages on the local sites: the feed carries a teaser, or the whole text."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chaos.traffic.stories import FeedBook

__all__ = ["MODES", "PageBook", "PageMode"]

PageMode = Literal["fast", "slow", "moving", "leaving", "missing", "wall", "private", "failing"]
"""How a page answers.

At once; after a while; with a redirect within its site, or to another site; with 404; with a form that asks for
consent; never, because robots.txt forbids it; with errors before it answers.
"""

MODES: Final[dict[PageMode, int]] = {
    "fast": 8,
    "slow": 3,
    "moving": 3,
    "leaving": 4,
    "missing": 2,
    "wall": 2,
    "private": 2,
}
"""The modes of pages of reliable sites, with their weights in the draw."""

WEAK_SHARE = 0.08
"""Share of pages on the weak site, which fails again and again."""

WHOLE = " The mayor explained what the town will do about the bridge, the school and the harbour this year." * 12
"""Makes a text long enough to be that of a whole article."""


@dataclass(slots=True)
class PageBook(FeedBook):
    """A feed whose items have pages of their own; where a page is, and how it answers, depends on its number alone."""

    hosts: Sequence[str] = ()
    """The addresses of the sites; the last one is the weak site."""
    whole_share: float = 0.0
    """Share of the items of which the feed carries the whole text."""

    def mode(self, number: int) -> PageMode:
        """Return how the page of an item answers."""
        rng = random.Random(f"{self.name}/{number}")
        if rng.random() < WEAK_SHARE:
            return "failing"
        return rng.choices(list(MODES), list(MODES.values()))[0]

    def address(self, number: int) -> str:
        """Return the URL of an item."""
        mode = self.mode(number)
        host = self.hosts[-1] if mode == "failing" else self.hosts[number % (len(self.hosts) - 1)]
        return f"{host}/{mode}/{self.name}/{number}"

    def text(self, number: int) -> str:
        """Return the present text of an item."""
        return self.items[number].texts[-1]

    def _text(self, number: int, version: int) -> str:
        text = FeedBook._text(self, number, version)
        return text + WHOLE if random.Random(f"{self.name}/{number}/whole").random() < self.whole_share else text
