"""Where an article is, and how long each stage of its way took."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeVar
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings
from dateline_schemas import Article, Contract, ContractError, DeadLetter, EnrichedArticle, Timestamp, article_id
from dateline_schemas.headers import DL_RESOLVES, TRACEPARENT, header
from dateline_schemas.topics import ARTICLES_ENRICHED, ARTICLES_PARSED, DEAD_LETTERS
from pydantic import BaseModel, ConfigDict, Field

from dateline_status.report import GroupReport
from dateline_status.view import KafkaView, Span

__all__ = ["Journey", "JourneyFinder", "Reading", "Sighting", "id_of"]

JourneyState = Literal["enriched", "waiting", "failed", "unknown"]
"""Where an article stands: `failed` has a dead letter, `unknown` was not found."""

FIRST_BLOCK = 250
"""Offsets of the first look back from the end; each further one takes four times as many."""

TRACEPARENT_PARTS = 4
"""Parts of the header: version, trace, span, flags."""

QUESTIONS = 2
"""Articles that are looked for at the same time; each takes a connection and reads what may be megabytes."""

_partition_of = DefaultPartitioner()

ModelT = TypeVar("ModelT", bound=Contract)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Sighting(_Answer):
    """A record of the article."""

    position: str = Field(description="Where it stands, as topic[partition]@offset.")
    at: Timestamp = Field(description="When it was written.")
    content_hash: str = Field(description="Which content it has.")
    revision: int | None = Field(default=None, description="Number of that content, where enrich gave it one.")
    trace_id: str | None = Field(default=None, description="Identity of the trace that it belongs to.")


class Reading(_Answer):
    """A consumer group on its way to the article's newest record."""

    group: str = Field(description="Name of the group.")
    topic: str = Field(description="Full name of the topic that it reads.")
    passed: bool = Field(description="Whether the group has committed that it is past the record.")
    behind: int = Field(description="Offsets that it has before it, the record's own included; 0 once it is past.")


class Journey(_Answer):
    """Where an article is."""

    id: str = Field(description="Identity of the article.")
    state: JourneyState = Field(description="enriched, waiting, failed or unknown.")
    reason: str = Field(description="The same in words.")
    url: str | None = Field(default=None, description="Address of the article.")
    title: str | None = Field(default=None, description="Its headline.")
    published: Timestamp | None = Field(default=None, description="When its source published it.")
    fetched: Timestamp | None = Field(default=None, description="When ingest read it.")
    parsed: list[Sighting] = Field(default_factory=list, description="Records in articles.parsed, newest first.")
    enriched: list[Sighting] = Field(default_factory=list, description="Records in articles.enriched, newest first.")
    failures: list[str] = Field(default_factory=list, description="Dead letters that were not replayed, newest first.")
    readers: list[Reading] = Field(default_factory=list, description="Groups that read one of the two topics.")
    seconds: dict[str, float] = Field(
        default_factory=dict,
        description="How long each stage took: `publish` from publication until it was read, `parse` until the record "
        "in articles.parsed, `enrich` from there until the one in articles.enriched with the same content.",
    )

    @property
    def found(self) -> bool:
        """Whether there is any record of it."""
        return bool(self.parsed or self.enriched or self.failures)


def id_of(text: str) -> str:
    """Return the article id that `text` is, or that of the article whose address it is.

    Raises:
        ValueError: when it is neither.
    """
    if text.startswith(("http://", "https://")):
        return article_id(url=text, source_uri="", guid=None, content_hash="", link_is_unique=True)
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ValueError(f"{text[:200]!r} is neither the id (a UUID) nor the address of an article") from error


class JourneyFinder:
    """Looks for the records of an article, from the ends of the logs backwards."""

    def __init__(self, connect: Callable[[], Awaitable[KafkaView]], kafka: KafkaSettings, search_records: int) -> None:
        self._connect = connect
        self._prefix = kafka.topic_prefix
        self._limit = search_records
        self._slots = asyncio.Semaphore(QUESTIONS)

    async def find(self, key: str, groups: Iterable[GroupReport]) -> Journey:
        """Return where the article with id `key` is; `groups` are those last seen.

        Raises:
            TransientError: when Kafka does not answer in time.
            KafkaError: when it cannot be reached.
        """
        async with self._slots:
            view = await self._connect()
            try:
                counts = {report.name: report.partitions for report in await view.topics()}
                # What comes later on the way is read first: an article never seems to be ahead of itself.
                letters = await self._letters(view, key, counts)
                enriched = await self._newest(view, ARTICLES_ENRICHED.named(self._prefix), key, counts)
                parsed = await self._newest(view, ARTICLES_PARSED.named(self._prefix), key, counts)
            finally:
                await view.close()
        return _journey(key, parsed, enriched, letters, list(groups), self._limit)

    async def _newest(self, view: KafkaView, topic: str, key: str, counts: dict[str, int]) -> list[Record]:
        """Return the article's records in the newest block of offsets that has any, newest first."""
        where = _home(topic, key, counts)
        if where is None:
            return []
        floor, last = await self._span(view, where)
        block = FIRST_BLOCK
        while last > floor:
            first = max(floor, last - block)
            found = [record for record in await view.records({where: (first, last)}) if record.key == key.encode()]
            if found:
                return found[::-1]
            last, block = first, block * 4
        return []

    async def _letters(self, view: KafkaView, key: str, counts: dict[str, int]) -> list[DeadLetter]:
        """Return what is known of the article's dead letters that were not replayed, newest first."""
        where = _home(DEAD_LETTERS.named(self._prefix), key, counts)
        if where is None:
            return []
        records = await view.records({where: await self._span(view, where)})
        replayed = {header(record.headers, DL_RESOLVES) for record in records}
        found = []
        for record in reversed(records):
            if record.key == key.encode() and f"{record.partition}:{record.offset}" not in replayed:
                try:
                    found.append(DeadLetter.from_headers(record.headers))
                except ContractError:
                    continue
        return found

    async def _span(self, view: KafkaView, where: TopicPartition) -> Span:
        beginning, end = (await view.beginnings([where]))[where], (await view.ends([where]))[where]
        return max(beginning, end - self._limit), end


