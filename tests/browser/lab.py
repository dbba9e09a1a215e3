"""A pipeline to look at: `dateline up` in a folder of its own, with the articles and feeds of `seeds/`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from confluent_kafka import Producer
from dateline.pipeline.demo.served import free_port, served

__all__ = ["TOKEN", "WatchedPipeline", "a_watched_pipeline", "until"]

SEEDS = Path(__file__).parents[2] / "seeds"
"""The articles, feeds and pages that the pipeline gets."""

TOKEN = "token-of-the-browser-tests"
"""The token with which the pages' buttons work."""

PATIENCE_SECONDS = 150.0
"""What has not happened after this long does not happen; the machine may be busy."""


def until(what: str, holds: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPipeline:
    """A running `dateline up`."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    url: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run a verb of `dateline` on this pipeline and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "dateline", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def status(self) -> dict[str, Any]:
        """Return the report, empty while the service does not answer."""
        with contextlib.suppress(httpx.HTTPError):
            report: dict[str, Any] = httpx.get(f"{self.url}/status", timeout=10).json()
            return report
        return {}

    def records(self, topic: str) -> int:
        """Return the number of records of a topic that the report has."""
        topics = (self.status().get("pipeline") or {}).get("topics", [])
        return next((each["records"] for each in topics if each["name"].endswith(topic)), 0)

    def broker(self) -> psutil.Process:
        """Return the process of Kafka."""
        for each in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                # The guardian of the broker has its arguments, too.
                if each.name() == "java" and any("kafka.Kafka" in argument for argument in each.cmdline()):
                    return each
        raise AssertionError("the broker does not run")

    def log(self) -> str:
        """Return what the services have written."""
        return (self.folder / "up.log").read_text("utf-8", "replace")


@contextlib.contextmanager
def a_watched_pipeline(folder: Path) -> Iterator[WatchedPipeline]:
    """Start a pipeline with content; everything is stopped in the end."""
    with served(SEEDS / "feeds") as feeds, served(SEEDS / "pages") as site:
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")} | {
            "DATELINE_STATUS__PORT": str(port),
            "DATELINE_STATUS__TOKEN": TOKEN,
            "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "1",
            "DATELINE_INGEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PAGES__ALLOW_NETWORKS": "127.0.0.0/8",
            "DATELINE_PAGES__PAUSE_SECONDS": "0.2",
            "DATELINE_SINKS__RUN": json.dumps({"sqlite": {"kind": "sqlite", "target": f"{folder}/news.sqlite"}}),
        }
        with (folder / "up.log").open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dateline", "up"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        made = WatchedPipeline(folder=folder, process=process, url=f"http://127.0.0.1:{port}", environment=environment)
        try:
            _fill(made, feeds, site)
            yield made
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _fill(pipeline: WatchedPipeline, feeds: str, site: str) -> None:
    until("the start of the services", lambda: pipeline.status().get("status") in ("pass", "warn"))
    pipeline.command("ingest", str(SEEDS / "articles"))
    pipeline.command("feeds", "add", "--full-text", "never", f"{feeds}/coast-radio.xml", f"{feeds}/city-desk.xml")
    pipeline.command("feeds", "add", "--full-text", "always", f"{site}/harbour-post.xml")
    pipeline.command("feeds", "add", "--no-check", f"{feeds}/gone.xml")
    # No seed fails, so a record that is no article does.
    producer = Producer({"bootstrap.servers": pipeline.status()["kafka"]["bootstrap_servers"]})
    for number in range(3):
        producer.produce("dateline.articles.parsed", key=f"bad-{number}".encode(), value=b'{"title": "no article"}')
    producer.flush(60)
    until("the arrival of the seeds", lambda: pipeline.records("articles.enriched") >= 20)
    until("the dead letters", lambda: pipeline.status()["pipeline"]["dead_letters"]["open"] >= 3)
