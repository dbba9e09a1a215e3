"""Views of the pipeline's health and of an article's way, for a terminal."""

from collections.abc import Iterator

from dateline.duration import in_words
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dateline_status.articles.journey import AwaitedPage, Journey
from dateline_status.formatting import at_most, behind, clock, count
from dateline_status.report import GroupReport, HealthStatus, InstanceReport, PipelineReport, SinkReport, StatusReport

__all__ = ["journey_view", "plain_table", "short_view", "status_view"]

STYLES = {
    "pass": "green",
    "warn": "yellow",
    "fail": "bold red",
    "OK": "green",
    "WARN": "yellow",
    "STALL": "bold red",
    "STOP": "bold red",
    "alive": "green",
    "late": "yellow",
    "stopped": "dim",
    "failed": "bold red",
    "starting": "green",
    "running": "green",
    "retrying": "yellow",
    "silent": "bold red",
    "enriched": "green",
    "waiting": "yellow",
    "unknown": "dim",
}
"""The style of each verdict."""

HEADLINES: dict[HealthStatus, str] = {
    "pass": "The pipeline is healthy",
    "warn": "The pipeline runs, with warnings",
    "fail": "The pipeline needs help",
}
"""The headline for each status."""

PROBLEMS = 10
"""At most this many problems are shown."""


def status_view(report: StatusReport) -> RenderableType:
    """Return the problems, and then the services, groups, topics, dead letters and feeds."""
    return Group(*_parts(report))


def short_view(report: StatusReport) -> RenderableType:
    """Return the problems, the services and the sums."""
    parts = list(_headline(report))
    if report.pipeline is not None:
        parts += [Text(), _services(report.pipeline), Text(), _sums(report.pipeline)]
    return Group(*parts)


def journey_view(journey: Journey) -> RenderableType:
    """Return the state of an article, its records, the groups that read it, and the time of each stage."""
    return Group(*_journey_parts(journey))


def _journey_parts(journey: Journey) -> Iterator[RenderableType]:
    yield Text.assemble(("● ", STYLES[journey.state]), (journey.title or journey.id, "bold"), f"  {journey.reason}")
    if journey.url:
        yield Text(f"  {journey.url}", style="dim")
    if not journey.found:
        return
    if journey.page is not None:
        yield Text()
        yield from _page(journey.page)
    if journey.parsed or journey.enriched:
        yield Text()
    records = plain_table("record", "written", "revision", "content", "trace")
    for each in [*journey.enriched, *journey.parsed]:
        revision = "" if each.revision is None else str(each.revision)
        records.add_row(each.position, clock(each.at), revision, each.content_hash[:12], each.trace_id or "")
    if records.rows:
        yield records
    for failure in journey.failures:
        yield Text(f"  ! dead letter of {failure}", style="red")
    if journey.readers:
        yield Text()
        groups = plain_table("group", "", "topic")
        for reader in journey.readers:
            groups.add_row(reader.group, "past it" if reader.passed else behind(reader.behind), reader.topic)
        yield groups
    if journey.seconds:
        yield Text()
        yield Text("  ".join(f"{stage} {_spent(seconds)}" for stage, seconds in journey.seconds.items()), style="dim")


def _page(page: AwaitedPage) -> Iterator[RenderableType]:
    yield Text.assemble(("page ", "dim"), page.url)
    notes = [
        "published with its feed's text already" if page.published else "",
        f"published with its feed's text at {clock(page.deadline)}" if page.deadline and not page.published else "",
        f"not requested before {clock(page.due)}" if page.due else "",
        f"{page.attempts:,} request{'' if page.attempts == 1 else 's'} gave nothing" if page.attempts else "",
        f"dateline pages show {page.site}" if page.site else "",
    ]
    if any(notes):
        yield Text("  " + " · ".join(filter(None, notes)), style="dim")


