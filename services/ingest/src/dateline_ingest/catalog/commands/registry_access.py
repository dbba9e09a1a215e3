"""What the verbs of `dateline feeds` share: the registry of the settings, and feeds by address."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from dateline.cli.printable import printable
from dateline.errors import DatelineError
from dateline.feeds.address import feed_record_key
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import Feed
from dateline_web.address import without_credentials

from dateline_ingest.catalog.registry import FeedRegistry
from dateline_ingest.settings import IngestSettings

__all__ = ["known_feeds", "open_registry"]


@asynccontextmanager
async def open_registry() -> AsyncIterator[tuple[FeedRegistry, IngestSettings]]:
    """Open the registry, and yield it with the settings of ingest."""
    kafka, layout, _, settings = prepare("feeds", KafkaSettings, TopicLayout, RuntimeSettings, IngestSettings)
    async with FeedRegistry.open(kafka, layout, settings.group) as registry:
        yield registry, settings


async def known_feeds(registry: FeedRegistry, urls: Iterable[str]) -> Mapping[bytes, Feed]:
    """Return the feeds at `urls` by key, in the order of `urls`.

    Raises:
        DatelineError: one of the addresses is not in the registry.
    """
    keys = {feed_record_key(url.strip()): url for url in urls}
    found = await registry.feeds(keys)
    missing = [printable(without_credentials(url)) for key, url in keys.items() if key not in found]
    if missing:
        raise DatelineError(f"no such feed: {', '.join(missing)}; `dateline feeds list` shows all feeds")
    return {key: found[key] for key in keys}
