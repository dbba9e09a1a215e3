"""The partition that a key belongs to."""

from aiokafka.partitioner import DefaultPartitioner

__all__ = ["partition_of"]

PARTITIONER = DefaultPartitioner()
"""The partitioner of this project's producers; that of Kafka's own clients gives the same partitions."""


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a record with this key, if the topic has this many partitions."""
    every = range(partitions)
    partition: int = PARTITIONER(key, every, every)
    return partition
