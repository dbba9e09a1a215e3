"""Services that run beside each other with the same settings need different ports for `/metrics`."""

import asyncio
from pathlib import Path

import pytest
from dateline.pipeline.processes import Pipeline, metrics_ports


@pytest.mark.parametrize("port", [None, "0"])
def test_without_a_fixed_port_every_service_has_the_same_setting(
    port: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if port is not None:
        monkeypatch.setenv("DATELINE_RUNTIME__METRICS_PORT", port)
    assert metrics_ports(["enrich", "ingest"]) == {}


def test_a_fixed_port_is_the_first_of_as_many_as_there_are_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_RUNTIME__METRICS_PORT", "9464")
    assert metrics_ports(["enrich", "ingest", "pages"]) == {"enrich": 9464, "ingest": 9465, "pages": 9466}


async def test_a_service_is_started_with_its_own_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "told.py").write_text("import os\nprint(os.environ['DATELINE_RUNTIME__METRICS_PORT'])\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DATELINE_RUNTIME__METRICS_PORT", "9464")
    lines: dict[str, str] = {}
    both = asyncio.Event()

    def show(name: str, line: str) -> None:
        lines.setdefault(name, line)
        if len(lines) == 2:
            both.set()

    async with Pipeline(show=show) as pipeline:
        for name, port in metrics_ports(["enrich", "ingest"]).items():
            pipeline.start(name, "told", metrics_port=port)
        await asyncio.wait_for(both.wait(), 30)
    assert lines == {"enrich": "9464", "ingest": "9465"}
