"""Configures logs: readable lines on a terminal, JSON elsewhere."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from dateline.kafka.connection import TROUBLE
from dateline.settings import RuntimeSettings

__all__ = ["configure_logging"]

WITHOUT_LOCALS = ExceptionDictTransformer(show_locals=False)
"""Tracebacks as JSON without the values of variables, which can be large or secret."""


def configure_logging(runtime: RuntimeSettings, service: str) -> None:
    """Send the logs of structlog and of the standard library to standard error."""
    level = logging.getLevelNamesMapping()[runtime.log_level.upper()]
    people = runtime.log_format == "console" or (runtime.log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
        structlog.processors.StackInfoRenderer(),
    ]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )
    last: list[Any] = (
        [_without_logger, console]
        if people
        else [structlog.processors.ExceptionRenderer(WITHOUT_LOCALS), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last], foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    # aiokafka logs errors that it retries itself; the runtime logs their outcome.
    kafka = logging.getLogger("aiokafka")
    kafka.setLevel(level if runtime.log_level == "debug" else logging.ERROR)
    kafka.propagate = runtime.log_level == "debug"
    if TROUBLE not in kafka.handlers:
        kafka.addHandler(TROUBLE)


def _without_logger(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("service", None)
    return event
