"""`dateline up`: everything in the foreground, and nothing left behind however it ends."""

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
    """`dateline up`, working: the services have their partitions."""
    made = Up(tmp_path)
    try:
        made.wait_for("the pipeline's start", lambda: made.text().count("partitions assigned") >= 2)
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_ctrl_c_stops_everything_and_leaves_nothing_behind(up: Up) -> None:
    family = up.descendants()
    assert any("kafka.Kafka" in each.cmdline() for each in family)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(30) == 0, up.text()
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert "Traceback" not in up.text()
    assert "Fatal" not in up.text()


def test_killed_with_9_it_takes_services_and_broker_with_it(up: Up) -> None:
    family = up.descendants()
    up.process.kill()
    up.process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive


def test_a_service_that_dies_is_started_again(up: Up) -> None:
    first = up.service("dateline_enrich")
    assert first is not None
    first.kill()
    up.wait_for("the restart", lambda: (again := up.service("dateline_enrich")) and again.pid != first.pid)
    assert "ended with exit code -9; starting it again" in up.text()


def test_a_wrong_setting_of_a_service_ends_it_with_the_line_that_says_so(tmp_path: Path) -> None:
    up = Up(tmp_path, DATELINE_ENRICH__ENRICHERS="dates,magic")
    assert up.process.wait(60) == 3, up.text()
    assert "names 'magic', which no installed package brings; there are: dates, entities" in up.text()
