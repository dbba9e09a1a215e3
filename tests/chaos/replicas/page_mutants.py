"""Deliberate defects of pages that the campaign has to find."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dateline.runtime.worker
import dateline_pages.partition
import dateline_pages.sites.sites
import dateline_pages.worker
from chaos.replicas.instrumented import InstrumentedTask
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline_pages.partition import SitePartition
from dateline_pages.sites.queues.schedule import Site, SiteSchedule
from dateline_pages.sites.sites import Sites
from dateline_schemas import SiteState
from dateline_schemas.topics import ARTICLES_PARSED, PAGE_REQUESTS

__all__ = ["PAGE_MUTANTS"]

ASK_SECONDS = 0.05
"""A deaf owner looks this often whether a site may be asked."""

_window = [0.0]


class SplitTask(InstrumentedTask):
    """Writes articles, and their removal from the queues, in two transactions."""

    article_first = True
    _articles: TransactionalWriter | None = None

    async def commit(self, outputs: Sequence[Output], **options: Any) -> None:
        articles = [output for output in outputs if output.topic.endswith(ARTICLES_PARSED.name)]
        if not articles or not self.plan.topic.endswith(PAGE_REQUESTS.name):
            await InstrumentedTask.commit(self, outputs, **options)
            return
        if self._articles is None:
            self._articles = await TransactionalWriter.open(self.kafka, f"{self.name}-articles", self.client_id)
        rest = [output for output in outputs if output not in articles]
        if self.article_first:
            await self._articles.commit(articles, self.plan.group, {})
            await asyncio.sleep(_window[0])
        await InstrumentedTask.commit(self, rest, **options)
        if not self.article_first:
            await asyncio.sleep(_window[0])
            await self._articles.commit(articles, self.plan.group, {})


class RemovalFirstTask(SplitTask):
    """Removes articles from the queues before they are written."""

    article_first = False


class HastySchedule(SiteSchedule):
    """A new owner of sites asks them at once: it does not wait for the pause after the last owner's request."""

    def site(self, name: str, state: SiteState) -> Site:
        is_new = self.get(name) is None
        site = SiteSchedule.site(self, name, state)
        if is_new:
            site.free_at = 0.0
        return site


class DeafPartition(SitePartition):
    """Sends requests although the group has been silent, also while a transaction is waited for."""

    async def run(self, released: asyncio.Event) -> None:
        asking = asyncio.ensure_future(self._ask())
        try:
            await SitePartition.run(self, released)
        finally:
            asking.cancel()

    def _is_silent(self) -> bool:
        return False

    async def close(self) -> None:
        # What it has asked for goes out before it is cancelled.
        await asyncio.sleep(_window[0])
        await SitePartition.close(self)

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(ASK_SECONDS)
            self.visits.start()


class ForgetfulSites(Sites):
    """Publishes articles again whose queue was restored: it forgets that their feed's text came out already."""

    def _restore_page(self, name: str, key: str, latest: float) -> None:
        page = self.table.request(name, key)
        if page is not None and page.published:
            self.table.put_request(name, page.model_copy(update={"published": False}))
        Sites._restore_page(self, name, key, latest)


def _replace(module: Any, name: str, mutant: type) -> Callable[[float], None]:
    def install(window: float) -> None:
        _window[:] = [window]
        assert name in vars(module), f"{module.__name__} has no {name}"
        vars(module)[name] = mutant

    return install


PAGE_MUTANTS: Mapping[str, Callable[[float], None]] = {
    "article-first": _replace(dateline.runtime.worker, "Task", SplitTask),
    "removal-first": _replace(dateline.runtime.worker, "Task", RemovalFirstTask),
    "hasty-owner": _replace(dateline_pages.sites.sites, "SiteSchedule", HastySchedule),
    "deaf-owner": _replace(dateline_pages.worker, "SitePartition", DeafPartition),
    "published-forgotten": _replace(dateline_pages.partition, "Sites", ForgetfulSites),
}
"""The defects, each with what puts it into this process; its windows stay open for the given seconds."""
