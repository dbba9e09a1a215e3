"""A service stops on request, also while it waits for Kafka."""

import signal
import time
from pathlib import Path

import pytest
from dateline_broker.ports import free_ports
from support.command import Command


@pytest.mark.parametrize(
    ("module", "arguments"), [("dateline_enrich", []), ("dateline_ingest", []), ("dateline", ["run", "enrich"])]
)
def test_sigterm_ends_a_service_that_waits_for_its_topics(module: str, arguments: list[str], tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_ports(1)[0]}"
    log = tmp_path / "log"
    command = Command(nobody, settings={"DATELINE_ENRICH__ENRICHERS": "dates"})
    with command.running(*arguments, module=module, log=log) as process:
        until = time.monotonic() + 30
        while "Kafka does not answer" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == 0
