"""The groups that exist, and the partitions that they read."""

from dateline.kafka.records import Record
from dateline_schemas import GroupOffset

from dateline_status.tables.values import read_value

__all__ = ["GroupTable"]


class GroupTable:
    """The groups that exist, with their partitions and first offsets."""

    def __init__(self) -> None:
        self._offsets: dict[bytes, GroupOffset] = {}

    def fold(self, record: Record) -> None:
        """Add a record; a tombstone removes the partition from its group."""
        key = record.key or b""
        if record.value is None:
            self._offsets.pop(key, None)
            return
        offset = read_value(GroupOffset, record)
        if offset is not None:
            self._offsets[key] = offset

    def by_group(self) -> dict[str, list[GroupOffset]]:
        """Return the partitions of each group, sorted."""
        groups: dict[str, list[GroupOffset]] = {}
        for offset in sorted(self._offsets.values(), key=lambda each: (each.group, each.topic, each.partition)):
            groups.setdefault(offset.group, []).append(offset)
        return groups