def _home(topic: str, key: str, counts: dict[str, int]) -> TopicPartition | None:
    numbers = list(range(counts.get(topic, 0)))
    return TopicPartition(topic, _partition_of(key.encode(), numbers, numbers)) if numbers else None


def _journey(
    key: str,
    parsed: Sequence[Record],
    enriched: Sequence[Record],
    letters: Sequence[DeadLetter],
    groups: Sequence[GroupReport],
    limit: int,
) -> Journey:
    articles = _read(Article, parsed)
    results = _read(EnrichedArticle, enriched)
    newest = articles[0][1] if articles else results[0][1].article if results else None
    readers = [reading for records in (parsed, enriched) if records for reading in _readings(records[0], groups)]
    failures = [f"{letter.group}: {letter.error_type}: {letter.error_message}" for letter in letters]
    done = newest is not None and any(each.article.content_hash == newest.content_hash for _, each in results)
    state, reason = _state(newest, done=done, failures=failures, readers=readers, limit=limit)
    return Journey(
        id=key,
        state=state,
        reason=reason,
        url=newest.url if newest else None,
        title=newest.title if newest else None,
        published=newest.published if newest else None,
        fetched=newest.fetched if newest else None,
        parsed=[_sighting(record, article, None) for record, article in articles],
        enriched=[_sighting(record, each.article, each.revision) for record, each in results],
        failures=failures,
        readers=readers,
        seconds=_seconds(articles, results),
    )


def _state(
    newest: Article | None, *, done: bool, failures: Sequence[str], readers: Sequence[Reading], limit: int
) -> tuple[JourneyState, str]:
    if done:
        return "enriched", "enriched with its newest content"
    if failures:
        return "failed", f"a dead letter: {failures[0]}"
    if newest is None:
        return "unknown", f"no record of it among the last {limit:,} of its partition in each topic"
    waiting = [each for each in readers if not each.passed]
    if waiting:
        before = ", ".join(f"{each.group} has {each.behind:,} offsets to go" for each in waiting)
        return "waiting", f"in {waiting[0].topic}: {before}"
    if readers:
        return "unknown", "every group has read it, and what came of it is older than the records looked at"
    return "waiting", "parsed, and no group reads it"


def _read(model: type[ModelT], records: Sequence[Record]) -> list[tuple[Record, ModelT]]:
    found = []
    for record in records:
        try:
            if record.value is not None:
                found.append((record, model.from_bytes(record.value)))
        except ContractError:
            continue
    return found


def _sighting(record: Record, article: Article, revision: int | None) -> Sighting:
    trace = (header(record.headers, TRACEPARENT) or "").split("-")
    return Sighting(
        position=record.position,
        at=_written(record),
        content_hash=article.content_hash,
        revision=revision,
        trace_id=trace[1] if len(trace) == TRACEPARENT_PARTS else None,
    )


def _written(record: Record) -> datetime:
    return datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC)


def _readings(record: Record, groups: Sequence[GroupReport]) -> list[Reading]:
    found = []
    for group in groups:
        for each in group.partitions:
            if (each.topic, each.partition) == (record.topic, record.partition) and each.offset is not None:
                behind = max(0, record.offset + 1 - each.offset)
                found.append(Reading(group=group.group, topic=each.topic, passed=behind == 0, behind=behind))
    return found


def _seconds(
    articles: Sequence[tuple[Record, Article]], results: Sequence[tuple[Record, EnrichedArticle]]
) -> dict[str, float]:
    if not articles:
        return {}
    record, article = articles[0]
    spent = {"parse": (_written(record) - article.fetched).total_seconds()}
    if article.published is not None and article.published_precision == "second":
        spent = {"publish": (article.fetched - article.published).total_seconds()} | spent
    for result, enriched in results:
        if enriched.article.content_hash == article.content_hash:
            # The oldest record with this content is the one that the enriched article was made of.
            first = [each for each, other in articles if other.content_hash == article.content_hash][-1]
            spent["enrich"] = (_written(result) - _written(first)).total_seconds()
            break
    return {stage: round(seconds, 3) for stage, seconds in spent.items()}
