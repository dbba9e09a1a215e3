"""Checks the targets of a piece against the broker's log: the promises of the sinks, one function each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chaos.accounting.checker import committed_is_what_is_read, no_transaction_hangs
from chaos.accounting.observation import Expected, Observation
from chaos.accounting.sequences import compare_sequences
from chaos.accounting.violation import Violation
from chaos.broker.rawlog import LogRecord
from chaos.sinks.article_feed import BEYOND_ALL, BEYOND_POSTGRES
from chaos.sinks.lanes import SINKS
from chaos.sinks.target_content import DatabaseContent, StoredArticle, StoredFile, milliseconds
from dateline_schemas import ContractError, DeadLetter, EnrichedArticle
from dateline_schemas.headers import REPLAY_GROUP

__all__ = ["SinkOutcome", "check_sinks"]

TOPIC = "articles.enriched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A record that a sink has to write."""

    partition: int
    record: LogRecord
    enriched: EnrichedArticle

    @property
    def id(self) -> str:
        """The id of the article."""
        return self.enriched.article.id

    @property
    def revised_at(self) -> int:
        """The time of the revision in milliseconds."""
        assert self.enriched.revised_at is not None
        return milliseconds(self.enriched.revised_at)

    @property
    def name(self) -> str:
        """The revision and its place, for comparison and messages."""
        return f"{self.partition}@{self.record.offset} {self.revised_at}"


