"""Chooses the tracer of a process by the environment variables of OpenTelemetry, and flushes it at the end."""

import contextlib
import os
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

from dateline.concurrency.threads import in_thread
from dateline.log import get_logger
from dateline.tracing.span import NO_TRACER, Tracer

__all__ = ["FLUSH_SECONDS", "is_wanted", "tracing"]

log = get_logger("dateline.tracing")

FLUSH_SECONDS = 3.0
"""At the end of a process, spans that wait are sent for at most this long."""

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Each of these variables switches the export on."""


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Return whether the environment asks for spans to be exported."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    # An empty variable counts as one that is not set.
    exporters = environment.get("OTEL_TRACES_EXPORTER") or "otlp"
    is_otlp = "otlp" in [each.strip() for each in exporters.split(",")]
    return is_otlp and any(environment.get(name, "").strip() for name in ENDPOINTS)


@contextlib.asynccontextmanager
async def tracing(service: str, version: str) -> AsyncIterator[Tracer]:
    """Yield the tracer of this process; when the block ends, spans that wait are sent.

    Args:
        service: the name of the service; its spans have `dateline-SERVICE`, unless `OTEL_SERVICE_NAME` names another.
        version: its version.
    """
    if not is_wanted(os.environ):
        yield NO_TRACER
        return
    try:
        # Importing it takes a tenth of a second, and nobody needs it who does not export.
        from dateline.tracing.open_telemetry import ExportingTracer, provider_of
    except ImportError as error:
        log.warning("spans are not exported: install dateline[otel], or unset " + ENDPOINTS[0], error=str(error))
        yield NO_TRACER
        return
    provider, is_ours = provider_of(service, version)
    try:
        yield ExportingTracer(provider, version)
    finally:
        await in_thread(_flush, provider, is_ours)


def _flush(provider: Any, is_ours: bool) -> None:
    """Send what waits; a collector that does not answer keeps nobody from stopping."""
    thread = threading.Thread(target=provider.shutdown if is_ours else provider.force_flush, daemon=True)
    thread.start()
    thread.join(FLUSH_SECONDS)
