"""The definition of a topic: its shape, its settings and its records."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Literal

from dateline_schemas.contract import Contract

__all__ = ["DEFAULT_NAMESPACE", "DEFAULT_PREFIX", "MIB", "Cleanup", "Family", "Topic", "part_key", "whole_key"]

DEFAULT_PREFIX = "dateline."
"""Default prefix of every topic's name."""

DEFAULT_NAMESPACE = "org.dateline.consumer"
"""Default namespace of the types of events that are not in the registry."""

MAX_NAME_LENGTH = 249
"""Kafka accepts topic names of at most this length."""

MIB = 1024 * 1024
"""Bytes of a mebibyte."""

Cleanup = Literal["delete", "compact", "compact,delete"]
"""Kafka's cleanup policies."""

Family = Literal["articles", "feeds", "pages", ""]
"""A family of topics whose partitions correspond: a key is in the same partition of each."""


# Without slots: `event_type` is cached per topic, because every record has it.
@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic: its shape, its settings and its records.

    Attributes:
        name: name without prefix.
        partitions: number of partitions.
        cleanup: Kafka's `cleanup.policy`.
        retention: time that records are kept, None for no limit; it applies to a compacted topic only if its cleanup
            policy includes `delete`.
        max_message_bytes: largest batch of records, after compression.
        key: description of the record key.
        model: model of the value, None if the value is arbitrary bytes.
        event: type of event (CloudEvents) without version. A type that begins with a dot is completed by a namespace
            when an event is written; readers accept it in any namespace.
        version: major version of the schema.
        producers: services that write it.
        consumers: services that read it.
        description: purpose of the topic.
        content_type: media type of the value.
        segment: age at which a segment is closed; only closed segments are cleaned up.
        segment_bytes: size at which a segment is closed.
        family: topics of one family have the same number of partitions, which a setting may change; "" means no
            family.
        events: whether each record is an event, with the headers of CloudEvents; the records of other topics need no
            headers.
        parts: models of the records that hold a part of a key's value, by the part's name; their keys are those of
            `part_key`.
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
    events: bool = True
    parts: tuple[tuple[str, type[Contract]], ...] = ()

    def named(self, prefix: str = DEFAULT_PREFIX) -> str:
        """Return the name of the topic in Kafka.

        Raises:
            ValueError: Kafka does not accept the name.
        """
        name = prefix + self.name
        if len(name) > MAX_NAME_LENGTH or not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            raise ValueError(
                f"{name!r} is not a valid topic name: at most {MAX_NAME_LENGTH} letters, digits, '.', '_' and '-'"
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
        """Value of the header `ce_type`: the type of event with the schema's major version."""
        return self.event_type_in(DEFAULT_NAMESPACE)

    def event_type_in(self, namespace: str) -> bytes:
        """Return the value of `ce_type` for a type that `namespace` completes; other types are the same in all."""
        return f"{namespace if self.event.startswith('.') else ''}{self.event}.v{self.version}".encode()

    def has_event(self, name: str) -> bool:
        """Return whether `name` is this topic's type of event without version, in any namespace."""
        return name.endswith(self.event) if self.event.startswith(".") else name == self.event

    def config(self, *, replication_factor: int = 1) -> dict[str, str]:
        """Return the settings to create the topic with.

        Args:
            replication_factor: replicas of each partition; a write needs all but one in sync.

        Returns:
            Kafka's names and values.
        """
        settings = {
            "cleanup.policy": self.cleanup,
            # Keep the producer's codec; another one would make the broker compress every batch again.
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
            # Restoring reads the whole changelog: compact often, so that it has few records more than keys.
            settings["min.cleanable.dirty.ratio"] = "0.1"
            settings["delete.retention.ms"] = _milliseconds(timedelta(days=1))
        return settings


def part_key(key: bytes, name: str, part: int | str) -> bytes:
    """Return the key of a part that belongs to `key`: `KEY/NAME/PART`."""
    return f"/{name}/{part}".encode().join((key, b""))


def whole_key(key: bytes) -> bytes:
    """Return the key that a part's key belongs to; a key that is not a part's is returned unchanged."""
    return key.partition(b"/")[0]


def _milliseconds(duration: timedelta | None) -> str:
    return "-1" if duration is None else str(duration // timedelta(milliseconds=1))
