"""The compose file under test, and a plain consumer on the host."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from containers.engine import EngineError, compose_command, docker, run
from dateline_schemas import Article, EnrichedArticle

__all__ = ["ComposeLab", "Outputs", "free_ports", "until"]

PATIENCE_SECONDS = 120.0
"""How long something may take that has to happen, on a machine that is busy."""


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def until(what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.3)


@dataclass(frozen=True, kw_only=True)
class ComposeLab:
    """One project of compose."""

    project: str
    environment: Mapping[str, str]
    servers: str
    status: str
    ingest: str

    def compose(self, *arguments: str, seconds: float = 120) -> str:
        """Run a command of compose, the demo's services included."""
        command = [*compose_command(), "--project-name", self.project, "--profile", "demo", *arguments]
        return run(command, seconds=seconds, environment=self.environment)

    def containers(self, service: str) -> list[str]:
        """Return the ids of a service's containers."""
        labels = [f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}"]
        filters = [word for label in labels for word in ("--filter", f"label={label}")]
        return docker(
            "ps", "--all", "--quiet", "--no-trunc", *filters, "--filter", "label=com.docker.compose.oneoff=False"
        ).split()

    def state(self, container: str) -> dict[str, Any]:
        """Return what the engine knows of a container's state."""
        found: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", container))
        return found

    def health(self, service: str) -> list[str]:
        """Return the health of each container of a service, or its state where it has no check."""
        states = [self.state(container) for container in self.containers(service)]
        return [state.get("Health", {}).get("Status", state["Status"]) for state in states]

    def until_healthy(self, service: str) -> None:
        """Wait until the only container of a service is healthy."""
        until(f"{service} is healthy", lambda: self.health(service) == ["healthy"])

    def logs(self, service: str) -> list[str]:
        """Return what each container of a service printed."""
        return [run(["sh", "-c", f"docker logs {each} 2>&1"], seconds=30) for each in self.containers(service)]

    def kill_process(self, container: str, module: str) -> None:
        """Kill a process in a container with signal 9, as it would be for want of memory."""
        wanted = f"tr '\\0' ' ' <$p/cmdline | grep -q '^python -m {module}'"
        find = f"for p in /proc/[0-9]*; do if {wanted}; then echo ${{p#/proc/}}; fi; done 2>/dev/null"
        pids = docker("exec", container, "sh", "-c", find).split()
        assert len(pids) == 1, pids
        docker("exec", container, "sh", "-c", f"kill -9 {pids[0]}")

    def show_logs(self) -> None:
        """Leave the last lines of every service in the test's report."""
        with contextlib.suppress(EngineError):
            print(self.compose("logs", "--no-color", "--tail", "40"), file=sys.stderr)


@dataclass
class Outputs:
    """Enriched articles as any consumer sees them: no code of Dateline's reads them here."""

    consumer: AIOKafkaConsumer
    servers: str
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    articles: list[EnrichedArticle] = field(default_factory=list)

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, servers: str) -> AsyncIterator[Self]:
        """Read the whole topic of a Kafka."""
        consumer = AIOKafkaConsumer(
            "dateline.articles.enriched",
            bootstrap_servers=servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            yield cls(consumer, servers)
        finally:
            await consumer.stop()

    async def read(self, seconds: float = 0.5) -> None:
        """Take what there is."""
        for records in (await self.consumer.getmany(timeout_ms=int(seconds * 1000))).values():
            for record in records:
                article = EnrichedArticle.from_bytes(record.value or b"")
                self.seen[article.article.id, article.revision] += 1
                self.titles[article.article.title] += 1
                self.articles.append(article)

    async def until(self, what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        """Read until `condition` holds, as long as now and then something further comes out."""
        deadline, before = time.monotonic() + seconds, len(self.seen)
        while not condition():
            if len(self.seen) > before:
                deadline, before = time.monotonic() + seconds, len(self.seen)
            assert time.monotonic() < deadline, f"nothing for {seconds:g} s until {what}; {before} came out"
            await self.read()

    async def hold_once(self, articles: Sequence[Article]) -> None:
        """Wait until all of `articles` came out, and something that was published after them; none may come twice."""
        wanted = {article.id for article in articles}
        await self.until(f"{len(wanted)} articles come out", lambda: wanted <= {id_ for id_, _ in self.seen})
        last = [an_article(f"Last {os.urandom(4).hex()}-{number}") for number in range(24)]
        await publish(self.servers, last)
        ids = {article.id for article in last}
        await self.until("the last articles come out", lambda: ids <= {id_ for id_, _ in self.seen})
        doubled = {key: count for key, count in self.seen.items() if count > 1}
        assert not doubled
        assert all((id_, 1) in self.seen for id_ in wanted)


def an_article(title: str) -> Article:
    """Return an article with something to find in it."""
    from support.articles import an_article as made

    url = f"https://news.example/{title.replace(' ', '-')}"
    return made(title, body=f"{title}: the talks in Tbilisi resume on June 11, said Nino Kvaratelia. " * 4, url=url)


async def publish(servers: str, articles: Sequence[Article]) -> None:
    """Put articles where enrich reads them, as some other producer would."""
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        sends = [
            await producer.send("dateline.articles.parsed", key=each.id.encode(), value=each.to_bytes())
            for each in articles
        ]
        await asyncio.gather(*sends)
    finally:
        await producer.stop()
