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
"""Time limit for an expected event, on a busy machine."""


def free_ports(count: int) -> list[int]:
    """Return free ports."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def until(what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `condition` holds; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.3)


@dataclass(frozen=True, kw_only=True)
class ComposeLab:
    """A running compose project."""

    project: str
    environment: Mapping[str, str]
    servers: str
    status: str
    ingest: str

    def compose(self, *arguments: str, seconds: float = 120) -> str:
        """Run a compose command, with the demo's profile."""
        command = [*compose_command(), "--project-name", self.project, "--profile", "demo", *arguments]
        return run(command, seconds=seconds, environment=self.environment)

    def containers(self, service: str) -> list[str]:
        """Return the ids of the containers of a service."""
        labels = [f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}"]
        filters = [word for label in labels for word in ("--filter", f"label={label}")]
        return docker(
            "ps", "--all", "--quiet", "--no-trunc", *filters, "--filter", "label=com.docker.compose.oneoff=False"
        ).split()

    def state(self, container: str) -> dict[str, Any]:
        """Return a container's state, as the engine reports it."""
        found: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", container))
        return found

    def health(self, service: str) -> list[str]:
        """Return the health of each container of a service, or its status if it has no health check."""
        states = [self.state(container) for container in self.containers(service)]
        return [state.get("Health", {}).get("Status", state["Status"]) for state in states]

    def until_healthy(self, service: str) -> None:
        """Wait until the only container of a service is healthy."""
        until(f"{service} is healthy", lambda: self.health(service) == ["healthy"])

    def logs(self, service: str) -> list[str]:
        """Return the output of each container of a service."""
        return [run(["sh", "-c", f"docker logs {each} 2>&1"], seconds=30) for each in self.containers(service)]

    def kill_process(self, container: str, module: str) -> None:
        """Kill a process in a container with signal 9, as the kernel does when memory runs out."""
        wanted = f"tr '\\0' ' ' <$p/cmdline | grep -q '^python -m {module}'"
        find = f"for p in /proc/[0-9]*; do if {wanted}; then echo ${{p#/proc/}}; fi; done 2>/dev/null"
        pids = docker("exec", container, "sh", "-c", find).split()
        assert len(pids) == 1, pids
        docker("exec", container, "sh", "-c", f"kill -9 {pids[0]}")

    def show_logs(self) -> None:
        """Print the last lines of every service for the test's report."""
        with contextlib.suppress(EngineError):
            print(self.compose("logs", "--no-color", "--tail", "40"), file=sys.stderr)


@dataclass
class Outputs:
    """The enriched articles as any consumer sees them, read without Dateline's code."""

    consumer: AIOKafkaConsumer
    servers: str
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    articles: list[EnrichedArticle] = field(default_factory=list)

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, servers: str) -> AsyncIterator[Self]:
        """Read the whole topic."""
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
        """Read the available records."""
        for records in (await self.consumer.getmany(timeout_ms=int(seconds * 1000))).values():
            for record in records:
                article = EnrichedArticle.from_bytes(record.value or b"")
                self.seen[article.article.id, article.revision] += 1
                self.titles[article.article.title] += 1
                self.articles.append(article)

    async def until(self, what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        """Read until `condition` holds; fail when nothing new arrives for `seconds`."""
        deadline, before = time.monotonic() + seconds, len(self.seen)
        while not condition():
            if len(self.seen) > before:
                deadline, before = time.monotonic() + seconds, len(self.seen)
            assert time.monotonic() < deadline, f"nothing for {seconds:g} s until {what}; {before} came out"
            await self.read()

    async def hold_once(self, articles: Sequence[Article]) -> None:
        """Wait for all of `articles` and for later ones, and assert that none arrives twice."""
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
    """Return an article with dates and entities."""
    from support.articles import an_article as made

    url = f"https://news.example/{title.replace(' ', '-')}"
    return made(title, body=f"{title}: the talks in Tbilisi resume on June 11, said Nino Kvaratelia. " * 4, url=url)


async def publish(servers: str, articles: Sequence[Article]) -> None:
    """Write articles to the input of enrich, as a third-party producer would."""
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
