"""What a topic is: its shape, its settings, its records."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Literal

from dateline_schemas.contract import Contract

__all__ = ["DEFAULT_PREFIX", "MIB", "Cleanup", "Family", "Topic", "part_key", "whole_key"]

DEFAULT_PREFIX = "dateline."
"""Prefix of every topic unless a setting says otherwise."""

MAX_NAME_LENGTH = 249
"""Longest name of a topic that Kafka takes."""

MIB = 1024 * 1024
"""Bytes of a mebibyte."""

Cleanup = Literal["delete", "compact", "compact,delete"]
"""Kafka's ways to clean a topic up."""


Family = Literal["articles", "feeds", ""]
"""Topics whose partitions belong together: what has a key is in the same partition of each."""


# Without slots: `event_type` is computed once for each topic, because it goes into every record.
@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic: its shape, its settings and what its records are.

    Attributes:
        name: Name without prefix.
        partitions: Number of partitions.
        cleanup: Kafka's `cleanup.policy`.
        retention: How long records are kept, None for ever; of a compacted topic, `delete` has to be part
            of its clean-up for this to count.
        max_message_bytes: Largest batch of records, after compression.
        key: What the key of a record is.
        model: Model of the value, None where the value is bytes as they came.
        event: Type of event (CloudEvents) without version.
        version: Major version of the schema.
        producers: Services that write it.
        consumers: Services that read it.
        description: What it is for.
        content_type: Media type of the value.
        segment: Age at which a segment is closed; only closed segments are cleaned up.
        segment_bytes: Size at which a segment is closed.
        family: Topics of one family have the same number of partitions, and a setting may say which; ""
            belongs to none.
        parts: Models of records that hold a part of what belongs to a key, by the part's name; their keys are
            those of `part_key`.
    """

    name: str
    partitions: int
    cleanup: Cleanup
    retention: timedelta | None
    max_message_bytes: int
    key: str
    model: type[Contract] | None
    event: str
    version: int
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    description: str
    content_type: str = "application/json"
    segment: timedelta = timedelta(days=1)
    segment_bytes: int = 256 * MIB
    family: Family = ""
    parts: tuple[tuple[str, type[Contract]], ...] = ()

    def named(self, prefix: str = DEFAULT_PREFIX) -> str:
        """Name of the topic in Kafka.

        Raises:
            ValueError: Kafka takes no such name.
        """
        name = prefix + self.name
        if len(name) > MAX_NAME_LENGTH or not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            raise ValueError(
                f"{name!r} is no name for a topic: up to {MAX_NAME_LENGTH} letters, digits, '.', '_' and '-'"
            )
        return name

    def for_group(self, group: str, *, usual: str | None = None) -> "Topic":
        """Return the topic of the same shape that belongs to `group`.

        Args:
            group: the group; its name is appended to the topic's.
            usual: the group that this topic itself belongs to, if it is the changelog of one.
        """
        return self if group == usual else replace(self, name=f"{self.name}.{group}")

    @cached_property
    def event_type(self) -> bytes:
        """Value of the header `ce_type`: type of event with the schema's major version."""
        return f"{self.event}.v{self.version}".encode()

    def config(self, *, replication_factor: int = 1) -> dict[str, str]:
        """Settings to create the topic with, all explicit.

        Args:
            replication_factor: Copies of each partition; all but one have to be in sync for a write.

        Returns:
            Kafka's names and values.
        """
        settings = {
            "cleanup.policy": self.cleanup,
            # As the producer sent it: a codec of the topic's own would make the broker pack batches again.
            "compression.type": "producer",
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": "CreateTime",
            "min.insync.replicas": str(max(1, replication_factor - 1)),
            "retention.ms": _milliseconds(self.retention),
            "retention.bytes": "-1",
            "segment.ms": _milliseconds(self.segment),
            "segment.bytes": str(self.segment_bytes),
            "unclean.leader.election.enable": "false",
        }
        if "compact" in self.cleanup:
            # Restoring reads the whole changelog: clean often, so that it stays about as long as its keys.
            settings["min.cleanable.dirty.ratio"] = "0.1"
            settings["delete.retention.ms"] = _milliseconds(timedelta(days=1))
        return settings


def part_key(key: bytes, name: str, number: int) -> bytes:
    """Return the key of a part that belongs to `key`: `KEY/NAME/NUMBER`."""
    return b"%b/%b/%d" % (key, name.encode(), number)


def whole_key(key: bytes) -> bytes:
    """Return the key that a part's key belongs to; a key that is no part's is its own."""
    return key.partition(b"/")[0]


def _milliseconds(duration: timedelta | None) -> str:
    return "-1" if duration is None else str(duration // timedelta(milliseconds=1))
