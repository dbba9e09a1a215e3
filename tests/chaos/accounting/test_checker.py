"""The checker finds each kind of violation, made by hand, and no violation in a correct run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from chaos.accounting.checker import check
from chaos.accounting.observation import Expected, Group, Observation, Place
from chaos.accounting.pages import is_by_pages
from chaos.broker.rawlog import Batch, LogRecord, Partition
from chaos.journal import Event
from chaos.replicas.instrumented import table_digest
from chaos.traffic.digests import POISON, Digest
from chaos.traffic.page_sites import PARAGRAPHS
from dateline_schemas import Article, DeadLetter, EnrichedArticle, PageRequest, Source, WaitingPage, content_hash

NOW = datetime(2024, 6, 27, tzinfo=UTC)
PRODUCER = (7, 1)
TOPICS = (
    "articles.parsed",
    "articles.enriched",
    "digests",
    "dead-letters",
    "feeds",
    "feed-state",
    "page-requests",
    "page-state",
    "seen",
    "digest.count",
)
SITE = "127.0.0.1:80"
PAGED, LATE_PAGE, NO_PAGE = (f"http://{SITE}/{mode}/paged/1" for mode in ("fast", "slow", "missing"))
ONE, TWO, THREE = (digit * 32 for digit in "123")
LATE = "the page was not read in time"
ITEM, PUSHED, REFUSED, POISONED = "https://news.example/feed/1", "A pushed one.", f"Bad. {POISON}", "poison 1"


@dataclass
class World:
    """A correct run over topics of one partition each, which a test then spoils."""

    topics: dict[str, list[LogRecord]] = field(default_factory=lambda: {name: [] for name in TOPICS})
    aborted: dict[str, list[LogRecord]] = field(default_factory=dict)
    hanging: dict[str, list[LogRecord]] = field(default_factory=dict)
    unread: set[tuple[str, int]] = field(default_factory=set)
    leaked: dict[str, list[int]] = field(default_factory=dict)
    stable: dict[str, int] = field(default_factory=dict)
    offsets: dict[str, int | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def add(self, topic: str, value: bytes | None, key: bytes | None = b"k", **headers: bytes) -> LogRecord:
        offset = len(self.topics[topic])
        record = LogRecord(
            offset=offset, timestamp=1000 + offset, key=key, value=value, headers=headers, producer=PRODUCER
        )
        self.topics[topic].append(record)
        return record

    def publish(self, address: str | None, body: str) -> LogRecord:
        """Write an article to `articles.parsed`."""
        article = self._article(address, body)
        return self.add("articles.parsed", article.to_bytes(), article.id.encode())

    def request(self, address: str, body: str, trace: str, **changes: Any) -> LogRecord:
        """Write a request for the page of an article to `page-requests`."""
        article = Article.from_bytes(self._article(address, body).to_bytes())
        made = {"url": address, "asked": NOW, "article": article} | changes
        value = PageRequest(**made).to_bytes()
        return self.add("page-requests", value, SITE.encode(), traceparent=f"00-{trace}-1-01".encode())

    def wait(self, request: LogRecord, trace: str, number: int | None = None) -> None:
        """Let the article of a request wait in the queue of the site."""
        asked = PageRequest.from_bytes(request.value or b"")
        assert asked.article is not None
        place = request.offset if number is None else number
        page = WaitingPage(request=asked, number=place, received=NOW, trace=f"00-{trace}-2-01")
        self.add("page-state", page.to_bytes(), f"{SITE}/request/{asked.article.id}".encode())

    def settle(self, address: str) -> None:
        """Remove an article from the queue of the site."""
        self.add("page-state", None, f"{SITE}/request/id-{address}".encode())

    def publish_page(self, address: str, body: str, trace: str, reason: str | None = None) -> LogRecord:
        """Publish an article as pages does: with the page's text, or with the feed's for a reason."""
        text = body if reason is not None else "\n".join(f"{body}, part {n}." for n in range(PARAGRAPHS))
        changes = {"text_from": "page" if reason is None else "feed", "text_reason": reason, "observed": NOW}
        article = self._article(address, text).model_copy(update=changes)
        headers = {"ce_source": b"urn:dateline:cluster/dateline.pages", "traceparent": f"00-{trace}-3-01".encode()}
        return self.add("articles.parsed", article.to_bytes(), article.id.encode(), **headers)

    def _article(self, address: str | None, body: str) -> Article:
        identity = f"id-{address}" if address else f"id-{body}"
        source = Source(kind="feed" if address else "file", uri="x")
        digest = content_hash("", body)
        return Article(id=identity, source=source, url=address, title="", body=body, fetched=NOW, content_hash=digest)

    def enrich(self, parsed: LogRecord, revision: int = 1) -> LogRecord:
        article = Article.from_bytes(parsed.value or b"")
        value = EnrichedArticle(article=article, revision=revision, enrichers=[]).to_bytes()
        identity = f"enrich/articles.parsed/0/{parsed.offset}/0".encode()
        return self.add("articles.enriched", value, parsed.key, ce_id=identity)

    def digest(self, enriched: LogRecord, count: int = 1) -> LogRecord:
        read = EnrichedArticle.from_bytes(enriched.value or b"")
        article = read.article
        value = Digest(id=article.id, revision=read.revision, content_hash=article.content_hash, count=count).to_bytes()
        identity = f"digest/articles.enriched/0/{enriched.offset}/0".encode()
        return self.add("digests", value, enriched.key, ce_id=identity)

    def letter(self, group: str, record: LogRecord, topic: str) -> LogRecord:
        letter = DeadLetter(
            topic=f"chaos.{topic}",
            partition=0,
            offset=record.offset,
            group=group,
            stage="x",
            error_type="PermanentError",
            error_message="told to",
            failed_at=NOW,
        )
        return self.add("dead-letters", record.value, record.key, **dict(letter.to_headers()))

    def observation(self) -> Observation:
        logs: dict[Place, Partition] = {}
        for name, records in self.topics.items():
            everything = [*records, *self.aborted.get(name, []), *self.hanging.get(name, [])]
            last = max((record.offset for record in everything), default=-1)
            end = Batch(first=0, last=last, producer=7, epoch=1, transactional=True, marker=None, records=())
            logs[name, 0] = Partition(
                batches=[end],
                committed=list(records),
                aborted=self.aborted.get(name, []),
                open=self.hanging.get(name, []),
            )
        visible = {
            (name, 0): [r.offset for r in records if (name, r.offset) not in self.unread] + self.leaked.get(name, [])
            for name, records in self.topics.items()
        }
        inputs = {
            "ingest": "feeds",
            "pages": "page-requests",
            "enrich": "articles.parsed",
            "digest": "articles.enriched",
        }
        groups = [
            Group(name=name, input=topic, offsets={0: self.offsets.get(name, logs[topic, 0].end)})
            for name, topic in inputs.items()
        ]
        high = {place: log.end for place, log in logs.items()}
        stable = {place: self.stable.get(place[0], end) for place, end in high.items()}
        return Observation(logs=logs, visible=visible, stable=stable, high=high, groups=groups, events=self.events)


EXPECTED = Expected(
    feeds={
        ITEM: ["First text.", "Second text."],
        "https://news.example/feed/2": [REFUSED],
        PAGED: ["One", "Two", "Three"],
        LATE_PAGE: ["Slow"],
        NO_PAGE: ["Gone"],
    },
    files=[PUSHED],
    refused=[REFUSED],
    poisons={POISONED: "enrich"},
)


@pytest.fixture
def world() -> World:
    """A correct run.

    It has an item with two versions, a refused one, an article that was pushed twice, and an unreadable record; an item
    whose first version came out directly, whose second one was replaced while it waited, and whose third one has the
    page's text; an item whose page was late, and one that has no page.
    """
    made = World()
    first, second = made.publish(ITEM, "First text."), made.publish(ITEM, "Second text.")
    refused = made.publish("https://news.example/feed/2", REFUSED)
    pushed, _again = made.publish(None, PUSHED), made.publish(None, PUSHED)
    made.letter("enrich", made.add("articles.parsed", POISONED.encode()), "articles.parsed")
    made.digest(made.enrich(first), 1)
    made.digest(made.enrich(second, revision=2), 2)
    made.letter("digest", made.enrich(refused), "articles.enriched")
    made.digest(made.enrich(pushed), 1)
    made.digest(made.enrich(made.publish(PAGED, "One")), 1)
    two, three = made.request(PAGED, "Two", TWO), made.request(PAGED, "Three", THREE)
    made.wait(two, TWO)
    made.wait(three, THREE, two.offset)
    made.digest(made.enrich(made.publish_page(PAGED, "Three", THREE), 2), 2)
    made.settle(PAGED)
    late, gone = "4" * 32, "5" * 32
    made.wait(made.request(LATE_PAGE, "Slow", late), late)
    made.digest(made.enrich(made.publish_page(LATE_PAGE, "Slow", late, LATE)), 1)
    made.digest(made.enrich(made.publish_page(LATE_PAGE, "Slow", late), 2), 2)
    made.settle(LATE_PAGE)
    made.wait(made.request(NO_PAGE, "Gone", gone), gone)
    made.digest(made.enrich(made.publish_page(NO_PAGE, "Gone", gone, "the server answered 404")), 1)
    made.settle(NO_PAGE)
    held = {b"a": b"1"}
    made.add("seen", b"1", b"a")
    digest, entries = table_digest(held)
    told = {"id": "enrich-chaos.articles.parsed-0", "producer": 7, "epoch": 1, "digest": digest, "entries": entries}
    made.events.append(Event(1.0, "table", "enrich-0/1", told))
    return made


def rules(world: World, expected: Expected = EXPECTED) -> set[str]:
    return {violation.rule for violation in check(world.observation(), expected)}


def test_a_correct_run_has_no_violation(world: World) -> None:
    assert check(world.observation(), EXPECTED) == []


def drop(topic: str, offset: int) -> Callable[[World], None]:
    return lambda world: world.topics.__setitem__(topic, [r for r in world.topics[topic] if r.offset != offset])


def repeat(topic: str, offset: int) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        record = world.topics[topic][offset]
        world.topics[topic].append(replace(record, offset=len(world.topics[topic])))

    return spoil


def swap(topic: str, one: int, other: int) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        records = world.topics[topic]
        first, second = records[one], records[other]
        records[one], records[other] = replace(second, offset=one), replace(first, offset=other)

    return spoil


def aborted(world: World) -> None:
    record = world.add("digests", b"never")
    world.topics["digests"].remove(record)
    world.aborted["digests"] = [record]
    world.leaked["digests"] = [record.offset]


def hanging(world: World) -> None:
    record = world.add("digests", b"never")
    world.topics["digests"].remove(record)
    world.hanging["digests"] = [record]


def foreign_table(world: World) -> None:
    world.add("seen", b"2", b"b")


def unknown_article(world: World) -> None:
    world.digest(world.enrich(world.publish("https://news.example/feed/9", "Nobody wrote this.")))


def output_of_nothing(world: World) -> None:
    record = world.topics["digests"][0]
    world.topics["digests"][0] = replace(record, headers={"ce_id": b"digest/articles.enriched/0/99/0"})


def page(number: int) -> Callable[[World], None]:
    """Drop the record of `articles.parsed` that pages wrote at this place."""
    return lambda world: world.topics.__setitem__(
        "articles.parsed", [r for r in world.topics["articles.parsed"] if r is not by_pages(world)[number]]
    )


def by_pages(world: World) -> list[LogRecord]:
    return [r for r in world.topics["articles.parsed"] if is_by_pages(r.headers)]


def again(number: int) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        record = by_pages(world)[number]
        world.topics["articles.parsed"].append(replace(record, offset=len(world.topics["articles.parsed"])))

    return spoil


SPOILS: Iterable[tuple[str, Callable[[World], object], str]] = [
    ("a version of a feed is missing", drop("articles.parsed", 0), "lost"),
    ("a version of a feed is duplicated", repeat("articles.parsed", 1), "doubled"),
    ("versions of a feed are out of order", swap("articles.parsed", 0, 1), "order"),
    ("an article that no feed served", unknown_article, "unknown"),
    (
        "a pushed article is missing",
        lambda w: (drop("articles.parsed", 3)(w), drop("articles.parsed", 4)(w)),
        "lost",
    ),
    ("an enriched version is missing", drop("articles.enriched", 1), "lost"),
    ("an enriched version is duplicated", repeat("articles.enriched", 3), "doubled"),
    ("enriched versions are out of order", swap("articles.enriched", 0, 1), "order"),
    ("revisions have a gap", drop("articles.enriched", 0), "revisions"),
    ("an output is missing", drop("digests", 2), "lost"),
    ("an output is duplicated", repeat("digests", 0), "doubled"),
    ("outputs are out of order", swap("digests", 0, 1), "order"),
    ("the state counted wrongly", lambda w: w.topics["digests"].pop(0), "state"),
    ("an output was made from a record that is not committed", output_of_nothing, "input"),
    ("an aborted record is visible", aborted, "aborted-visible"),
    ("a committed record is not visible", lambda w: w.unread.add(("digests", 0)), "committed-invisible"),
    ("a committed record is read twice", lambda w: w.leaked.update({"digests": [0]}), "committed-invisible"),
    ("a transaction has no marker", hanging, "hanging"),
    ("the stable offset is below the end", lambda w: w.stable.update({"seen": 0}), "hanging"),
    ("a group is below a record", lambda w: w.offsets.update({"enrich": 2}), "offsets"),
    ("a group is beyond the end", lambda w: w.offsets.update({"enrich": 99}), "offsets"),
    ("a group has no offset", lambda w: w.offsets.update({"digest": None}), "offsets"),
    ("the table in memory differs", foreign_table, "state"),
    ("a poison led to no letter", drop("dead-letters", 0), "dead-letter"),
    ("a poison led to two letters", repeat("dead-letters", 0), "dead-letter"),
    ("a refused article led to no letter", drop("dead-letters", 1), "dead-letter"),
    (
        "a healthy record led to a letter",
        lambda w: w.letter("digest", w.topics["articles.enriched"][0], "articles.enriched"),
        "dead-letter",
    ),
    ("a request is missing", drop("page-requests", 0), "lost"),
    ("a request is duplicated", repeat("page-requests", 0), "doubled"),
    ("an item is published directly after its request", lambda w: w.publish(PAGED, "Three"), "doubled"),
    ("a page's article is missing", page(0), "lost"),
    ("a page's article is duplicated", again(0), "doubled"),
    ("a late article comes out with its feed's text twice", again(1), "doubled"),
    ("an article is published without a request", lambda w: w.publish_page(PAGED, "Three", "9" * 32), "unknown"),
    ("a request is lost, although no newer one took its place", drop("page-state", 1), "lost"),
    ("an article still waits", drop("page-state", 2), "queue"),
    ("an article has the text of an older page", lambda w: _replace_page(w, "Two"), "text"),
    ("an article has a strange text", lambda w: _replace_page(w, "Four"), "text"),
    ("an article whose page can be read has the text of its feed", lambda w: _replace_page(w, "Three", "404"), "text"),
    (
        "a poorer text replaces that of the page",
        lambda w: w.enrich(w.publish_page(PAGED, "Three", THREE, LATE), 3),
        "unknown",
    ),
]


def _replace_page(world: World, body: str, reason: str | None = None) -> None:
    place = world.topics["articles.parsed"].index(by_pages(world)[0])
    made = world.publish_page(PAGED, body, THREE, reason)
    world.topics["articles.parsed"].remove(made)
    world.topics["articles.parsed"][place] = replace(made, offset=place)


@pytest.mark.parametrize(("spoil", "rule"), [(s, r) for _, s, r in SPOILS], ids=[name for name, _, _ in SPOILS])
def test_each_kind_of_violation_is_found(world: World, spoil: Callable[[World], object], rule: str) -> None:
    spoil(world)
    assert rule in rules(world)


def test_a_table_is_compared_with_its_changelog_up_to_the_last_transaction_of_its_owner(world: World) -> None:
    record = world.add("seen", b"9", b"z")
    world.topics["seen"][-1] = replace(record, producer=(7, 2))
    assert rules(world) == set()
