"""What every Dateline service and every plugged-in consumer is built from.

A consumer of one's own is a typed function:

    from dateline import consumer
    from dateline_schemas import EnrichedArticle

    @consumer(topic="articles.enriched", group="headlines")
    async def headlines(article: EnrichedArticle) -> None:
        print(article.article.title)

and `dateline run MODULE:headlines` runs it.
"""

from dateline.consumer import Consumer, Context, Event, consumer
from dateline.errors import DatelineError, PermanentError, StageError, TransientError
from dateline.kafka.records import Record
from dateline.runtime.state import State

__all__ = [
    "Consumer",
    "Context",
    "DatelineError",
    "Event",
    "PermanentError",
    "Record",
    "StageError",
    "State",
    "TransientError",
    "consumer",
]
