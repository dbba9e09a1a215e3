"""What goes in: a topic of enriched articles with revisions, retractions, late letters and records that fail."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chaos.sinks.lanes import SINKS
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings
from dateline_schemas import Article, DateMention, EnrichedArticle, Entity, Interval, Mention, Source, content_hash
from dateline_schemas.headers import REPLAY_GROUP, event_headers
from dateline_schemas.records.entity import Link
from dateline_schemas.topics import ARTICLES_ENRICHED

__all__ = ["BEYOND_ALL", "BEYOND_POSTGRES", "UNREADABLE", "ArticleFeed"]

PAUSE_SECONDS = 0.08
"""Average time between two transactions, in seconds."""

FIRST = datetime(2026, 5, 1, 6, tzinfo=UTC)
"""The time of the first revision."""

STEP = timedelta(milliseconds=10)
"""The time between two revisions; what comes late has a time between two steps."""

BEYOND_POSTGRES, BEYOND_ALL = 2**40, 2**70
"""Numbers of revisions that the column of PostgreSQL, and the columns of all targets, cannot hold."""

UNREADABLE = (b"poison", b'{"poison": true}', None)
"""Values that no consumer can read."""

FEED = "article-feed"
"""The transactional id of the feed."""


@dataclass(slots=True, kw_only=True)
class ArticleFeed:
    """Writes transactions to `articles.enriched`, some of which it aborts.

    The checker takes from the broker's log what was committed, so a transaction of unknown outcome does no harm.
    """

    kafka: KafkaSettings
    rng: random.Random
    known: list[str] = field(default_factory=list)
    _step: int = 0
    _revisions: dict[str, int] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set."""
        writer: TransactionalWriter | None = None
        while not stop.is_set():
            try:
                writer = writer or await TransactionalWriter.open(self.kafka, FEED, FEED)
                await self._transact(writer)
            except Exception:  # noqa: BLE001 - the broker may be down: another writer settles the transaction
                if writer is not None:
                    await writer.close()
                writer = None
                await asyncio.sleep(0.3)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.rng.uniform(0.3, 1.7) * PAUSE_SECONDS)
        if writer is not None:
            await writer.close()

    async def _transact(self, writer: TransactionalWriter) -> None:
        outputs = [self._output() for _ in range(self.rng.choice((1, 3, 8, 20)))]
        if self.rng.random() < 0.04:
            await writer._begin()
            await writer._produce(outputs)
            await writer._producer.abort_transaction()
        else:
            await writer.commit(outputs, "none", {})

    def _output(self) -> Output:
        drawn = self.rng.random()
        self._step += 1
        time = FIRST + self._step * STEP
        headers = event_headers(ARTICLES_ENRICHED, id=f"{FEED}/{self._step}", source="/chaos", time=time)
        topic = ARTICLES_ENRICHED.named(self.kafka.topic_prefix)
        if drawn < 0.006:
            value = self.rng.choice(UNREADABLE)
            return Output(topic, f"poison-{self._step}".encode(), value, headers=tuple(headers))
        if drawn < 0.36 or not self.known:
            self.known.append(f"story-{len(self.known)}")
            story = self.known[-1]
        else:
            story = self.rng.choice(self.known[-200:])
        if drawn > 0.95:
            # Of a time that no revision has, and at times before the first revision of the story.
            time -= self.rng.randrange(1, min(self._step, 400) + 1) * STEP - STEP / 2
        if drawn > 0.92:
            headers.append((REPLAY_GROUP, self.rng.choice(SINKS).encode()))
        return Output(topic, story.encode(), self._article(story, time).to_bytes(), headers=tuple(headers))

    def _article(self, story: str, time: datetime) -> EnrichedArticle:
        revision = self._revisions[story] = self._revisions.get(story, 0) + 1
        drawn = self.rng.random()
        retracted = time if drawn < 0.05 else None
        if 0.05 < drawn < 0.056:
            revision = self.rng.choice((BEYOND_POSTGRES, BEYOND_ALL))
        nul = "\0" if 0.06 < drawn < 0.08 else ""
        name = f"Speaker {self.rng.randrange(50)}"
        title = "" if retracted else f"{name} {revision}{nul}"
        body = "" if retracted else f"{name} of {story} said it {self._step} times on 27 June 2024.{nul}"
        article = Article(
            id=story,
            source=Source(kind="push", uri="chaos"),
            title=title,
            body=body,
            fetched=time,
            content_hash=content_hash(title, body),
            retracted=retracted,
        )
        annotated = {} if retracted else {"entities": [_entity(name)], "dates": [_date(body)]}
        return EnrichedArticle(article=article, revision=revision, revised_at=time, **annotated)


def _entity(name: str) -> Entity:
    mentions = [Mention(field=each, start=0, end=len(name), text=name) for each in ("title", "body")]
    links = [Link(scheme="chaos", id=f"{name}/{n}", confidence=0.5) for n in range(2)]
    return Entity(id=name.lower(), type="person", name=name, mentions=mentions, links=links, salience=0.5)


def _date(body: str) -> DateMention:
    start = body.index("27 June 2024")
    return DateMention(
        field="body",
        start=start,
        end=start + len("27 June 2024"),
        text="27 June 2024",
        type="DATE",
        value="2024-06-27",
        interval=Interval(start="2024-06-27", end="2024-06-28"),
    )
