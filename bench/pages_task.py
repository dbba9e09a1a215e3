"""A task of `dateline-pages` in a simulation: the service's own rules and state, with a stand-in for Kafka."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dateline.kafka.records import Record
from dateline.runtime.state import State
from dateline_pages.metadata.merging import merged_article
from dateline_pages.sites.effects import SiteEffects
from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.sites import Sites
from dateline_pages.sites.visit import Visit
from dateline_schemas import Article, PageRequest, SiteState, Source, content_hash, retraction_of

from bench.pages_servers import TEASER, page_address
from bench.pages_world import Arrival

__all__ = ["START", "TaskRun", "request_of"]

START = datetime(2024, 6, 12, tzinfo=UTC).timestamp()
"""The start of the simulated day."""

ARTICLE = Article(
    id="x",
    source=Source(kind="feed", uri="https://feed.example/"),
    title="The council and the bridge",
    body="",
    fetched=datetime.fromtimestamp(START, UTC),
    content_hash="00000000",
)
"""The fields that all articles share."""


@dataclass(slots=True)
class TaskRun:
    """One task, with its changelog and what waits in its partition."""

    number: int
    limits: SiteLimits
    chance: random.Random
    now: float = 0.0
    opened: float = 0.0
    offset: int = 0
    committed: int = 0
    inbox: list[tuple[int, str, PageRequest]] = field(default_factory=list)
    changelog: dict[bytes, bytes] = field(default_factory=dict)
    records: Counter[str] = field(default_factory=Counter)
    record_bytes: int = 0
    running: dict[int, tuple[Visit, float, float]] = field(default_factory=dict)
    """Visits under way: the visit, its begin and its end."""
    wake: float = 0.0
    peak: Counter[str] = field(default_factory=Counter)
    state: State[SiteState] = field(init=False)
    sites: Sites = field(init=False)

    def open(self, at: float) -> None:
        """Take over the task: the state is what the changelog says."""
        self.now = self.opened = self.wake = at
        self.state = State(SiteState, clock=lambda: START + self.now)
        stamp = int((START + at) * 1000)
        self.state.restore(
            Record("page-state", self.number, offset, stamp, key, value)
            for offset, (key, value) in enumerate(self.changelog.items())
        )
        self.running.clear()
        self.sites = Sites(
            state=self.state,
            limits=self.limits,
            merge=merged_article,
            opened=START + at,
            chance=self.chance.random,
        )
        for _ in self.sites.restore():
            pass

    def receive(self) -> None:
        """Take the requests that have come."""
        for offset, site, request in self.inbox:
            self.sites.receive(site, request, number=offset, now=START + self.now)

    def commit(self) -> SiteEffects:
        """Commit what has changed, and return what was published with it."""
        effects = self.sites.take()
        for key, value in self.state.seal():
            part = key.decode().partition("/")[2].partition("/")[0] or "site"
            self.records[part if value is not None else f"{part} (tombstone)"] += 1
            self.record_bytes += len(key) + len(value or b"")
            if value is None:
                self.changelog.pop(key, None)
            else:
                self.changelog[key] = value
        self.state.keep()
        self.inbox.clear()
        schedule = self.sites.schedule
        found = {"waiting": schedule.requests, "waiting_bytes": schedule.bytes, "sites": len(schedule)}
        for name, size in found.items():
            self.peak[name] = max(self.peak[name], size)
        return effects


def request_of(arrival: Arrival) -> PageRequest:
    """Return the request that ingest sends for an item that a poll has found."""
    article = arrival.article
    at = datetime.fromtimestamp(START + arrival.at, UTC)
    url, title = page_address(article), f"{ARTICLE.title}, {article.number}"
    body = f"Teaser {article.number}, version {arrival.version}. {TEASER}"
    item = ARTICLE.model_copy(
        update={
            "id": f"{article.number}",
            "url": url,
            "title": title,
            "body": body,
            "content_hash": content_hash(title, body),
            "published": datetime.fromtimestamp(START + article.times[0], UTC),
            "published_precision": "second",
            "fetched": at,
            "observed": at,
            "text_from": "feed",
        }
    )
    is_deletion = arrival.version < 0
    return PageRequest(
        url=url,
        asked=at,
        article=retraction_of(item, at) if is_deletion else item,
        needed=not is_deletion,
        patient=arrival.is_patient and not is_deletion,
        feed=arrival.feed,
    )
