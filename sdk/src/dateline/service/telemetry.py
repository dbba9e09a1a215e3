"""Configures logs: readable lines on a terminal, JSON elsewhere."""

import logging
import sys
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

from dateline.kafka.connection import TROUBLE
from dateline.log import configure_now, configure_with
from dateline.settings import RuntimeSettings
from dateline.tracing.current import current_trace_id

__all__ = ["configure_logging"]

Event = MutableMapping[str, Any]
"""A message of structlog with its fields."""


def configure_logging(runtime: RuntimeSettings, service: str) -> None:
    """Send the logs of structlog and of the standard library to standard error.

    structlog itself is imported and configured with the first message.
    """
    level = logging.getLevelNamesMapping()[runtime.log_level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FirstMessage(handler))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    # aiokafka logs errors that it retries itself; the runtime logs their outcome.
    kafka = logging.getLogger("aiokafka")
    kafka.setLevel(level if runtime.log_level == "debug" else logging.ERROR)
    kafka.propagate = runtime.log_level == "debug"
    if TROUBLE not in kafka.handlers:
        kafka.addHandler(TROUBLE)
    configure_with(partial(_configure_structlog, runtime.log_format, level, service, handler))


class FirstMessage(logging.Formatter):
    """Formats the first message of the standard library: it configures structlog, which replaces this formatter."""

    def __init__(self, handler: logging.Handler) -> None:
        super().__init__()
        self._handler = handler

    def format(self, record: logging.LogRecord) -> str:
        """Return the message as the formatter of structlog writes it."""
        configure_now()
        return self._handler.format(record)


def _configure_structlog(log_format: str, level: int, service: str, handler: logging.Handler) -> None:
    import structlog
    from structlog.tracebacks import ExceptionDictTransformer

    people = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
        structlog.processors.StackInfoRenderer(),
    ]
    if people:
        console = structlog.dev.ConsoleRenderer(
            0, colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        last: list[Any] = [console]
    else:
        # Tracebacks without the values of variables, which can be large or secret.
        tracebacks = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        shared.insert(2, _with_service(service))
        last = [tracebacks, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last], foreign_pre_chain=shared
        )
    )


def _with_trace(_logger: Any, _name: str, event: Event) -> Event:
    """Add the id of the trace that is being worked on."""
    trace_id = current_trace_id()
    if trace_id is not None:
        event.setdefault("trace_id", trace_id)
    return event


def _with_service(service: str) -> Callable[[Any, str, Event], Event]:
    def add(_logger: Any, _name: str, event: Event) -> Event:
        event.setdefault("service", service)
        return event

    return add
