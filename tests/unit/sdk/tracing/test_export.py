"""When spans are exported, and that nothing of OpenTelemetry is loaded otherwise."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog
from dateline.tracing import export
from dateline.tracing.export import is_wanted, tracing
from dateline.tracing.span import NO_TRACER

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
URL = "http://127.0.0.1:4318"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({ENDPOINT: URL}, True),
        ({ENDPOINT: ""}, False),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": URL}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": URL}, False),
        ({ENDPOINT: URL, "OTEL_SDK_DISABLED": "True"}, False),
        ({ENDPOINT: URL, "OTEL_SDK_DISABLED": "false"}, True),
        ({ENDPOINT: URL, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({ENDPOINT: URL, "OTEL_TRACES_EXPORTER": ""}, True),
        ({ENDPOINT: URL, "OTEL_TRACES_EXPORTER": "console, otlp"}, True),
    ],
)
def test_variables_of_opentelemetry_decide(environment: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environment) is wanted


PROGRAM = """
import asyncio, sys
import dateline.service.workers, dateline.sink.running, dateline_pages.worker, dateline_enrich.stage
from dateline.tracing.export import tracing

async def main():
    async with tracing("test", "1") as tracer:
        loaded = [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]
        print(tracer.is_exporting, len(loaded) > 0)

asyncio.run(main())
"""


@pytest.mark.parametrize(("endpoint", "printed"), [(None, "False False"), (URL, "True True")])
def test_opentelemetry_is_loaded_only_if_spans_are_exported(endpoint: str | None, printed: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environment |= {} if endpoint is None else {ENDPOINT: endpoint}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == printed


@pytest.fixture
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as found:
        yield found


async def test_missing_extra_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, logs: list[structlog.typing.EventDict]
) -> None:
    monkeypatch.setenv(ENDPOINT, URL)
    monkeypatch.setitem(sys.modules, "dateline.tracing.open_telemetry", None)

    async with tracing("test", "1") as tracer:
        assert tracer is NO_TRACER

    assert ["dateline[otel]" in entry["event"] for entry in logs] == [True]


def test_collector_that_does_not_answer_delays_the_end_only_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "FLUSH_SECONDS", 0.01)
    never = threading.Event()

    class Hanging:
        def shutdown(self) -> None:
            never.wait(60)

    export._flush(Hanging(), True)

    never.set()
