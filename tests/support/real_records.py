"""Records of every topic that a pipeline has written, and what its own services and verbs add to them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from dateline.kafka.cluster import with_instance
from dateline.kafka.dead_letters import read_letters, replay_letters
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Record
from dateline.pipeline.layout import TopicLayout
from dateline_ingest.topics import state_topic
from dateline_ingest.websub.delivery import delivery_output
from dateline_pages.commands.sites.site_registry import SiteRegistry
from dateline_pages.topics import page_state_topic
from dateline_schemas import TOPICS, FeedDelivery, PageRequest, SiteSettings, Topic, feed_key
from dateline_schemas.headers import event_headers
from dateline_schemas.topics import ARTICLES_PARSED, DEAD_LETTERS, FEED_STATE, PAGE_STATE, SEEN
from support.pipeline_lab import PipelineLab
from support.relay_lab import eventually

__all__ = ["add_the_rare_ones", "records_of_every_topic"]


NO_ARTICLE = b"no-article"
"""Key of a record that is invalid on purpose."""


async def records_of_every_topic(lab: PipelineLab) -> Mapping[str, list[Record]]:
    """Return all records by the name of their topic in the registry, without the invalid article."""
    own: dict[str, Topic] = {
        SEEN.name: SEEN.for_group(f"{lab.pages.name}.enrich"),
        FEED_STATE.name: state_topic(lab.ingest.settings.group),
        PAGE_STATE.name: page_state_topic(lab.pages.settings.group),
    }
    found = {name: await lab.pages.records(own.get(name, topic)) for name, topic in TOPICS.items()}
    found[ARTICLES_PARSED.name] = [each for each in found[ARTICLES_PARSED.name] if each.key != NO_ARTICLE]
    return found


async def add_the_rare_ones(lab: PipelineLab, feed: str, sitemap: str) -> None:
    """Write, by the code of the services, records that an ordinary run may lack.

    A dead letter that is replayed and fails again, the call of a hub, decisions about a site that are withdrawn, a feed
    that is removed, and a sitemap that is asked for.
    """
    kafka = await with_instance(lab.ingest.kafka)
    now = datetime(2026, 6, 28, tzinfo=UTC)
    async with SiteRegistry.open(kafka, TopicLayout(), lab.pages.settings.group) as sites:
        await sites.decide("other.example", SiteSettings(site="other.example", blocked=True, changed=now))
        await sites.decide("other.example", None)
    delivery = FeedDelivery(kind="ping", at=now, hub="0123456789abcdef", topic=feed)
    output = delivery_output(feed_key(feed), delivery, kafka.topic_prefix, kafka.event_source("ingest"))
    headers = event_headers(ARTICLES_PARSED, id="1", source=kafka.event_source("test"), time=now)
    await lab.pages.write(
        [
            (output.topic, output.key, output.value, list(output.headers)),
            (ARTICLES_PARSED.named(kafka.topic_prefix), NO_ARTICLE, b"{}", headers),
        ]
    )
    await lab.ingest.remove(feed)
    await lab.pages.ask(PageRequest(kind="sitemap", url=sitemap, asked=now, patient=True))
    await _letters(lab, 1)
    offsets = await OffsetReader.connect(kafka, "test-letters")
    try:
        assert await read_letters(kafka, offsets)
        await replay_letters(kafka, offsets, lambda letter: True)
    finally:
        await offsets.close()
    await eventually("a sitemap in the state", partial(_sitemap, lab), 60.0)
    # The letter, the mark of its replay, and the letter of the replayed record.
    await _letters(lab, 3)


async def _sitemap(lab: PipelineLab) -> bool:
    records = await lab.pages.records(page_state_topic(lab.pages.settings.group))
    return any(b"/sitemap/" in (record.key or b"") and record.value is not None for record in records)


async def _letters(lab: PipelineLab, count: int) -> None:
    async def there() -> bool:
        return len(await lab.pages.records(DEAD_LETTERS)) >= count

    await eventually(f"{count} records in dead-letters", there, 60.0)
