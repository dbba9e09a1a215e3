"""The enrich service: `python -m dateline_enrich`."""

import asyncio
import sys

from dateline.concurrency.deadline import unless
from dateline.kafka.topics import ensure_topics
from dateline.service.process import prepare, run_consumer, run_service
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline_schemas import TOPICS

from dateline_enrich.enricher import load_enrichers
from dateline_enrich.settings import EnrichSettings
from dateline_enrich.stage import enrich_stage


async def main(stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    kafka, runtime, settings = prepare("enrich", KafkaSettings, RuntimeSettings, EnrichSettings)
    stage = enrich_stage(load_enrichers(settings.enrichers))
    if await unless(stop, ensure_topics(kafka, TOPICS.values())) is None:
        return
    await run_consumer(stage, kafka, runtime, stop, group=settings.group, service="enrich")


if __name__ == "__main__":
    sys.exit(run_service(main))
