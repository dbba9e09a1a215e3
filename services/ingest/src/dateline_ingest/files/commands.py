"""`dateline ingest`."""

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
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import TOPICS, Article, Source
from dateline_web.address import without_credentials
from dateline_web.client import Fetcher, FetchError

from dateline_ingest.articles.documents import Content
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.feeds import FeedError, ParsedFeed
from dateline_ingest.files.inputs import FeedAddress, inputs
from dateline_ingest.files.publisher import ArticlePublisher
from dateline_ingest.files.reading import articles_of, contents_of, read_ahead
from dateline_ingest.polling.poll import feed_limits, read_feed
from dateline_ingest.settings import IngestSettings

__all__ = ["ingest"]


@dataclass(slots=True)
class Tally:
    """What was done, for the last line."""

    published: int = 0
    failed: int = 0

    def fail(self, problem: InputProblem) -> None:
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


Found = Article | ParsedFeed | InputProblem
"""What reading yields: articles, or for a dry run whole feeds, and what is wrong."""


async def _read(
    arguments: Iterable[str], settings: IngestSettings, *, whole_feeds: bool
) -> AsyncGenerator[tuple[Found, str], None]:
    """Yield what the arguments hold, each with the name of its document."""
    async with Fetcher.open(settings) as fetcher:
        for each in inputs(arguments):
            if isinstance(each, InputProblem):
                yield each, each.where
                continue
            if isinstance(each, FeedAddress):
                where = without_credentials(each.url)
                content = await _fetch(fetcher, each.url, where, settings)
                work = partial(_found, [content], Source(kind="feed", uri=where), where, whole_feeds)
            else:
                where = each.where
                work = partial(_found, contents_of(each, settings), each.source, where, whole_feeds)
            # With hashing too: it lets go of the interpreter's lock, and beside a reader would wait for it each time.
            async with aclosing(read_ahead(work)) as contents:
                async for found in contents:
                    yield found, where


def _found(contents: Iterable[Content], source: Source, where: str, whole_feeds: bool) -> Iterator[Found]:
    for content in contents:
        if whole_feeds and isinstance(content, ParsedFeed):
            yield content
        else:
            yield from articles_of(content, source, where, datetime.now(UTC))


async def _fetch(fetcher: Fetcher, address: str, where: str, settings: IngestSettings) -> Content:
    try:
        fetched = await fetcher.fetch(address)
        return await asyncio.to_thread(read_feed, fetched, feed_limits(settings))
    except (FetchError, FeedError) as error:
        return InputProblem(where=where, what=str(error), remedy="check the address")


async def _print(arguments: Iterable[str], settings: IngestSettings, tally: Tally) -> None:
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


async def _publish(arguments: Iterable[str], kafka: KafkaSettings, settings: IngestSettings, tally: Tally) -> None:
    await ensure_topics(kafka, [TOPICS["articles.parsed"]])
    async with (
        ArticlePublisher.open(kafka) as publisher,
        aclosing(_read(arguments, settings, whole_feeds=False)) as contents,
    ):
        async for found, where in contents:
            if isinstance(found, Article):
                await _take(found, where, publisher, tally)
            elif isinstance(found, InputProblem):
                tally.fail(found)
    tally.published = publisher.confirmed


async def _take(article: Article, where: str, publisher: ArticlePublisher, tally: Tally) -> None:
    try:
        await publisher.publish(article)
    except PermanentError as error:
        tally.fail(InputProblem(where=where, what=str(error), remedy="split it"))
