"""Searches for an article that waits for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka import TopicPartition
from dateline.kafka.records import Record
from dateline_schemas import ContractError, PageRequest, WaitingPage
from dateline_schemas.topics import PAGE_REQUESTS, PAGE_STATE

from dateline_status.articles.backward_search import newest_records, searched_span
from dateline_status.kafka.view import KafkaView
from dateline_status.report import GroupReport

__all__ = ["PageSearch", "PageTraces"]


USUAL_GROUP = "pages"
"""The group whose changelog is the registry's `page-state`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTraces:
    """What was found of an article that waits for its page."""

    site: str | None = None
    """The site whose queue it is in."""
    waiting: WaitingPage | None = None
    request: Record | None = None
    """The newest request for its page that no task has taken yet."""
    requested: PageRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSearch:
    """Searches the queues of sites and the requests for pages.

    Args:
        view: the Kafka to search.
        counts: the number of partitions of each topic.
        prefix: the prefix of topics.
        limit: number of offsets that are searched in each partition.
    """

    view: KafkaView
    counts: Mapping[str, int]
    prefix: str
    limit: int

    async def find(self, article: str, groups: Iterable[GroupReport]) -> PageTraces:
        """Return what waits for the page of an article; its site is not known, so all partitions are searched."""
        known = list(groups)
        request, requested = await self._request(article, known)
        site, waiting = await self._waiting(article, known)
        return PageTraces(site=site, waiting=waiting, request=request, requested=requested)

    async def _waiting(self, article: str, groups: list[GroupReport]) -> tuple[str | None, WaitingPage | None]:
        ending = f"/request/{article}".encode()
        for where in await self._changelogs(groups):
            span = await searched_span(self.view, where, self.limit)
            found = await newest_records(
                self.view, where, span, lambda record: record.key is not None and record.key.endswith(ending)
            )
            # A site that has handed the article over to another one has a tombstone.
            if found and found[0].key is not None and found[0].value is not None:
                try:
                    site = found[0].key.removesuffix(ending).decode("utf-8", "replace")
                    return site, WaitingPage.from_bytes(found[0].value)
                except ContractError:
                    continue
        return None, None

    async def _request(self, article: str, groups: list[GroupReport]) -> tuple[Record | None, PageRequest | None]:
        """Return the newest request that was not taken; those that were taken are in the queues."""
        for where in self._partitions(self._requests):
            floor, end = await searched_span(self.view, where, self.limit)
            span = max(floor, _committed(where, groups)), end
            found = await newest_records(self.view, where, span, lambda record: _requested(record, article) is not None)
            if found:
                return found[0], _requested(found[0], article)
        return None, None

    @property
    def _requests(self) -> str:
        return PAGE_REQUESTS.named(self.prefix)

    async def _changelogs(self, groups: list[GroupReport]) -> list[TopicPartition]:
        """Return the partitions of the changelogs: of the usual group, and of others that read the requests."""
        readers = {each.group for each in groups if any(part.topic == self._requests for part in each.partitions)}
        names = [
            PAGE_STATE.for_group(group, usual=USUAL_GROUP).named(self.prefix)
            for group in sorted(readers | {USUAL_GROUP})
        ]
        others = [name for name in names if name not in self.counts]
        existing = await self.view.existing() if others else frozenset()
        # The changelog of a group has as many partitions as the topic that the group reads.
        count = self.counts.get(self._requests, 0)
        more = [TopicPartition(name, number) for name in others if name in existing for number in range(count)]
        return [*(part for name in names for part in self._partitions(name)), *more]

    def _partitions(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(topic, number) for number in range(self.counts.get(topic, 0))]


def _requested(record: Record, article: str) -> PageRequest | None:
    """Return the request of a record, if it is for the article."""
    if record.value is None or article.encode() not in record.value:
        return None
    try:
        request = PageRequest.from_bytes(record.value)
    except ContractError:
        return None
    return request if request.article is not None and request.article.id == article else None


def _committed(where: TopicPartition, groups: Iterable[GroupReport]) -> int:
    """Return the first offset of a partition that not every group has read, 0 if no group reads it."""
    offsets = [
        each.offset
        for group in groups
        for each in group.partitions
        if (each.topic, each.partition) == (where.topic, where.partition) and each.offset is not None
    ]
    return min(offsets, default=0)
