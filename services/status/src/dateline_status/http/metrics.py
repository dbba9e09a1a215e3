"""The report as metrics for Prometheus."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dateline_status.report import GroupReport, PageReport, PipelineReport, SinkReport, StatusReport
from dateline_status.verdicts.health import HEALTH_SEVERITY
from dateline_status.verdicts.judgement import VERDICT_SEVERITY

__all__ = ["ReportCollector"]


class ReportCollector(Collector):
    """Collects the metrics of one report."""

    def __init__(self, report: StatusReport) -> None:
        self._report = report

    def describe(self) -> list[Metric]:
        """Return nothing: otherwise the registry would collect everything once more to learn the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the report; without Kafka there are few."""
        report = self._report
        yield _gauge(
            "dateline_health", "Health of the pipeline: 0 pass, 1 warn, 2 fail.", HEALTH_SEVERITY[report.status]
        )
        yield _gauge("dateline_kafka_reachable", "Whether Kafka answers.", report.kafka.reachable)
        if report.pipeline is None:
            return
        pipeline = report.pipeline
        age = (report.generated - pipeline.observed).total_seconds()
        yield _gauge("dateline_observation_age_seconds", "Age of the snapshot that the other metrics show.", age)
        yield _gauge("dateline_observation_seconds", "Seconds that the last read of Kafka took.", pipeline.seconds)
        yield from _groups(pipeline.groups)
        yield from _services(pipeline)
        yield from _sinks(pipeline.sinks)
        yield from _topics(pipeline)
        yield from _letters_and_feeds(pipeline)
        if pipeline.pages is not None:
            yield from _pages(pipeline.pages)


def _groups(groups: list[GroupReport]) -> Iterator[Metric]:
    names = ["group", "topic", "partition"]
    lag = GaugeMetricFamily("dateline_group_lag_records", "Records that a group has yet to process.", labels=names)
    exact = GaugeMetricFamily(
        "dateline_group_lag_exact", "1 if the lag was counted, 0 if it is an upper bound.", labels=names
    )
    offset = GaugeMetricFamily("dateline_group_offset", "Next offset that a group will read.", labels=names)
    verdict = GaugeMetricFamily("dateline_group_verdict", "0 OK, 1 WARN, 2 STALL, 3 STOP.", labels=names)
    members = GaugeMetricFamily("dateline_group_members", "Members of a group.", labels=["group"])
    for group in groups:
        members.add_metric([group.group], group.members)
        for each in group.partitions:
            labels = [group.group, each.topic, str(each.partition)]
            verdict.add_metric(labels, VERDICT_SEVERITY[each.verdict])
            if each.lag is not None and each.offset is not None:
                lag.add_metric(labels, each.lag)
                exact.add_metric(labels, each.exact)
                offset.add_metric(labels, each.offset)
    yield from (lag, exact, offset, verdict, members)


def _services(pipeline: PipelineReport) -> Iterator[Metric]:
    instances = GaugeMetricFamily(
        "dateline_service_instances", "Instances of a service by verdict.", labels=["service", "verdict"]
    )
    silent = GaugeMetricFamily(
        "dateline_service_silent_seconds", "Seconds since any instance sent a heartbeat.", labels=["service"]
    )
    health = GaugeMetricFamily("dateline_service_health", "0 pass, 1 warn, 2 fail.", labels=["service"])
    for service in pipeline.services:
        health.add_metric([service.service], HEALTH_SEVERITY[service.status])
        for verdict in ("alive", "late", "stopped", "failed"):
            count = sum(each.verdict == verdict and not each.replaced for each in service.instances)
            instances.add_metric([service.service, verdict], count)
        # Not by instance: each start brings a new name, and a label must not have values without end.
        if silences := [each.silent_seconds for each in service.instances if not each.replaced]:
            silent.add_metric([service.service], min(silences))
    yield from (instances, silent, health)


def _sinks(sinks: list[SinkReport]) -> Iterator[Metric]:
    names = ["group", "kind"]
    written = GaugeMetricFamily(
        "dateline_sink_written_records", "Records that a sink has written since its start.", labels=names
    )
    last = GaugeMetricFamily(
        "dateline_sink_last_write_timestamp_seconds", "When a sink last wrote records.", labels=names
    )
    trouble = GaugeMetricFamily(
        "dateline_sink_trouble", "1 if a sink cannot write, has failed or has ended, otherwise 0.", labels=names
    )
    for sink in sinks:
        labels = [sink.group, sink.kind]
        written.add_metric(labels, sink.records_written)
        trouble.add_metric(labels, sink.trouble is not None or sink.state in ("failed", "silent"))
        if sink.last_write is not None:
            last.add_metric(labels, sink.last_write.timestamp())
    yield from (written, last, trouble)


def _topics(pipeline: PipelineReport) -> Iterator[Metric]:
    health = GaugeMetricFamily("dateline_topic_health", "0 pass, 1 warn, 2 fail.", labels=["topic"])
    records = GaugeMetricFamily("dateline_topic_records", "Records of a topic, or an upper bound.", labels=["topic"])
    ends = GaugeMetricFamily(
        "dateline_topic_end_offset", "Last stable offset of a partition.", labels=["topic", "partition"]
    )
    for topic in pipeline.topics:
        health.add_metric([topic.name], HEALTH_SEVERITY[topic.status])
        records.add_metric([topic.name], topic.records)
        for number, end in enumerate(topic.ends):
            ends.add_metric([topic.name, str(number)], end)
    yield from (health, records, ends)


def _letters_and_feeds(pipeline: PipelineReport) -> Iterator[Metric]:
    letters = GaugeMetricFamily(
        "dateline_dead_letters", "Dead letters that were not replayed.", labels=["group", "error_type"]
    )
    for count in pipeline.dead_letters.counts:
        letters.add_metric([count.group, count.error_type], count.count)
    feeds = GaugeMetricFamily("dateline_feeds", "Feeds by verdict.", labels=["verdict"])
    for verdict, number in pipeline.feeds.verdicts.items():
        feeds.add_metric([verdict], number)
    yield from (letters, feeds)


def _pages(pages: PageReport) -> Iterator[Metric]:
    yield _gauge("dateline_pages_waiting_articles", "Articles that wait for their pages.", pages.waiting)
    yield _gauge("dateline_pages_waiting_bytes", "Bytes of articles that wait for their pages.", pages.waiting_bytes)
    yield _gauge("dateline_pages_waiting_sites", "Sites that something waits for.", pages.sites)
    yield _gauge("dateline_pages_later_looks", "Later looks at pages that are planned.", pages.looks)
    yield _gauge("dateline_pages_visits", "Requests for pages that are under way.", pages.visits)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=float(value))
