"""Reads the pipeline's state from Kafka over one connection."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from aiokafka import TopicPartition
from dateline.kafka.records import Record
from dateline.kafka.topics import TopicReport
from dateline_schemas import GroupOffset

from dateline_status.feeds.directory import FeedDirectory
from dateline_status.kafka.view import KafkaView, Span
from dateline_status.report import HealthStatus, PipelineReport, TopicDifference, TopicState
from dateline_status.settings import StatusSettings
from dateline_status.tables.dead_letters import READ_LIMIT, LetterTable
from dateline_status.tables.groups import GroupTable
from dateline_status.tables.heartbeats import HeartbeatTable
from dateline_status.verdicts.groups import GroupWatch, LogBounds
from dateline_status.verdicts.lag import LagMeter, RecordLag
from dateline_status.verdicts.liveness import judge_services
from dateline_status.verdicts.ownership import own_groups, own_services
from dateline_status.verdicts.page_work import page_work
from dateline_status.verdicts.sinks import sink_reports

__all__ = ["Watch"]

FOLLOWED = ("heartbeats", "groups", "feeds", "feed-state", "dead-letters")
"""Topics whose records are read, named without prefix."""

SLICE = 200
"""After this many records, requests get their turn."""


class Watch:
    """The state read over one connection; after an outage a new watch reads everything again."""

    def __init__(
        self,
        view: KafkaView,
        settings: StatusSettings,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        after_outage: bool = False,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        self._view = view
        self._settings = settings
        self._now = now
        self._monotonic = monotonic
        self._progress = progress
        self._began = monotonic()
        self._after_outage = after_outage
        # Services could not send heartbeats while Kafka was down.
        self._heard_since = now() if after_outage else datetime.min.replace(tzinfo=now().tzinfo)
        self._topics: list[TopicReport] = []
        self._topics_at = 0.0
        self._existing: frozenset[str] = frozenset()
        self._followed: dict[TopicPartition, int] = {}
        self._first = True
        self._heartbeats = HeartbeatTable()
        self._group_offsets = GroupTable()
        self.feeds = FeedDirectory()
        self.letters = LetterTable()
        self._meter = LagMeter(settings.exact_lag_limit)
        self._groups = GroupWatch(settings, self._meter)

    async def read(self) -> PipelineReport:
        """Read everything once.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
            OSError: the connection is lost.
        """
        began = self._monotonic()
        await self._read_topics()
        partitions = [
            TopicPartition(report.name, number)
            for report in self._topics
            if report.exists
            for number in range(report.partitions)
        ]
        logs = await self._logs(partitions)
        await self._read_news(logs)
        groups = self._group_offsets.by_group()
        foreign = await self._foreign(groups, set(partitions))
        if foreign:
            more = await self._logs(foreign)
            all_logs = LogBounds({**logs.begins, **more.begins}, {**logs.ends, **more.ends})
        else:
            all_logs = logs
        # The topics first: the records read for them cover what the groups have left to do.
        sizes = await self._sizes(logs)
        now, at = self._now(), self._monotonic()
        lenient = self._after_outage and at - self._began < self._settings.stopped_seconds
        own = own_groups(groups, self._heartbeats)
        services = judge_services(
            self._heartbeats,
            now,
            self._settings,
            heard_since=self._heard_since,
            own=own_services(own, self._heartbeats),
        )
        sinks = sink_reports(
            self._heartbeats, now, self._settings, heard_since=self._heard_since, groups=groups.keys(), own=own
        )
        return PipelineReport(
            observed=now,
            groups=await self._groups.observe(self._view, groups, all_logs, at, own=own, sinks=sinks, lenient=lenient),
            sinks=list(sinks.values()),
            services=services,
            topics=[_topic_state(report, logs, sizes) for report in self._topics],
            dead_letters=self.letters.report(now, recent_seconds=self._settings.recent_seconds),
            feeds=self.feeds.report(),
            pages=page_work(services),
            seconds=round(self._monotonic() - began, 3),
        )

    async def _read_topics(self) -> None:
        due = self._monotonic() - self._topics_at >= self._settings.topics_seconds
        if due or not all(report.exists for report in self._topics) or not self._topics:
            self._topics = await self._view.topics()
            self._topics_at = self._monotonic()
            self._existing = frozenset()
            self._progress()

    async def _sizes(self, logs: LogBounds) -> dict[TopicPartition, RecordLag]:
        """Count the records of the topics of articles; the other topics change with every heartbeat and poll."""
        names = {report.name for report in self._topics if report.topic.name.startswith("articles.")}
        positions = [(p, logs.begins[p], end) for p, end in logs.ends.items() if p.topic in names]
        return {p: lag for (p, _), lag in (await self._meter.measure(self._view, positions)).items()}

    async def _logs(self, partitions: list[TopicPartition]) -> LogBounds:
        return LogBounds(await self._view.beginnings(partitions), await self._view.ends(partitions))

    async def _foreign(
        self, groups: Mapping[str, list[GroupOffset]], known: set[TopicPartition]
    ) -> list[TopicPartition]:
        """Return the partitions that groups read of existing topics outside the registry."""
        wanted = {TopicPartition(each.topic, each.partition) for offsets in groups.values() for each in offsets} - known
        own = {report.name for report in self._topics}
        wanted = {partition for partition in wanted if partition.topic not in own}
        if wanted and not self._existing:
            self._existing = await self._view.existing()
        return sorted(partition for partition in wanted if partition.topic in self._existing)

    async def _read_news(self, logs: LogBounds) -> None:
        names = {report.name: report.topic.name for report in self._topics if report.topic.name in FOLLOWED}
        spans: dict[TopicPartition, Span] = {}
        for partition, end in logs.ends.items():
            if partition.topic in names:
                begin = logs.begins[partition]
                if names[partition.topic] == "dead-letters" and partition not in self._followed:
                    self.letters.unread += max(0, end - READ_LIMIT - begin)
                    begin = max(begin, end - READ_LIMIT)
                spans[partition] = (self._followed.get(partition, begin), end)
        async for records in self._view.follow(spans):
            for number, record in enumerate(records, 1):
                self._fold(names[record.topic], record)
                partition = TopicPartition(record.topic, record.partition)
                self._followed[partition] = record.offset + 1
                if number % SLICE == 0 or number == len(records):
                    # A reader that has records at hand gives them without a pause, and requests wait for one.
                    await asyncio.sleep(0)
            self._progress()
        for partition, (begin, end) in spans.items():
            self._followed[partition] = max(begin, end, self._followed.get(partition, 0))
        self.letters.expire({p.partition: logs.begins[p] for p in spans if names[p.topic] == "dead-letters"})
        self._first = False

    def _fold(self, topic: str, record: Record) -> None:
        if topic == "heartbeats":
            self._heartbeats.fold(record, self._now(), live=not self._first)
        elif topic == "groups":
            self._group_offsets.fold(record)
        elif topic == "feeds":
            self.feeds.fold_feed(record)
        elif topic == "feed-state":
            self.feeds.fold_state(record)
        else:
            self.letters.fold(record)


def _topic_state(report: TopicReport, logs: LogBounds, sizes: Mapping[TopicPartition, RecordLag]) -> TopicState:
    partitions = [TopicPartition(report.name, number) for number in range(report.partitions)]
    spans = {partition: logs.ends[partition] - logs.begins[partition] for partition in partitions}
    counted = [sizes.get(partition, RecordLag(span, exact=span == 0)) for partition, span in spans.items()]
    status: HealthStatus = "pass"
    if not report.exists or report.differences:
        status = "fail" if report.fatal else "warn"
    return TopicState(
        name=report.name,
        description=report.topic.description,
        exists=report.exists,
        partitions=report.partitions,
        records=sum(each.records for each in counted),
        exact=all(each.exact for each in counted),
        ends=[logs.ends[partition] for partition in partitions],
        status=status,
        differences=[
            TopicDifference(setting=key, wanted=wanted, found=found) for key, wanted, found in report.differences
        ],
    )
