"""What all tasks of a group have in common: the input, the changelog, and where a new group begins."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dateline_schemas import Contract, Topic
from dateline_schemas.records.group_offset import GroupRole

from dateline.kafka.groups import PIPELINE_GROUPS
from dateline.kafka.offsets import Start
from dateline.kafka.reader import RESET
from dateline.runtime.state import State

__all__ = ["Changelog", "TaskPlan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """The topic that keeps a group's state; it has as many partitions as the input.

    Attributes:
        topic: its full name.
        model: the class of its values.
        lifetime: entries older than this have expired; None means that entries never expire.
    """

    topic: str
    model: type[Contract]
    lifetime: timedelta | None = None

    @classmethod
    def of(cls, topic: Topic, prefix: str) -> "Changelog":
        """Return the changelog that `topic` describes."""
        assert topic.model is not None, f"the changelog {topic.name} needs a model"
        lifetime = topic.retention if "delete" in topic.cleanup else None
        return cls(topic=topic.named(prefix), model=topic.model, lifetime=lifetime)

    def new_state(self, clock: Callable[[], float] = time.time) -> State[Any]:
        """Return an empty state for one partition."""
        return State(self.model, self.lifetime, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """What the tasks of a group have in common.

    Attributes:
        group: the consumer group.
        topic: full name of the input topic.
        groups_topic: full name of the topic with the markers of groups that were given their first offsets.
        changelog: where the state is kept; None for a group without state.
        start: where a new group begins; a time stands for the first record that is not older.
        reread: the input is a table. A task reads it from its beginning each time it is opened; the committed
            offset only shows how far the group is.
        placed: the position is kept outside Kafka. The owner of a task places its reader itself; the committed offset
            only shows how far the group is.
        remedy: what to do when retention has deleted the next records, in words.
        output: full name of the topic of its results, for people; None if there is none.
        role: whether the group is part of the pipeline, whose health it then decides; None goes by its name.
    """

    group: str
    topic: str
    groups_topic: str
    changelog: Changelog | None = None
    start: Start = "earliest"
    reread: bool = False
    placed: bool = False
    remedy: str = RESET
    output: str | None = None
    role: GroupRole | None = None

    @property
    def purpose(self) -> GroupRole:
        """The role, or the one that follows from the group's name."""
        return self.role or ("pipeline" if self.group in PIPELINE_GROUPS else "consumer")
