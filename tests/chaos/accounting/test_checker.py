"""The checker finds each kind of violation, made by hand, and no violation in a correct run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from chaos.accounting.checker import check
from chaos.accounting.observation import Expected, Group, Observation, Place
from chaos.broker.rawlog import Batch, LogRecord, Partition
from chaos.journal import Event
from chaos.replicas.instrumented import table_digest
from chaos.traffic.digests import POISON, Digest
from dateline_schemas import Article, DeadLetter, EnrichedArticle, Source, content_hash

NOW = datetime(2024, 6, 27, tzinfo=UTC)
PRODUCER = (7, 1)
TOPICS = (
    "articles.parsed",
    "articles.enriched",
    "digests",
    "dead-letters",
    "feeds",
    "feed-state",
    "seen",
    "digest.count",
)
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
        digest = content_hash("", body)
        identity = f"id-{address}" if address else f"id-{body}"
        source = Source(kind="feed" if address else "file", uri="x")
        article = Article(
            id=identity, source=source, url=address, title="", body=body, fetched=NOW, content_hash=digest
        )
        return self.add("articles.parsed", article.to_bytes(), identity.encode())

    def enrich(self, parsed: LogRecord, revision: int = 1) -> LogRecord:
        article = Article.from_bytes(parsed.value or b"")
        value = EnrichedArticle(article=article, revision=revision, enrichers=[]).to_bytes()
        identity = f"enrich/0/{parsed.offset}/0".encode()
        return self.add("articles.enriched", value, parsed.key, ce_id=identity)

    def digest(self, enriched: LogRecord, count: int = 1) -> LogRecord:
        read = EnrichedArticle.from_bytes(enriched.value or b"")
        article = read.article
        value = Digest(id=article.id, revision=read.revision, content_hash=article.content_hash, count=count).to_bytes()
        return self.add("digests", value, enriched.key, ce_id=f"digest/0/{enriched.offset}/0".encode())

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
        inputs = {"ingest": "feeds", "enrich": "articles.parsed", "digest": "articles.enriched"}
        groups = [
            Group(name=name, input=topic, offsets={0: self.offsets.get(name, logs[topic, 0].end)})
            for name, topic in inputs.items()
        ]
        high = {place: log.end for place, log in logs.items()}
        stable = {place: self.stable.get(place[0], end) for place, end in high.items()}
        return Observation(logs=logs, visible=visible, stable=stable, high=high, groups=groups, events=self.events)


EXPECTED = Expected(
    feeds={ITEM: ["First text.", "Second text."], "https://news.example/feed/2": [REFUSED]},
    files=[PUSHED],
    refused=[REFUSED],
    poisons={POISONED: "enrich"},
)


@pytest.fixture
def world() -> World:
    """An item with two versions, a refused one, an article that was pushed twice, and an unreadable record."""
    made = World()
    first, second = made.publish(ITEM, "First text."), made.publish(ITEM, "Second text.")
    refused = made.publish("https://news.example/feed/2", REFUSED)
    pushed, _again = made.publish(None, PUSHED), made.publish(None, PUSHED)
    made.letter("enrich", made.add("articles.parsed", POISONED.encode()), "articles.parsed")
    made.digest(made.enrich(first), 1)
    made.digest(made.enrich(second, revision=2), 2)
    made.letter("digest", made.enrich(refused), "articles.enriched")
    made.digest(made.enrich(pushed), 1)
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
    world.topics["digests"][0] = replace(record, headers={"ce_id": b"digest/0/99/0"})


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
]


@pytest.mark.parametrize(("spoil", "rule"), [(s, r) for _, s, r in SPOILS], ids=[name for name, _, _ in SPOILS])
def test_each_kind_of_violation_is_found(world: World, spoil: Callable[[World], object], rule: str) -> None:
    spoil(world)
    assert rule in rules(world)


def test_a_table_is_compared_with_its_changelog_up_to_the_last_transaction_of_its_owner(world: World) -> None:
    record = world.add("seen", b"9", b"z")
    world.topics["seen"][-1] = replace(record, producer=(7, 2))
    assert rules(world) == set()
