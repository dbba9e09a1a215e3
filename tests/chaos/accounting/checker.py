"""Checks a piece: compares what was read back with the workload's record of what went in."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from chaos.accounting.observation import Expected, Observation
from chaos.accounting.order_rule import published_contents
from chaos.accounting.pages import is_by_pages, pages_are_published_once, queues_are_empty, sent_articles
from chaos.accounting.sequences import compare_sequences
from chaos.accounting.violation import Violation
from chaos.broker.rawlog import LogRecord
from chaos.replicas.instrumented import table_digest
from chaos.traffic.digests import Digest
from dateline_schemas import Article, DeadLetter, EnrichedArticle

__all__ = ["check"]

CHANGELOGS = {"ingest": "feed-state", "pages": "page-state", "enrich": "seen", "digest": "digest.count"}
"""The changelog topic of each group."""

OUTPUTS = {"enrich": "articles.enriched", "digest": "digests"}
"""The output topics of the groups that process record by record."""


Rule = Callable[[Observation, Expected], Iterable[Violation]]
"""Yields the violations of one promise."""


def check(seen: Observation, expected: Expected) -> list[Violation]:
    """Return every violation that the rules find."""
    return [violation for rule in RULES for violation in rule(seen, expected)]


def no_transaction_hangs(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """The last stable offset equals the high watermark, and every transaction in the log has its marker."""
    for place, high in seen.high.items():
        if seen.stable[place] != high:
            yield Violation(rule="hanging", what=f"{place}: stable up to {seen.stable[place]} of {high}")
        for record in seen.logs[place].open[:1]:
            yield Violation(rule="hanging", what=f"{place}@{record.offset} has no marker", timestamp=record.timestamp)


def committed_is_what_is_read(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """A `read_committed` consumer reads each committed record once, and no others."""
    for place, log in seen.logs.items():
        given = Counter(seen.visible[place])
        committed = {record.offset: record for record in log.committed}
        for record in [*log.aborted, *log.open]:
            if record.offset in given:
                yield Violation(rule="aborted-visible", what=f"{place}@{record.offset}", timestamp=record.timestamp)
        for offset, record in committed.items():
            if given[offset] != 1:
                what = f"{place}@{offset} was read {given[offset]} times"
                yield Violation(rule="committed-invisible", what=what, timestamp=record.timestamp)


def feeds_are_parsed_once(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Every version that a feed served is sent on exactly once and in order: directly, or to the site of its page.

    Once an item has gone to its site, all its later versions go there.
    """
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    pushed: Counter[str] = Counter()
    files = set(expected.files)
    for sent in sent_articles(seen, expected, "articles.parsed"):
        article = sent.article
        if article.body in files:
            pushed[article.body] += 1
        elif not is_by_pages(sent.record.headers):
            found[article.url or article.id].append((article.body, sent.record.timestamp))
    for sent in sent_articles(seen, expected, "page-requests"):
        if sent.request is not None and not sent.request.hops:
            found[sent.article.url or sent.article.id].append((sent.article.body, sent.record.timestamp))
    yield from compare_sequences("articles.parsed", expected.feeds, found)
    for body in expected.files:
        if not pushed[body]:
            yield Violation(rule="lost", what=f"articles.parsed lacks the pushed article {body!r}")


