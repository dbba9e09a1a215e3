"""Judges consumer groups by their offsets, their lag and their progress."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka import TopicPartition
from dateline.kafka.offsets import Committed
from dateline_schemas import GroupOffset

from dateline_status.kafka.view import KafkaView
from dateline_status.report import GroupReport, HealthStatus, PartitionLag, SinkReport, Verdict
from dateline_status.settings import StatusSettings
from dateline_status.verdicts.judgement import VERDICT_SEVERITY, Judgement, ProgressWindow, Sample, judge
from dateline_status.verdicts.lag import LagMeter, RecordLag
from dateline_status.verdicts.ownership import OWN_SERVICES, started_by

__all__ = ["GroupWatch", "LogBounds"]

GROUP_STATUS: dict[Verdict, HealthStatus] = {"OK": "pass", "WARN": "warn", "STALL": "fail", "STOP": "fail"}
"""The health of the pipeline for each verdict on a group of its own."""

QUESTIONS = 16
"""At most this many groups are asked about at a time; each takes several requests, one after another."""

WAITS = 2
"""A sink has stalled when its offset has not moved for this many times as long as it gathers records."""

Members = Mapping[str, frozenset[TopicPartition]]
"""The partitions of each member of a group, by client id."""


@dataclass(frozen=True, slots=True)
class LogBounds:
    """The first offset and the end of each partition."""

    begins: Mapping[TopicPartition, int]
    ends: Mapping[TopicPartition, int]


@dataclass(frozen=True, slots=True)
class _Observation:
    """The members and offsets of a group at one moment, for its partitions that exist."""

    group: str
    members: Members
    committed: Mapping[TopicPartition, Committed | None]
    first: Mapping[TopicPartition, GroupOffset]


class GroupWatch:
    """Observes groups over time, so that a slow group can be told from a stuck one."""

    def __init__(self, settings: StatusSettings, meter: LagMeter) -> None:
        self._settings = settings
        self._meter = meter
        self._windows: dict[tuple[str, TopicPartition], ProgressWindow] = {}
        self._done: dict[tuple[str, TopicPartition], int] = {}

    async def observe(
        self,
        view: KafkaView,
        groups: Mapping[str, list[GroupOffset]],
        logs: LogBounds,
        at: float,
        *,
        own: frozenset[str],
        sinks: Mapping[str, SinkReport],
        lenient: bool,
    ) -> list[GroupReport]:
        """Observe every group once.

        Args:
            view: the Kafka to ask.
            groups: the partitions of each group.
            logs: first offsets and ends of their topics.
            at: seconds of a monotonic clock.
            own: the groups that belong to the pipeline.
            sinks: the sinks, by their groups.
            lenient: whether a group without members gets more time, since Kafka was down a moment ago.

        Returns:
            one report per group, in the given order.
        """
        observations = await self._observe_all(view, groups, logs)
        # Logs grow between the requests, so an offset may be after the end that was read before it.
        lags = await self._meter.measure(view, _positions(observations, logs))
        known = {(each.group, partition) for each in observations for partition in each.first}
        self._windows = {key: window for key, window in self._windows.items() if key in known}
        self._done = {key: offset for key, offset in self._done.items() if key in known}
        return [
            _group_report(
                each.group,
                groups[each.group],
                each.members,
                [
                    self._partition(each, partition, logs, lags, at, seconds=seconds, lenient=lenient)
                    for partition in each.first
                ],
                own=each.group in own,
                sink=sink,
            )
            for each in observations
            for sink in [sinks.get(each.group)]
            for seconds in [self._window_seconds(sink)]
        ]

    def _window_seconds(self, sink: SinkReport | None) -> float:
        """Return the length of a group's window: a sink that gathers records makes no progress meanwhile."""
        return max(self._settings.window_seconds, WAITS * sink.wait_seconds if sink else 0.0)

    async def _observe_all(
        self, view: KafkaView, groups: Mapping[str, list[GroupOffset]], logs: LogBounds
    ) -> list[_Observation]:
        slots = asyncio.Semaphore(QUESTIONS)

        async def ask(group: str, offsets: list[GroupOffset]) -> _Observation:
            async with slots:
                return await self._observe(view, group, offsets, logs)

        asking = [asyncio.ensure_future(ask(group, offsets)) for group, offsets in groups.items()]
        try:
            return await asyncio.gather(*asking)
        except BaseException:
            # The caller closes the view, which nobody may use then.
            for each in asking:
                each.cancel()
            await asyncio.wait(asking)
            raise

    async def _observe(self, view: KafkaView, group: str, offsets: list[GroupOffset], logs: LogBounds) -> _Observation:
        first = {TopicPartition(each.topic, each.partition): each for each in offsets}
        existing = {partition: each for partition, each in first.items() if partition in logs.ends}
        committed = await view.committed(group, list(existing))
        return _Observation(group, await view.members(group), committed, existing)

    def _partition(
        self,
        observed: _Observation,
        partition: TopicPartition,
        logs: LogBounds,
        lags: Mapping[tuple[TopicPartition, int], RecordLag],
        at: float,
        *,
        seconds: float,
        lenient: bool,
    ) -> PartitionLag:
        key = (observed.group, partition)
        members, committed, first = observed.members, observed.committed[partition], observed.first[partition]
        end, begin = logs.ends[partition], logs.begins[partition]
        owner = next((name for name, owned in members.items() if partition in owned), None)
        lag: RecordLag | None = None
        if committed is None:
            self._windows.pop(key, None)
            judgement = Judgement(
                "STOP", f"the group started at offset {first.offset}, and its committed offset is lost"
            )
        else:
            lag = lags[partition, max(committed.offset, begin)]
            window = self._windows.setdefault(key, ProgressWindow(seconds))
            window.seconds = seconds
            window.add(Sample(at=at, offset=committed.offset, lag=lag.records, owned=bool(members) or lenient))
            judgement = judge(window, stopped_seconds=self._settings.stopped_seconds)
            # A single deleted offset is the marker of the transaction that the group read last.
            if begin > max(committed.offset + 1, self._done.get(key, 0)):
                judgement = Judgement(
                    "STOP", f"retention deleted the offsets {committed.offset} to {begin - 1} before they were read"
                )
            elif lag.records == 0:
                self._done[key] = end
        return PartitionLag(
            topic=partition.topic,
            partition=partition.partition,
            offset=committed.offset if committed else None,
            end=end,
            lag=lag.records if lag else None,
            exact=lag.exact if lag else False,
            verdict=judgement.verdict,
            reason=judgement.reason,
            owner=owner,
            window=round(self._windows[key].share, 2) if key in self._windows else 0.0,
        )