def _spent(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 60 else in_words(seconds)


def _headline(report: StatusReport) -> Iterator[RenderableType]:
    yield Text.assemble(("● ", STYLES[report.status]), (HEADLINES[report.status], "bold"), "  ", _kafka(report))
    for problem in report.problems[:PROBLEMS]:
        yield Text(f"  ! {problem}", style="yellow" if report.status == "warn" else "red")
    if len(report.problems) > PROBLEMS:
        yield Text(f"  and {len(report.problems) - PROBLEMS} more", style="dim")
    if report.pipeline is not None and not report.kafka.reachable:
        age = (report.generated - report.pipeline.observed).total_seconds()
        yield Text(f"  The figures below are {in_words(age)} old.", style="dim")


def _parts(report: StatusReport) -> Iterator[RenderableType]:
    yield from _headline(report)
    if report.pipeline is None:
        return
    yield Text()
    yield _services(report.pipeline)
    yield Text()
    if report.pipeline.groups:
        yield _groups(report.pipeline.groups)
        yield Text()
    if report.pipeline.sinks:
        yield _sinks(report.pipeline.sinks)
        yield Text()
    yield _topics(report.pipeline)
    yield Text()
    yield _sums(report.pipeline)


def _kafka(report: StatusReport) -> tuple[str, str]:
    if report.kafka.reachable:
        return f"Kafka at {report.kafka.bootstrap_servers}", "dim"
    return f"Kafka at {report.kafka.bootstrap_servers} has been down since {clock(report.kafka.since)} UTC", "red"


def plain_table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns in `right` have their values on the right."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _services(pipeline: PipelineReport) -> Table:
    table = plain_table("service", "", "heartbeat", "partitions", "instance", right=("heartbeat", "partitions"))
    for service in pipeline.services:
        for number, each in enumerate(each for each in service.instances if not each.replaced):
            table.add_row(
                Text(service.service if number == 0 else "", style="bold"),
                Text(each.verdict, style=STYLES[each.verdict]),
                f"{in_words(each.silent_seconds)} ago",
                str(each.partitions or ""),
                _about(each),
            )
    if not pipeline.services:
        table.add_row(Text("no service has sent a heartbeat", style="yellow"))
    return table


def _about(instance: InstanceReport) -> Text:
    text = Text(instance.instance, style="dim")
    url = instance.details.get("url")
    if isinstance(url, str):
        text.append(f" {url}")
    if instance.reason:
        text.append(f" {instance.reason}", style="not dim")
    return text


def _groups(groups: list[GroupReport]) -> Table:
    table = plain_table("group", "", "lag", "members", "topic", right=("lag", "members"))
    for group in groups:
        table.add_row(
            Text(group.group, style="bold"),
            Text(group.verdict, style=STYLES[group.status]),
            at_most(group.lag, exact=group.exact),
            str(group.members),
            Text(", ".join(sorted({each.topic for each in group.partitions})), style="dim"),
        )
    return table


def _sinks(sinks: list[SinkReport]) -> Table:
    table = plain_table("sink", "", "written", "last write", "target", right=("written",))
    for sink in sinks:
        target = Text(f"{sink.kind} {sink.target}", style="dim")
        if sink.trouble:
            target.append(f" {sink.trouble}", style="not dim")
        table.add_row(
            Text(sink.group, style="bold"),
            Text(sink.state, style=STYLES.get(sink.state, "dim")),
            count(sink.records_written),
            clock(sink.last_write) if sink.last_write else "never",
            target,
        )
    return table


def _topics(pipeline: PipelineReport) -> Table:
    table = plain_table("topic", "", "records", "partitions", right=("records", "partitions"))
    for topic in pipeline.topics:
        word = "ok" if topic.status == "pass" else "differs" if topic.exists else "missing"
        table.add_row(
            Text(topic.name, style="bold"),
            Text(word, style=STYLES[topic.status]),
            at_most(topic.records, exact=topic.exact),
            str(topic.partitions),
        )
    return table


def _sums(pipeline: PipelineReport) -> Text:
    letters, feeds = pipeline.dead_letters, pipeline.feeds
    text = Text("dead letters ", style="dim")
    text.append(count(letters.open), style="not dim bold" if letters.recent == 0 else "not dim bold yellow")
    for each in letters.counts[:5]:
        text.append(f" · {each.group} {each.error_type} {count(each.count)}")
    text.append("\nfeeds ")
    text.append(count(feeds.total), style="not dim bold")
    for verdict, number in feeds.verdicts.items():
        text.append(f" · {count(number)} {verdict}")
    if pipeline.pages is not None:
        text.append("\npages ")
        text.append(count(pipeline.pages.waiting), style="not dim bold")
        text.append(f" articles wait · {count(pipeline.pages.sites)} sites · {count(pipeline.pages.looks)} later looks")
    return text
