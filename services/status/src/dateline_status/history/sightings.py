"""What a status service sees of the pipeline as figures of its own, so that one that is restarted has them again."""

from dataclasses import dataclass, field

from dateline.figures.catalog import KAFKA_ANSWERS, SEEN_DEAD_LETTERS, SEEN_LAG
from dateline.figures.meter import Meter

from dateline_status.report import GroupReport, StatusReport

__all__ = ["Sightings"]

MAX_GROUPS = 40
"""The lag of at most this many groups is kept."""

MAX_CHARACTERS = 4000
"""The names of these groups have at most this many characters together, so that they fit into a record."""

MAX_TEXT = 160
"""The text of an event has at most this many characters."""


@dataclass(slots=True)
class Sightings:
    """Keeps the gauges and the events of the service's meter up to date.

    Attributes:
        meter: the service's meter.
        own_groups: the groups of the pipeline that were seen last.
    """

    meter: Meter = field(default_factory=Meter)
    own_groups: frozenset[str] = frozenset()
    _answered: bool | None = None

    def note(self, report: StatusReport) -> None:
        """Note the latest report."""
        answers = report.kafka.reachable
        if self._answered is not None and answers != self._answered:
            if answers:
                self.meter.event("kafka-back", "Kafka answers again")
            else:
                self.meter.event("kafka-lost", (report.kafka.error or "Kafka does not answer")[:MAX_TEXT])
        self._answered = answers
        self.meter.gauge(KAFKA_ANSWERS).value = float(answers)
        if report.pipeline is None or not answers:
            return
        self.own_groups = frozenset(group.group for group in report.pipeline.groups if group.own)
        self.meter.gauge(SEEN_DEAD_LETTERS).value = float(report.pipeline.dead_letters.open)
        # Groups come and go, so their series do.
        self.meter.gauges.pop(SEEN_LAG, None)
        for group in _chosen(report.pipeline.groups):
            self.meter.gauge(SEEN_LAG, group=group.group).value = float(group.lag)


def _chosen(groups: list[GroupReport]) -> list[GroupReport]:
    """Return the pipeline's groups, and those of others with the greatest lag."""
    chosen, characters = [], 0
    for group in sorted(groups, key=lambda each: (not each.own, -each.lag, each.group))[:MAX_GROUPS]:
        characters += len(group.group)
        if characters > MAX_CHARACTERS:
            break
        chosen.append(group)
    return chosen
