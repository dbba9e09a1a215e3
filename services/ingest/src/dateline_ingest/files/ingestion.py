"""What `dateline ingest` does: reads documents and feeds once, and publishes their articles."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import click
from dateline.errors import PermanentError
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.pipeline.publisher import ArticlePublisher
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import Article, Source
from dateline_schemas.topics import ARTICLES_PARSED
from dateline_web.address import without_credentials
from dateline_web.client import WebClient
from dateline_web.errors import FetchError

from dateline_ingest.articles.documents import Content
from dateline_ingest.articles.event_source import EVENT_SOURCE
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.feeds import FeedError, ParsedFeed
from dateline_ingest.files.inputs import FeedAddress, inputs
from dateline_ingest.files.reading import articles_of, contents_of, read_ahead
from dateline_ingest.polling.feed_limits import feed_limits
from dateline_ingest.polling.fetched_feed import read_feed
from dateline_ingest.settings import IngestSettings

__all__ = ["ingest_sources"]


@dataclass(slots=True)
class IngestTally:
    """Counts for the summary line."""

    published: int = 0
    failed: int = 0

    def fail(self, problem: InputProblem) -> None:
        """Report a problem on standard error."""
        self.failed += 1
        click.echo(f"dateline ingest: {problem}", err=True)

    def end(self, done: str) -> None:
        """Print the summary, and exit with code 1 if anything failed."""
        click.echo(f"dateline ingest: {self.published} {done}, {self.failed} failed", err=True)
        if self.failed:
            raise SystemExit(1)


def ingest_sources(sources: tuple[str, ...], *, dry_run: bool) -> None:
    """Publish the articles of `sources`, or with `dry_run` only print them.

    Args:
        sources: paths, addresses of feeds, or `-` for standard input.
        dry_run: read everything, publish nothing; needs no Kafka.

    Raises:
        SystemExit: with code 1 when something could not be read or published; the rest was.
    """
    kafka, layout, _, settings = prepare("ingest", KafkaSettings, TopicLayout, RuntimeSettings, IngestSettings)
    tally = IngestTally()
    if dry_run:
        asyncio.run(_print(sources, settings, tally))
    else:
        asyncio.run(_publish(sources, kafka, layout, settings, tally))
    tally.end("read" if dry_run else "published")


Found = Article | ParsedFeed | InputProblem
"""What reading yields: articles, whole feeds in a dry run, and problems."""


async def _read(
    arguments: Iterable[str], settings: IngestSettings, *, whole_feeds: bool
) -> AsyncGenerator[tuple[Found, str], None]:
    """Yield the contents of the arguments, each with the name of its document."""
    async with WebClient.open(settings.client_options) as client:
        for each in inputs(arguments):
            if isinstance(each, InputProblem):
                yield each, each.where
                continue
            if isinstance(each, FeedAddress):
                where = without_credentials(each.url)
                content = await _fetch(client, each.url, where, settings)
                work = partial(_found, [content], Source(kind="feed", uri=where), where, whole_feeds)
            else:
                where = each.where
                work = partial(_found, contents_of(each, settings), each.source, where, whole_feeds)
            # Articles are hashed in that thread too: each hash releases the interpreter's lock, and on the event loop
            # would wait to get it back from the reader.
            async with aclosing(read_ahead(work)) as contents:
                async for found in contents:
                    yield found, where


def _found(contents: Iterable[Content], source: Source, where: str, whole_feeds: bool) -> Iterator[Found]:
    for content in contents:
        if whole_feeds and isinstance(content, ParsedFeed):
            yield content
        else:
            yield from articles_of(content, source, where, datetime.now(UTC))


async def _fetch(client: WebClient, address: str, where: str, settings: IngestSettings) -> Content:
    try:
        fetched = await client.fetch(address)
        return await asyncio.to_thread(read_feed, fetched, feed_limits(settings))
    except (FetchError, FeedError) as error:
        return InputProblem(where=where, what=str(error), remedy="check the address")


async def _print(arguments: Iterable[str], settings: IngestSettings, tally: IngestTally) -> None:
    async with aclosing(_read(arguments, settings, whole_feeds=True)) as contents:
        async for found, _where in contents:
            if isinstance(found, InputProblem):
                tally.fail(found)
                continue
            tally.published += 1
            line = found.to_bytes() if isinstance(found, Article) else _line(found.to_json())
            click.echo(line)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


async def _publish(
    arguments: Iterable[str], kafka: KafkaSettings, layout: TopicLayout, settings: IngestSettings, tally: IngestTally
) -> None:
    await ensure_topics(kafka, [layout.of(ARTICLES_PARSED)])
    async with (
        ArticlePublisher.open(kafka, client_id="dateline-ingest", source=EVENT_SOURCE) as publisher,
        aclosing(_read(arguments, settings, whole_feeds=False)) as contents,
    ):
        async for found, where in contents:
            if isinstance(found, Article):
                await _take(found, where, publisher, tally)
            elif isinstance(found, InputProblem):
                tally.fail(found)
    tally.published = publisher.confirmed


async def _take(article: Article, where: str, publisher: ArticlePublisher, tally: IngestTally) -> None:
    try:
        await publisher.publish(article)
    except PermanentError as error:
        tally.fail(InputProblem(where=where, what=str(error), remedy="split it"))
