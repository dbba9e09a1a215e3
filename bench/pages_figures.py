"""What became of each article in a simulated day, and the figures of the day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from dateline_pages.sites.limits import SiteLimits
from dateline_pages.sites.sites import LATE

from bench.pages_task import TaskRun
from bench.pages_world import World, WorldArticle

__all__ = ["Simulated", "Story", "figures_of"]


@dataclass(slots=True)
class Story:
    """What became of an article."""

    article: WorldArticle
    asked: float | None = None
    """When the first poll found it."""
    is_patient: bool = False
    version: int = 0
    """The latest version that a feed has shown."""
    first: float | None = None
    """When it was published first."""
    text_from: str | None = None
    reason: str | None = None
    digests: list[str] = field(default_factory=list)
    """Content hashes of all publications."""
    visits: int = 0
    read_version: int | None = None
    """The version that was current when the page was read last."""
    last: str = ""
    """What the last request gave: `read`, `moved`, `failed` or `cut`."""
    fruitless: int = 0
    """Repetitions since the last text."""


class Simulated(Protocol):
    """What a simulation has counted."""

    world: World
    limits: SiteLimits
    longest_gap: float
    stories: dict[int, Story]
    tasks: list[TaskRun]
    broken: Counter[str]
    requests: Counter[str]
    needless: Counter[str]
    records: Counter[str]
    service_seconds: float
    restored_seconds: float
    peak_running: int


def figures_of(day: Simulated, wall_seconds: float, processor_seconds: float) -> Iterable[dict[str, Any]]:
    """Return what was measured in a run that took this time.

    Reading the processor's clock takes longer than many a step, so the service's share is that of the other clock.
    """
    service_seconds = processor_seconds * day.service_seconds / wall_seconds
    stories = [each for each in day.stories.values() if each.asked is not None]
    yield _requests(day, stories)
    yield from _delays(stories)
    yield from _texts(stories)
    yield _publications(day, stories)
    yield {"figure": "pages.day.broken", "rules": dict(day.broken), "all": day.broken.total()}
    yield _state(day, len(stories))
    yield {
        "figure": "pages.day.processor",
        "seconds": round(processor_seconds, 1),
        "of_the_service_seconds": round(service_seconds, 1),
        "milliseconds_an_article": round(1000 * service_seconds / len(stories), 2),
        "milliseconds_a_request": round(1000 * service_seconds / day.requests.total(), 2),
        "longest_restore_seconds": round(day.restored_seconds, 2),
    }


def _requests(day: Simulated, stories: list[Story]) -> dict[str, Any]:
    needless = day.needless + Counter({"fruitless repetitions": sum(each.fruitless for each in stories)})
    least = day.requests.total() - needless.total()
    return {
        "figure": "pages.day.requests",
        "sites": len(day.world.sites),
        "articles": len(stories),
        "requests": day.requests.total(),
        "least": least,
        "ratio": round(day.requests.total() / least, 3),
        "by_reason": dict(day.requests.most_common()),
        "needless": dict(needless.most_common()),
        "most_at_once": day.peak_running,
    }


def _publications(day: Simulated, stories: list[Story]) -> dict[str, Any]:
    longest = day.limits.max_deadline_seconds + day.longest_gap + 1
    waits = [(each.first or math.inf) - (each.asked or 0) for each in stories if not each.is_patient]
    return {
        "figure": "pages.day.published",
        "records": dict(day.records.most_common()),
        "lost": sum(each.first is None and not each.is_patient for each in stories),
        "patient_that_wait": sum(each.first is None and each.is_patient for each in stories),
        "longest_wait_seconds": round(max(waits, default=0), 1),
        "beyond_the_longest_deadline": sum(wait > longest for wait in waits),
        "waiting_at_the_end": sum(task.sites.schedule.requests for task in day.tasks),
    }


def _state(day: Simulated, articles: int) -> dict[str, Any]:
    parts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for task in day.tasks:
        for key, value in task.changelog.items():
            part = key.decode().partition("/")[2].partition("/")[0] or "site"
            parts[part] += 1
            sizes[part] += len(key) + len(value)
    records = sum((task.records for task in day.tasks), Counter[str]())
    return {
        "figure": "pages.day.state",
        "peak_of_a_task": {
            name: max(task.peak[name] for task in day.tasks) for name in ("waiting", "waiting_bytes", "sites")
        },
        "entries": dict(parts.most_common()),
        "kilobytes": {name: round(size / 1000) for name, size in sizes.most_common()},
        "kilobytes_a_site": round(sizes.total() / 1000 / len(day.world.sites), 1),
        "records_an_article": round(records.total() / articles, 2),
        "kilobytes_an_article": round(sum(task.record_bytes for task in day.tasks) / 1000 / articles, 1),
        "records": dict(records.most_common()),
    }


def _delays(stories: list[Story]) -> Iterable[dict[str, Any]]:
    groups: dict[str, list[float]] = {}
    for each in stories:
        if each.first is None or each.is_patient or each.asked is None:
            continue
        wait = each.first - each.asked
        kinds = ["all", f"text from {each.text_from}", *(["sites that work"] if each.article.site.works else [])]
        for kind in kinds:
            groups.setdefault(kind, []).append(wait)
    for kind, waits in sorted(groups.items()):
        waits.sort()
        yield {
            "figure": "pages.day.delay",
            "of": kind,
            "articles": len(waits),
            "p50_seconds": round(waits[len(waits) // 2], 1),
            "p95_seconds": round(waits[len(waits) * 95 // 100], 1),
            "p99_seconds": round(waits[len(waits) * 99 // 100], 1),
        }


def _texts(stories: list[Story]) -> Iterable[dict[str, Any]]:
    for name in ("all", "sites that work"):
        chosen = [each for each in stories if not each.is_patient and (name == "all" or each.article.site.works)]
        reasons = Counter(
            (each.reason or "").split(";")[0].split(":")[0] for each in chosen if each.text_from == "feed"
        )
        late = reasons[LATE]
        yield {
            "figure": "pages.day.texts",
            "of": name,
            "articles": len(chosen),
            "from_feed_percent": round(100 * reasons.total() / max(1, len(chosen)), 2),
            "late_percent": round(100 * late / max(1, len(chosen)), 2),
            "late_by_kind": dict(
                Counter(
                    f"{each.article.site.kind}/{each.article.fate}"
                    for each in chosen
                    if (each.reason or "").startswith(LATE)
                ).most_common(12)
            ),
            "reasons": dict(reasons.most_common(16)),
        }