def articles_are_enriched_once(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Every content that the order rule does not drop is in `articles.enriched` once and in order."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    revisions: dict[str, list[int]] = defaultdict(list)
    for record, enriched in _enriched(seen, expected):
        article = enriched.article
        found[article.id].append((article.body, record.timestamp))
        revisions[article.id].append(enriched.revision)
    arrived: dict[str, list[Article]] = defaultdict(list)
    for sent in sent_articles(seen, expected, "articles.parsed"):
        arrived[sent.article.id].append(sent.article)
    wanted = {name: [each.body for each in published_contents(them)] for name, them in arrived.items()}
    yield from compare_sequences("articles.enriched", wanted, found)
    for identity, numbers in revisions.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield Violation(rule="revisions", what=f"articles.enriched {identity}: {numbers}")


def outputs_are_written_once(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Every revision is in the consumer's output exactly once and in order, with the right count from its state."""
    refused = set(expected.refused)
    wanted: dict[str, list[str]] = defaultdict(list)
    for _, enriched in _enriched(seen, expected):
        if enriched.article.body not in refused:
            wanted[enriched.article.id].append(f"{enriched.revision} {enriched.article.content_hash}")
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(list)
    for record in seen.records("digests"):
        digest = Digest.from_bytes(record.value or b"")
        found[digest.id].append((f"{digest.revision} {digest.content_hash}", record.timestamp))
        counts[digest.id].append(digest.count)
    yield from compare_sequences("digests", wanted, found)
    for identity, numbers in counts.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield Violation(rule="state", what=f"digests {identity}: the state counted {numbers}")


def letters_are_the_poisons(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """The dead letters are exactly the poisoned records, once for each group that fails on them."""
    wanted: set[tuple[str, str, int, int]] = set()
    refused = set(expected.refused)
    for group in seen.groups:
        for (topic, number), log in seen.logs.items():
            if topic != group.input:
                continue
            for record in log.committed:
                if expected.poisons.get(text(record)) == group.name or (
                    group.name == "digest"
                    and text(record) not in expected.poisons
                    and EnrichedArticle.from_bytes(record.value or b"").article.body in refused
                ):
                    wanted.add((group.name, topic, number, record.offset))
    found: Counter[tuple[str, str, int, int]] = Counter()
    for record in seen.records("dead-letters"):
        letter = DeadLetter.from_headers(list(record.headers.items()))
        topic = next((t for t, _ in seen.logs if letter.topic.endswith(t)), letter.topic)
        place = (letter.group, topic, letter.partition, letter.offset)
        found[place] += 1
        if place not in wanted:
            what = f"{place}: {letter.error_type}: {letter.error_message}"
            yield Violation(rule="dead-letter", what=f"unexpected: {what}", timestamp=record.timestamp)
    for place in sorted(wanted):
        if found[place] != 1:
            yield Violation(rule="dead-letter", what=f"{place} led to {found[place]} letters")


def groups_are_at_the_end(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Each group has committed an offset beyond the last committed record of its input."""
    for group in seen.groups:
        for number, offset in group.offsets.items():
            log = seen.logs[group.input, number]
            if offset is None:
                yield Violation(rule="offsets", what=f"{group.name} has no offset on {group.input}[{number}]")
                continue
            above = [record for record in log.committed if record.offset >= offset]
            if above:
                what = f"{group.name} is at {group.input}[{number}]@{offset}, below {len(above)} records"
                yield Violation(rule="offsets", what=what, timestamp=above[0].timestamp)
            if offset > log.end:
                what = f"{group.name} is at {group.input}[{number}]@{offset}, which ends at {log.end}"
                yield Violation(rule="offsets", what=what)


def inputs_lead_to_one_output(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Each output names a committed input record, and no two outputs name the same one."""
    for group, topic in OUTPUTS.items():
        origin = next(each for each in seen.groups if each.name == group)
        inputs = {n: {record.offset for record in seen.logs[origin.input, n].committed} for n in origin.offsets}
        named: Counter[str] = Counter()
        for record in seen.records(topic):
            if text(record) in expected.poisons:
                continue
            name = record.headers.get("ce_id", b"").decode()
            named[name] += 1
            *_, number, offset, _ = name.split("/")
            if int(offset) not in inputs[int(number)]:
                what = f"{topic} {name} was made from a record that is not committed"
                yield Violation(rule="input", what=what, timestamp=record.timestamp)
            if named[name] > 1:
                what = f"{topic}: {origin.input}[{number}]@{offset} led to {named[name]} records"
                yield Violation(rule="doubled", what=what, timestamp=record.timestamp)


def tables_are_their_changelogs(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """The table that a task held when it closed equals its changelog up to the task's last transaction."""
    for event in seen.events:
        if event.kind != "table":
            continue
        told = event.details
        group, _, rest = told["id"].partition("-")
        number = int(rest.rsplit("-", 1)[1])
        table: dict[bytes, bytes] = {}
        for record in seen.logs[CHANGELOGS[group], number].committed:
            if record.producer > (told["producer"], told["epoch"]) or record.key is None:
                continue
            if record.value is None:
                table.pop(record.key, None)
            else:
                table[record.key] = record.value
        digest, entries = table_digest(table)
        if digest != told["digest"]:
            what = f"{told['id']} of {event.who} held {told['entries']} entries, its changelog has {entries}"
            yield Violation(rule="state", what=f"{what} (epoch {told['epoch']}), or others")


RULES: Sequence[Rule] = (
    no_transaction_hangs,
    committed_is_what_is_read,
    feeds_are_parsed_once,
    pages_are_published_once,
    queues_are_empty,
    articles_are_enriched_once,
    outputs_are_written_once,
    letters_are_the_poisons,
    groups_are_at_the_end,
    inputs_lead_to_one_output,
    tables_are_their_changelogs,
)
"""All promises, in the order in which they are checked."""


def text(record: LogRecord) -> str:
    """Return a record's value as text, to compare it with what the workload wrote."""
    return (record.value or b"").decode(errors="replace")


def _enriched(seen: Observation, expected: Expected) -> Iterator[tuple[LogRecord, EnrichedArticle]]:
    for record in seen.records("articles.enriched"):
        if text(record) not in expected.poisons:
            yield record, EnrichedArticle.from_bytes(record.value or b"")
