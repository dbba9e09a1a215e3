"""`dateline up` runs everything in the foreground, and leaves nothing running however it ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


class Up:
    """A running `dateline up` in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
        self.log = folder / "up.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dateline", "up"],
                cwd=folder,
                env=plain | {"DATELINE_STATUS__PORT": str(free_port()), **settings},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def wait_for(self, what: str, condition: Callable[[], object], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not happen; the log says:\n{self.text()}"
            time.sleep(0.1)

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def service(self, module: str) -> psutil.Process | None:
        for each in self.descendants():
            with contextlib.suppress(psutil.Error):  # it has just ended
                if module in each.cmdline():
                    return each
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A running `dateline up` whose services have their partitions."""
    made = Up(tmp_path)
    try:
        made.wait_for("the pipeline's start", lambda: made.text().count("partitions assigned") >= 2)
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_ctrl_c_stops_everything_and_leaves_nothing_running(up: Up) -> None:
    family = up.descendants()
    assert any("kafka.Kafka" in each.cmdline() for each in family)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(30) == 0, up.text()
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert "Traceback" not in up.text()
    assert "Fatal" not in up.text()


def test_services_and_broker_end_when_it_is_killed_with_sigkill(up: Up) -> None:
    family = up.descendants()
    up.process.kill()
    up.process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive


def test_a_service_that_dies_is_restarted(up: Up) -> None:
    first = up.service("dateline_enrich")
    assert first is not None
    first.kill()
    up.wait_for("the restart", lambda: (again := up.service("dateline_enrich")) and again.pid != first.pid)
    assert "ended with exit code -9; restarting it" in up.text()


def test_wrong_settings_of_all_services_are_reported_before_anything_is_started(tmp_path: Path) -> None:
    up = Up(
        tmp_path,
        DATELINE_ENRICH__ENRICHERS="dates,magic",
        DATELINE_INGEST__MAX_ITEMS="many",
        DATELINE_STATUS__PORT="99999",
        DATELINE_KAFKA__BOOTSTRAP_SERVRES="127.0.0.1:9092",
    )
    assert up.process.wait(60) == 2, up.text()
    assert "'magic' is not installed; available: dates, entities" in up.text()
    assert "DATELINE_INGEST__MAX_ITEMS='many'" in up.text()
    assert "DATELINE_STATUS__PORT='99999'" in up.text()
    assert "did you mean DATELINE_KAFKA__BOOTSTRAP_SERVERS?" in up.text()
    assert len(up.text().splitlines()) == 4
    assert list(tmp_path.iterdir()) == [up.log], "nothing was started"


def test_a_service_that_stops_itself_ends_everything_with_code_three(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        up = Up(tmp_path, DATELINE_STATUS__PORT=port)
        assert up.process.wait(60) == 3, up.text()
    assert f"DATELINE_STATUS__PORT={port}: cannot listen" in up.text()
    assert "status stopped (exit code 2); its last lines say why" in up.text()
