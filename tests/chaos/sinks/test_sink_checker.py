"""The checker of sinks finds each kind of violation, made by hand, and none in a correct run."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from chaos.accounting.observation import Group, Observation
from chaos.broker.rawlog import Batch, LogRecord, Partition
from chaos.sinks.article_feed import BEYOND_ALL, BEYOND_POSTGRES
from chaos.sinks.lanes import SINKS
from chaos.sinks.sink_checker import SinkOutcome, check_sinks
from chaos.sinks.target_content import DatabaseContent, Move, StoredArticle, StoredFile, milliseconds
from dateline.clock import utc_now
from dateline.sink.suite import an_enriched
from dateline_schemas import DeadLetter, EnrichedArticle
from dateline_schemas.headers import REPLAY_GROUP

ENRICHED = ("articles.enriched", 0)
LETTERS = ("dead-letters", 0)


@dataclass
class World:
    """A correct run over one partition, which a test then spoils."""

    records: list[LogRecord] = field(default_factory=list)
    letters: list[LogRecord] = field(default_factory=list)
    moves: dict[str, list[Move]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    revisions: dict[str, dict[tuple[str, int], StoredArticle]] = field(default_factory=dict)
    articles: dict[str, dict[str, StoredArticle]] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)
    named: dict[str, dict[str, list[tuple[Any, ...]]]] = field(default_factory=dict)
    kafka: dict[str, int | None] = field(default_factory=dict)

    def add(self, enriched: EnrichedArticle | None, group: str = "") -> None:
        """Write a record of the topic; None is one that nobody can read."""
        offset = len(self.records)
        headers = {"ce_id": str(offset).encode()} | ({REPLAY_GROUP: group.encode()} if group else {})
        value = b"poison" if enriched is None else enriched.to_bytes()
        self.records.append(_record(offset, value, headers))

    def refuse(self, group: str, offset: int) -> None:
        """Write the dead letter of a record."""
        record = self.records[offset]
        letter = DeadLetter(
            topic="chaos.articles.enriched",
            partition=0,
            offset=offset,
            timestamp=utc_now(),
            group=group,
            stage=group,
            error_type="PermanentError",
            error_message="no",
            failed_at=utc_now(),
        )
        headers = dict(letter.to_headers(list(record.headers.items())))
        self.letters.append(_record(len(self.letters), record.value, headers))

    def outcome(self) -> SinkOutcome:
        """Return what the checker looks at."""
        logs = {ENRICHED: _log(self.records), LETTERS: _log(self.letters)}
        ends = {place: len(log.committed) for place, log in logs.items()}
        seen = Observation(
            logs=logs,
            visible={place: list(range(end)) for place, end in ends.items()},
            stable=ends,
            high=ends,
            groups=[Group(name=s, input="articles.enriched", offsets={0: self.kafka.get(s)}) for s in SINKS],
            events=[],
        )
        databases = {
            sink: DatabaseContent(
                positions={0: self.moves[sink][-1].next or 0},
                moves=self.moves[sink],
                rows=self.rows[sink],
                revisions=self.revisions[sink],
                articles=self.articles[sink],
                named=self.named,
            )
            for sink in ("postgres", "sqlite")
        }
        return SinkOutcome(seen=seen, databases=databases, files=self.files)


def _record(offset: int, value: bytes | None, headers: dict[str, bytes]) -> LogRecord:
    return LogRecord(offset=offset, timestamp=1000 + offset, key=b"k", value=value, headers=headers, producer=(1, 1))


def _log(records: list[LogRecord]) -> Partition:
    end = Batch(first=0, last=len(records) - 1, producer=1, epoch=1, transactional=True, marker="commit", records=())
    return Partition(batches=[end], committed=list(records))


def _articles() -> list[tuple[EnrichedArticle | None, str]]:
    """Two revisions of a, a late one; b, retracted; c for one sink; what some or all refuse."""
    b = an_enriched("b", minute=4)
    gone = b.article.model_copy(update={"title": "", "body": "", "retracted": b.revised_at})
    return [
        (an_enriched("a", "first", minute=1), ""),
        (an_enriched("a", "latest", minute=5), ""),
        (an_enriched("b", "said", minute=2), ""),
        (an_enriched("a", "late", minute=3), ""),
        (b.model_copy(update={"article": gone}), ""),
        (an_enriched("c", minute=6), "sqlite"),
        (None, ""),
        (an_enriched("d", minute=7, revision=BEYOND_POSTGRES), ""),
        (an_enriched("e", minute=8, revision=BEYOND_ALL), ""),
    ]


REFUSED = {"postgres": (6, 7, 8), "sqlite": (6, 8), "parquet": (6, 8)}


def a_world() -> World:
    world = World()
    world.named = {table: {} for table in ("entities", "mentions", "links", "dates")}
    for enriched, group in _articles():
        world.add(enriched, group)
    for sink, offsets in REFUSED.items():
        for offset in offsets:
            world.refuse(sink, offset)
        world.kafka[sink] = len(world.records)
    # A crash between a letter and the position repeats the letter.
    world.refuse("parquet", 6)
    files: list[dict[str, Any]] = []
    for sink in SINKS:
        rows = [
            (offset, each)
            for offset, (each, group) in enumerate(_articles())
            if each is not None and group in ("", sink) and offset not in REFUSED[sink]
        ]
        if sink == "parquet":
            files = [_row(offset, each) for offset, each in rows]
            continue
        stored = {(e.id, _time(e)): _stored(e) for _, e in rows}
        said = ("b", _time(rows[2][1]))
        stored[said] = replace(stored[said], title="", body="")
        world.revisions[sink] = stored
        latest = {"a": rows[1][1], "b": rows[4][1], **{e.id: e for _, e in rows[5:]}}
        world.articles[sink] = {article: _stored(e) for article, e in latest.items()}
        world.rows[sink] = [(e.id, _time(e), "") for _, e in rows]
        world.moves[sink] = [
            _move("one", 1, None, None, taken=True),
            _move("one", 1, None, 0),
            _move("one", 1, 0, 4),
            _move("two", 2, 4, 4, taken=True),
            _move("two", 2, 4, 9),
        ]
    world.files = [
        StoredFile(partition=0, name=0, first=0, next=3, rows=files[:3]),
        StoredFile(partition=0, name=3, first=3, next=8, rows=files[3:]),
    ]
    return world


def _move(session: str, epoch: int, first: int | None, after: int | None, *, taken: bool = False) -> Move:
    return Move(taken=taken, session=session, partition=0, epoch=epoch, first=first, next=after)


def _time(each: EnrichedArticle) -> int:
    return milliseconds(each.revised_at)


def _stored(each: EnrichedArticle) -> StoredArticle:
    article = each.article
    return StoredArticle(
        revised_at=_time(each), title=article.title, body=article.body, retracted=article.retracted is not None
    )


def _row(offset: int, each: EnrichedArticle) -> dict[str, Any]:
    article = each.article
    texts = {"title": article.title, "body": article.body, "entities": [], "dates": []}
    return {"offset": offset, "id": article.id, "revised_at": each.revised_at, **texts}


def test_a_correct_run_has_no_violation() -> None:
    assert check_sinks(a_world().outcome()) == []


def test_the_order_within_a_transaction_does_not_matter() -> None:
    world = a_world()
    world.rows["postgres"] = [(article, at, "7") for article, at, _ in reversed(world.rows["postgres"])]
    assert check_sinks(world.outcome()) == []


def _swap(rows: list[Any], one: int, other: int) -> None:
    rows[one], rows[other] = rows[other], rows[one]


def _overlap(world: World) -> None:
    first = world.files[0]
    world.files[0] = replace(first, next=4, rows=[*first.rows, world.files[1].rows[0]])


SPOILS: dict[str, tuple[str, Callable[[World], Any]]] = {
    "a record is missing": ("lost", lambda w: w.rows["postgres"].pop(0)),
    "a record was written twice": ("doubled", lambda w: w.rows["sqlite"].append(w.rows["sqlite"][-1])),
    "revisions of a key in another order": ("order", lambda w: _swap(w.rows["postgres"], 0, 1)),
    "a record of another group": ("unknown", lambda w: w.rows["postgres"].append(("c", 1, ""))),
    "a former owner moved the position": (
        "zombie",
        lambda w: w.moves["postgres"].__setitem__(4, _move("one", 1, 4, 9)),
    ),
    "the position went back": ("position", lambda w: w.moves["sqlite"].append(_move("two", 2, 9, 4))),
    "the position was not where it was left": (
        "position",
        lambda w: w.moves["sqlite"].__setitem__(4, _move("two", 2, 7, 9)),
    ),
    "an owner raised no epoch": (
        "epoch",
        lambda w: w.moves["sqlite"].__setitem__(3, _move("two", 1, 4, 4, taken=True)),
    ),
    "the position is not at the end": ("offsets", lambda w: w.moves["postgres"].pop()),
    "Kafka's offset is not at the end": ("offsets", lambda w: w.kafka.update(parquet=3)),
    "a revision is missing": ("lost", lambda w: w.revisions["postgres"].popitem()),
    "a revision that nobody wrote": (
        "unknown",
        lambda w: w.revisions["sqlite"].update({("x", 1): next(iter(w.revisions["sqlite"].values()))}),
    ),
    "a late revision became the latest": (
        "state",
        lambda w: w.articles["postgres"].update(a=_stored(an_enriched("a", "late", minute=3))),
    ),
    "a retracted text stayed": (
        "state",
        lambda w: w.revisions["sqlite"].update(
            {("b", _time(an_enriched("b", minute=2))): _stored(an_enriched("b", "said", minute=2))}
        ),
    ),
    "an entity that the article does not name": ("named", lambda w: w.named["entities"].update(a=[(0, "x", "y", "z")])),
    "a date of an unknown article": ("named", lambda w: w.named["dates"].update(x=[(0,)])),
    "files overlap": ("chain", _overlap),
    "a record is in two files": ("doubled", _overlap),
    "a file is missing": ("chain", lambda w: w.files.insert(1, replace(w.files[1], name=9, first=9, next=10, rows=[]))),
    "a row is missing": ("lost", lambda w: w.files.pop()),
    "a file states another offset than its name": ("chain", lambda w: w.files.append(replace(w.files.pop(), name=4))),
    "a row has another text": ("named", lambda w: w.files[0].rows[0].update(body="another")),  # type: ignore[attr-defined]
    "a letter is missing": ("dead-letter", lambda w: w.letters.pop(0)),
    "a letter for a valid record": ("dead-letter", lambda w: w.refuse("sqlite", 0)),
    "a repeated letter with another id": (
        "dead-letter",
        lambda w: w.letters.append(replace(w.letters[0], offset=9, headers={**w.letters[0].headers, "ce_id": b"x"})),
    ),
}


@pytest.mark.parametrize(("rule", "spoil"), SPOILS.values(), ids=list(SPOILS))
def test_each_violation_is_found(rule: str, spoil: Callable[[World], Any]) -> None:
    world = a_world()
    spoil(world)
    assert rule in {violation.rule for violation in check_sinks(world.outcome())}
