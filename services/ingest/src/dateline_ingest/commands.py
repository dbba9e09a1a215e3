"""`dateline ingest`."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import click
from dateline.errors import PermanentError
from dateline.service import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.topics import ensure_topics
from dateline_schemas import TOPICS, Article, Source

from dateline_ingest.address import without_credentials
from dateline_ingest.documents import Content
from dateline_ingest.feeds import FeedError, ParsedFeed
from dateline_ingest.fetcher import Fetcher, FetchError
from dateline_ingest.inputs import FeedAddress, inputs
from dateline_ingest.poll import feed_limits, read_feed
from dateline_ingest.problem import Problem
from dateline_ingest.publisher import ArticlePublisher
from dateline_ingest.reading import articles_of, contents_of, in_thread
from dateline_ingest.settings import IngestSettings

__all__ = ["ingest"]


@dataclass(slots=True)
class Tally:
    """What was done, for the last line."""

    published: int = 0
    failed: int = 0

    def fail(self, problem: Problem) -> None:
        """Report a problem and go on."""
        self.failed += 1
        click.echo(f"dateline ingest: {problem}", err=True)

    def end(self, done: str) -> None:
        """Print the summary; the exit code is 1 if anything failed."""
        click.echo(f"dateline ingest: {self.published} {done}, {self.failed} failed", err=True)
        if self.failed:
            raise SystemExit(1)


@click.command()
@click.argument("sources", metavar="PATH|URL|-...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Publish nothing; print what was read, one JSON object a line.")
def ingest(sources: tuple[str, ...], dry_run: bool) -> None:
    """Publish articles from files, folders, standard input (-) or a feed's address, once.

    A document is dated text (a first line `date 2024-06-27 Title`, then the body), an article or a list of
    articles as JSON, JSON Lines (fields: title, body, and if you have them id, url, published, authors,
    language, source), or a feed (RSS, Atom, JSON Feed). What cannot be published is named on standard error
    and the rest goes on; the exit code is then 1. --dry-run prints feeds as they were read and other articles
    as they would be published, and needs no Kafka.

    \b
    Example:
      dateline ingest seeds/articles https://news.example/rss.xml
      echo '{"title": "Talks resume", "body": "They met on June 11."}' | dateline ingest -
    """
    kafka, _, settings = prepare("ingest", KafkaSettings, RuntimeSettings, IngestSettings)
    tally = Tally()
    if dry_run:
        asyncio.run(_print(sources, settings, tally))
    else:
        asyncio.run(_publish(sources, kafka, settings, tally))
    tally.end("read" if dry_run else "published")


@dataclass(frozen=True, slots=True)
class _Read:
    """One content, with where it is from."""

    content: Content
    source: Source
    where: str


async def _read(arguments: Iterable[str], settings: IngestSettings) -> AsyncGenerator[_Read, None]:
    async with Fetcher.open(settings) as fetcher:
        for each in inputs(arguments):
            if isinstance(each, Problem):
                yield _Read(each, Source(kind="file", uri=each.where), each.where)
            elif isinstance(each, FeedAddress):
                yield await _fetch(fetcher, each.url, settings)
            else:
                async with aclosing(in_thread(partial(contents_of, each, settings))) as contents:
                    async for content in contents:
                        yield _Read(content, each.source, each.where)


async def _fetch(fetcher: Fetcher, address: str, settings: IngestSettings) -> _Read:
    where = without_credentials(address)
    source = Source(kind="feed", uri=where)
    try:
        fetched = await fetcher.fetch(address)
        feed = await asyncio.to_thread(read_feed, fetched, feed_limits(settings))
    except (FetchError, FeedError) as error:
        return _Read(Problem(where=where, what=str(error), remedy="check the address"), source, where)
    return _Read(feed, source, where)


async def _print(arguments: Iterable[str], settings: IngestSettings, tally: Tally) -> None:
    async with aclosing(_read(arguments, settings)) as found:
        async for each in found:
            if isinstance(each.content, ParsedFeed):
                tally.published += 1
                click.echo(_line(each.content.to_json()))
                continue
            for article in articles_of(each.content, each.source, each.where, datetime.now(UTC)):
                if isinstance(article, Problem):
                    tally.fail(article)
                else:
                    tally.published += 1
                    click.echo(article.to_bytes())


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


async def _publish(arguments: Iterable[str], kafka: KafkaSettings, settings: IngestSettings, tally: Tally) -> None:
    await ensure_topics(kafka, [TOPICS["articles.parsed"]])
    async with ArticlePublisher.open(kafka) as publisher, aclosing(_read(arguments, settings)) as found:
        async for each in found:
            for article in articles_of(each.content, each.source, each.where, datetime.now(UTC)):
                await _take(article, each.where, publisher, tally)
    tally.published = publisher.confirmed


async def _take(article: Article | Problem, where: str, publisher: ArticlePublisher, tally: Tally) -> None:
    if isinstance(article, Problem):
        tally.fail(article)
        return
    try:
        await publisher.publish(article)
    except PermanentError as error:
        tally.fail(Problem(where=where, what=str(error), remedy="split it"))
