"""The toolkit that Dateline services and plugged-in consumers are built with.

A consumer is a typed function:

    from dateline import consumer
    from dateline_schemas import EnrichedArticle

    @consumer(topic="articles.enriched", group="headlines")
    async def headlines(article: EnrichedArticle) -> None:
        print(article.article.title)

and `dateline run MODULE:headlines` runs it.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from dateline.errors import BatchError, DatelineError, PermanentError, StageError, TransientError

if TYPE_CHECKING:
    from dateline.consumer import Consumer, consumer
    from dateline.context import BatchContext, Context, Event
    from dateline.kafka.records import Record
    from dateline.runtime.state import State

__all__ = [
    "BatchContext",
    "BatchError",
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

MODULES = {
    "BatchContext": "dateline.context",
    "Consumer": "dateline.consumer",
    "Context": "dateline.context",
    "Event": "dateline.context",
    "Record": "dateline.kafka.records",
    "State": "dateline.runtime.state",
    "consumer": "dateline.consumer",
}
"""Where each public name is defined that is imported on first use, so that `dateline --help` need not wait for it."""


class _Package(ModuleType):
    """Keeps `dateline.consumer` the decorator: importing the module of that name would replace it."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in MODULES and isinstance(value, ModuleType):
            value = vars(value)[name]
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(MODULES[name]), name)
