"""The enrich service: `python -m dateline_enrich`."""

import asyncio
import sys

from dateline.concurrency.deadline import unless
from dateline.figures.meter import Meter
from dateline.kafka.topics import ensure_topics
from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare_service, run_service
from dateline.service.workers import run_consumer
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_enrich.enricher import load_enrichers
from dateline_enrich.settings import EnrichSettings
from dateline_enrich.stage import enrich_stage


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, layout, runtime, settings = prepare_service(
        "enrich", KafkaSettings, TopicLayout, RuntimeSettings, EnrichSettings
    )
    meter = Meter()
    stage = layout.of_consumer(enrich_stage(load_enrichers(settings.enrichers), meter).under(settings.group))
    if await unless(stop, ensure_topics(kafka, [*layout.of_registry(), *stage.topics()])) is None:
        return
    await run_consumer(stage, kafka, runtime, stop, service="enrich", role="pipeline", meter=meter)


if __name__ == "__main__":
    sys.exit(run_service(main))