@dataclass(slots=True, kw_only=True)
class SinkOutcome:
    """What a piece left behind.

    Attributes:
        sinks: the sinks that ran.
        seen: the broker's logs and the groups' offsets.
        databases: the databases, by sink.
        files: the files of Parquet, in order.
        arrivals: the records that each sink has to write, in the order of the log.
        poisons: partition and offset of the records that each sink has to refuse.
    """

    sinks: Sequence[str] = SINKS
    seen: Observation
    databases: Mapping[str, DatabaseContent]
    files: Sequence[StoredFile]
    arrivals: dict[str, list[Arrival]] = field(init=False)
    poisons: dict[str, set[tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.arrivals = {sink: [] for sink in self.sinks}
        self.poisons = {sink: set() for sink in self.sinks}
        for (topic, partition), log in sorted(self.seen.logs.items()):
            for record in log.committed if topic == TOPIC else ():
                self._sort(partition, record)

    def _sort(self, partition: int, record: LogRecord) -> None:
        addressee = record.headers.get(REPLAY_GROUP, b"").decode()
        enriched = _readable(record)
        for sink in self.sinks:
            if addressee and addressee != sink:
                continue
            if (
                enriched is None
                or enriched.revision >= BEYOND_ALL
                or (sink == "postgres" and enriched.revision >= BEYOND_POSTGRES)
            ):
                self.poisons[sink].add((partition, record.offset))
            else:
                self.arrivals[sink].append(Arrival(partition=partition, record=record, enriched=enriched))


def check_sinks(outcome: SinkOutcome) -> list[Violation]:
    """Return every violation that the rules find."""
    expected = Expected(feeds={}, files=(), refused=())
    found = [*no_transaction_hangs(outcome.seen, expected), *committed_is_what_is_read(outcome.seen, expected)]
    return found + [violation for rule in SINK_RULES for violation in rule(outcome)]


def records_are_written_once(outcome: SinkOutcome) -> Iterator[Violation]:
    """Each record was written to each database exactly once, and the records of a key in the order of the log."""
    for sink in outcome.databases:
        wanted: dict[str, list[str]] = defaultdict(list)
        names: dict[tuple[str, int], str] = {}
        times: dict[str, int] = {}
        offsets: dict[tuple[str, int], int] = {}
        for each in outcome.arrivals[sink]:
            wanted[each.id].append(each.name)
            names[each.id, each.revised_at] = each.name
            offsets[each.id, each.revised_at] = each.record.offset
            times[each.name] = each.record.timestamp
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for batch in _batches(outcome.databases[sink].rows):
            for article, revised_at in sorted(batch, key=lambda row: offsets.get(row, 0)):
                name = names.get((article, revised_at), str(revised_at))
                found[article].append((name, times.get(name, 0)))
        yield from compare_sequences(sink, wanted, found)


def positions_are_moved_by_their_owners(outcome: SinkOutcome) -> Iterator[Violation]:
    """Only the session that took a position last moved it, and each move began where the one before ended."""
    for sink in outcome.databases:
        owners: dict[int, str] = {}
        places: dict[int, int | None] = {}
        epochs: Counter[int] = Counter()
        for move in outcome.databases[sink].moves:
            where = f"{sink}[{move.partition}]"
            at = places.get(move.partition)
            if move.first != at:
                yield Violation(rule="position", what=f"{where} stood at {move.first} after it was moved to {at}")
            if move.taken:
                epochs[move.partition] += 1
                if move.epoch != epochs[move.partition]:
                    yield Violation(rule="epoch", what=f"{where}: {move.epoch} after {epochs[move.partition] - 1}")
                if move.next != at:
                    yield Violation(rule="position", what=f"{where} went from {at} to {move.next} when it was taken")
                owners[move.partition] = move.session
            else:
                if owners.get(move.partition) != move.session:
                    what = f"{where}: session {move.session} moved {move.first} to {move.next} after another took it"
                    yield Violation(rule="zombie", what=what)
                if move.next is None or (at is not None and move.next < at):
                    yield Violation(rule="position", what=f"{where} went back from {at} to {move.next}")
            places[move.partition] = move.next


def tables_hold_the_latest(outcome: SinkOutcome) -> Iterator[Violation]:
    """Revisions and articles are those of the log, with what the latest names; retracted ones have no text."""
    for sink in outcome.databases:
        content = outcome.databases[sink]
        by_id: dict[str, list[Arrival]] = defaultdict(list)
        for each in outcome.arrivals[sink]:
            by_id[each.id].append(each)
        revisions, articles = {}, {}
        for article, them in by_id.items():
            retracted_at = max((each.revised_at for each in them if _retracted(each)), default=0)
            for each in them:
                is_kept = each.revised_at >= retracted_at
                revisions[article, each.revised_at] = _stored(each, is_kept=is_kept)
            latest = max(them, key=lambda each: each.revised_at)
            articles[article] = _stored(latest)
            for table, rows in _named(latest).items():
                stored = sorted(content.named[table].get(article, ()))
                if stored != sorted(rows):
                    yield Violation(rule="named", what=f"{sink}: {table} of {article}: {stored} instead of {rows}")
        yield from _compare(f"{sink}: revisions", revisions, content.revisions)
        yield from _compare(f"{sink}: articles", articles, content.articles)
        for table, stored_rows in content.named.items():
            for article in sorted(stored_rows.keys() - by_id.keys()):
                yield Violation(rule="named", what=f"{sink}: {table} of {article}, which is not in the log")


def files_are_a_chain(outcome: SinkOutcome) -> Iterator[Violation]:
    """The files of a partition follow each other without gap or overlap, and hold each record once, in order."""
    ends: dict[int, int] = {}
    for file in outcome.files:
        where = f"parquet[{file.partition}] {file.name}"
        at = ends.get(file.partition)
        if file.name != file.first or (at is not None and file.first != at):
            yield Violation(rule="chain", what=f"{where} covers {file.first} to {file.next}, after {at}")
        ends[file.partition] = file.next
        for row in file.rows:
            if not file.first <= row["offset"] < file.next:
                yield Violation(rule="chain", what=f"{where} has offset {row['offset']} beyond {file.next}")
    wanted: dict[str, list[str]] = defaultdict(list)
    arrived: dict[tuple[int, int], Arrival] = {}
    for each in outcome.arrivals.get("parquet", ()):
        wanted[f"[{each.partition}]"].append(each.name)
        arrived[each.partition, each.record.offset] = each
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for file in outcome.files:
        for row in file.rows:
            name = f"{file.partition}@{row['offset']} {milliseconds(row['revised_at'])}"
            arrival = arrived.get((file.partition, row["offset"]))
            found[f"[{file.partition}]"].append((name, arrival.record.timestamp if arrival else 0))
            if arrival is not None and not _is_row_of(row, arrival):
                yield Violation(rule="named", what=f"parquet {name} differs from its record: {row}")
    yield from compare_sequences("parquet", wanted, found)


def positions_are_at_the_end(outcome: SinkOutcome) -> Iterator[Violation]:
    """In the end each position is that of the log's end, and Kafka's offset is not beyond it."""
    for group in outcome.seen.groups:
        database = outcome.databases.get(group.name)
        for partition, offset in group.offsets.items():
            where, end = f"{group.name}[{partition}]", outcome.seen.high[TOPIC, partition]
            if not end:
                continue
            if offset is None or offset != end:
                yield Violation(rule="offsets", what=f"{where}: Kafka's offset is {offset} of {end}")
            if database is not None and database.positions.get(partition) != end:
                stands = database.positions.get(partition)
                yield Violation(rule="offsets", what=f"{where}: the position is {stands} of {end}")


def letters_are_the_refused(outcome: SinkOutcome) -> Iterator[Violation]:
    """Each refused record has a dead letter, as a repeated one with the same bytes, and no other record has one."""
    found: dict[tuple[str, int, int], set[tuple[bytes | None, bytes | None]]] = defaultdict(set)
    for record in outcome.seen.records("dead-letters"):
        letter = DeadLetter.from_headers(list(record.headers.items()))
        place = (letter.group, letter.partition, letter.offset)
        found[place].add((record.headers.get("ce_id"), record.value))
        if (letter.partition, letter.offset) not in outcome.poisons.get(letter.group, ()):
            what = f"unexpected: {place}: {letter.error_type}: {letter.error_message}"
            yield Violation(rule="dead-letter", what=what, timestamp=record.timestamp)
    for sink, places in outcome.poisons.items():
        for partition, offset in sorted(places):
            letters = found[sink, partition, offset]
            if len(letters) != 1:
                yield Violation(rule="dead-letter", what=f"{sink}[{partition}]@{offset} has {len(letters)} letters")


SINK_RULES: Sequence[Callable[[SinkOutcome], Iterable[Violation]]] = (
    records_are_written_once,
    positions_are_moved_by_their_owners,
    tables_hold_the_latest,
    files_are_a_chain,
    positions_are_at_the_end,
    letters_are_the_refused,
)
"""All promises, in the order in which they are checked."""


def _batches(rows: Iterable[tuple[str, int, str]]) -> Iterator[list[tuple[str, int]]]:
    """Yield the rows of one transaction after the other; a row without one stands alone."""
    batches: dict[object, list[tuple[str, int]]] = defaultdict(list)
    for number, (article, revised_at, batch) in enumerate(rows):
        batches[batch or number].append((article, revised_at))
    yield from batches.values()


def _readable(record: LogRecord) -> EnrichedArticle | None:
    try:
        return EnrichedArticle.from_bytes(record.value) if record.value is not None else None
    except ContractError:
        return None


def _retracted(each: Arrival) -> bool:
    return each.enriched.article.retracted is not None


def _stored(each: Arrival, *, is_kept: bool = True) -> StoredArticle:
    """Return the row of a revision; `is_kept` is false if a later one retracts it."""
    article = each.enriched.article
    return StoredArticle(
        revised_at=each.revised_at,
        title=_clean(article.title) if is_kept else "",
        body=_clean(article.body) if is_kept else "",
        retracted=_retracted(each),
    )


def _clean(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _named(each: Arrival) -> dict[str, list[tuple[Any, ...]]]:
    """Return what an article names, as the tables have it."""
    entities = list(enumerate(each.enriched.entities))
    dates = enumerate(each.enriched.dates)
    return {
        "entities": [(n, e.id, e.type, e.name) for n, e in entities],
        "mentions": [(n, m.field, m.start, m.end, m.text) for n, e in entities for m in e.mentions],
        "links": [(n, link.scheme, link.id, rank) for n, e in entities for rank, link in enumerate(e.links, 1)],
        "dates": [(n, d.field, d.start, d.end, d.text, d.type, d.value) for n, d in dates],
    }


def _is_row_of(row: Mapping[str, Any], each: Arrival) -> bool:
    article = each.enriched.article
    return (row["id"], row["title"], row["body"]) == (article.id, article.title, article.body) and (
        [entity["id"] for entity in row["entities"]],
        [(date["text"], date["value"], date["start"], date["end"]) for date in row["dates"]],
    ) == (
        [entity.id for entity in each.enriched.entities],
        [(date.text, date.value, date.start, date.end) for date in each.enriched.dates],
    )


def _compare(what: str, wanted: Mapping[Any, StoredArticle], found: Mapping[Any, StoredArticle]) -> Iterator[Violation]:
    for name in sorted(wanted.keys() | found.keys()):
        want, have = wanted.get(name), found.get(name)
        if want == have:
            continue
        rule = "lost" if have is None else "unknown" if want is None else "state"
        yield Violation(rule=rule, what=f"{what} {name}: {have} instead of {want}")