def _positions(observations: Iterable[_Observation], logs: LogBounds) -> Iterable[tuple[TopicPartition, int, int]]:
    for observed in observations:
        for partition, committed in observed.committed.items():
            if committed is not None:
                yield partition, max(committed.offset, logs.begins[partition]), logs.ends[partition]


def _group_report(
    group: str,
    markers: list[GroupOffset],
    members: Members,
    partitions: list[PartitionLag],
    *,
    own: bool,
    sink: SinkReport | None,
) -> GroupReport:
    worst = max(partitions, key=lambda each: VERDICT_SEVERITY[each.verdict], default=None)
    alike = sum(worst is not None and each.verdict == worst.verdict for each in partitions) - 1
    reason = f"{worst.topic}[{worst.partition}]: {worst.reason}" if worst and worst.reason else None
    if reason and alike:
        reason += f" (and {alike} more like it)"
    verdict = worst.verdict if worst else "OK"
    started = started_by(markers)
    if reason and sink and sink.trouble:
        reason += f"; {sink.state}: {sink.trouble}"
    if verdict == "STOP" and not members:
        if not own:
            reason = f"{reason}; {started or 'a consumer'}; `dateline groups forget {group}` if it is no longer needed"
        elif group not in OWN_SERVICES:
            reason = f"{reason}; `dateline groups forget {group} --own` if it is no longer needed"
    has_ended = sink is not None and sink.state == "stopped" and sink.trouble is not None
    return GroupReport(
        group=group,
        own=own,
        started=started,
        verdict=verdict,
        # A sink whose target wants no more records, or that was taken out of the settings, has done its work.
        status=_status(verdict, fails=own and not has_ended),
        reason=reason,
        members=len(members),
        lag=sum(each.lag or 0 for each in partitions),
        exact=all(each.exact for each in partitions),
        partitions=partitions,
    )


def _status(verdict: Verdict, *, fails: bool) -> HealthStatus:
    status = GROUP_STATUS[verdict]
    return "warn" if status == "fail" and not fails else status
