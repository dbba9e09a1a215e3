"""Runs the `dateline` command as a user does, with settings in the environment."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from dateline.cli.main import main
from dateline_schemas import Article

__all__ = ["Command", "Ended"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    def json_lines(self) -> list[Any]:
        """Parse standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Command:
    """The `dateline` command on one Kafka, with a topic prefix of its own."""

    servers: str
    prefix: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:8]}.")
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Return the environment of the process, without the caller's Dateline settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
        return plain | {
            "DATELINE_KAFKA__BOOTSTRAP_SERVERS": self.servers,
            "DATELINE_KAFKA__TOPIC_PREFIX": self.prefix,
            "DATELINE_KAFKA__SESSION_TIMEOUT_SECONDS": "4",
            "DATELINE_KAFKA__TRANSACTION_TIMEOUT_SECONDS": "3",
            "DATELINE_RUNTIME__HEARTBEAT_SECONDS": "0.5",
            "COLUMNS": "200",
            **self.settings,
        }

    def run(self, *arguments: str, given: bytes = b"") -> Ended:
        """Run a verb in this process, since starting Python takes longer than most verbs."""
        before, path = dict(os.environ), list(sys.path)
        os.environ.clear()
        os.environ.update(self.environment())
        try:
            done = CliRunner().invoke(main, arguments, input=given, prog_name="dateline")
        finally:
            os.environ.clear()
            os.environ.update(before)
            sys.path[:] = path
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ended(done.exit_code, done.stdout, done.stderr)

    @contextmanager
    def running(
        self, *arguments: str, module: str = "dateline", cwd: Path = ROOT, log: Path | None = None
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a verb, or the service of `module`, until the block ends."""
        out = log.open("wb") if log else subprocess.DEVNULL
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=self.environment(),
            cwd=cwd,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if not isinstance(out, int):
                out.close()

    def publish(self, articles: Sequence[Article | bytes], topic: str = "articles.parsed") -> None:
        """Write articles or raw bytes to a topic, as a third-party producer would."""
        import asyncio

        from aiokafka import AIOKafkaProducer

        async def send() -> None:
            producer = AIOKafkaProducer(bootstrap_servers=self.servers)
            await producer.start()
            try:
                for each in articles:
                    key, value = (b"raw", each) if isinstance(each, bytes) else (each.id.encode(), each.to_bytes())
                    await producer.send_and_wait(f"{self.prefix}{topic}", key=key, value=value)
            finally:
                await producer.stop()

        asyncio.run(send())
