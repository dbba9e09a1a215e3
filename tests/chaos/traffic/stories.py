"""The feeds of the workload, with a record of every version of every item that they served."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from chaos.traffic.digests import POISON
from support.news_site import Story, rss

__all__ = ["FeedBook", "Versions", "all_versions"]

WINDOW = 12
"""At most this many items are in a document, besides those that ingest has not confirmed yet."""

NEW, CORRECTED, REVERTED, REPEATED, DOUBLED = "new", "corrected", "reverted", "repeated", "doubled"

Versions = dict[str, list[str]]
"""The bodies of each item by its URL, in the order in which the feed served them."""


@dataclass(slots=True)
class Item:
    """One item, with every text that it has had."""

    number: int
    texts: list[str]
    known: int = 0
    """The number of texts that ingest has confirmed: it sent the validator of a document that held them."""


@dataclass(slots=True)
class FeedBook:
    """A feed that grows, corrects, repeats and forgets items.

    A text is replaced, and an item leaves the document, only after ingest has confirmed it: by a request with
    the validator of a document that holds it. Ingest commits the validator together with the articles. So each
    version that was ever in a document has to come out exactly once, in this order.
    """

    name: str
    rng: random.Random
    items: list[Item] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    document: bytes = b""
    etag: str = ""
    poisoned: set[str] = field(default_factory=set)
    """Texts that the consumer has to refuse."""
    _served: dict[str, dict[int, int]] = field(default_factory=dict)
    _confirmed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.change()

    def change(self) -> None:
        """Publish a new document."""
        for _ in range(self.rng.randint(1, 3)):
            self._add()
        self._alter(self.rng.choice((CORRECTED, CORRECTED, REVERTED, REPEATED, DOUBLED)))
        known = [n for n in self.shown if self.items[n].known == len(self.items[n].texts)]
        for number in known[: max(0, len(self.shown) - WINDOW)]:
            self.shown.remove(number)
        self._publish()

    def poison(self) -> str:
        """Add an item that the consumer has to refuse, and return its text."""
        item = self._add(POISON)
        self.poisoned.add(item.texts[0])
        self._publish()
        return item.texts[0]

    def asked(self, etag: str | None) -> bool:
        """Note a request with this validator, and return whether the validator is current."""
        if etag is not None and etag in self._served:
            self._confirmed.add(etag)
            for number, count in self._served[etag].items():
                self.items[number].known = max(self.items[number].known, count)
        return etag == self.etag

    @property
    def finished(self) -> bool:
        """Whether ingest has confirmed the current document."""
        return self.etag in self._confirmed

    def address(self, number: int) -> str:
        """Return the URL of an item."""
        return f"https://news.example/{self.name}/{number}"

    def versions(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the URL and the texts of each item."""
        for item in self.items:
            yield self.address(item.number), list(item.texts)

    def _add(self, more: str = "") -> Item:
        item = Item(len(self.items), [f"{self._text(len(self.items), 1)} {more}".strip()])
        self.items.append(item)
        self.shown.append(item.number)
        return item

    def _alter(self, how: str) -> None:
        if how == REPEATED:
            gone = [item.number for item in self.items if item.number not in self.shown]
            if gone:
                self.shown.append(self.rng.choice(gone))
            return
        if how == DOUBLED:
            self.shown.append(self.rng.choice(self.shown))
            return
        ready = [n for n in set(self.shown) if self.items[n].known == len(self.items[n].texts)]
        ready = [n for n in sorted(ready) if self.items[n].texts[-1] not in self.poisoned]
        if not ready:
            return
        item = self.items[self.rng.choice(ready)]
        if how == REVERTED and len(item.texts) > 1:
            item.texts.append(item.texts[-2])
        else:
            item.texts.append(self._text(item.number, len(item.texts) + 1))

    def _text(self, number: int, version: int) -> str:
        return f"Version {version} of story {number} of {self.name}: the council met on 27 June 2024."

    def _publish(self) -> None:
        stories = [Story(number, self.items[number].texts[-1]) for number in self.shown]
        document = rss(stories, self.name)
        for number in set(self.shown):
            usual, link = FeedBook.address(self, number), self.address(number)
            document = document.replace(f"<link>{usual}</link>".encode(), f"<link>{link}</link>".encode())
        # The number makes every document unique, so that a validator identifies one state of the feed.
        self.document = document + f"<!-- {len(self._served)} -->".encode()
        self.etag = f'"{sha256(self.document).hexdigest()[:16]}"'
        self._served[self.etag] = {number: len(self.items[number].texts) for number in set(self.shown)}


def all_versions(books: Iterable[FeedBook]) -> Versions:
    """Return the versions that all feeds served."""
    return {address: texts for book in books for address, texts in book.versions()}
