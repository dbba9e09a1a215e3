"""A partition as a target knows it: the key of the position that the target keeps."""

from dataclasses import dataclass

from dateline.errors import StageError

__all__ = ["SinkPlace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkPlace:
    """A partition of a topic of one Kafka cluster, read by one group.

    Group, topic and partition are the key of a position in the target. The cluster belongs to the position: an offset
    means nothing in another Kafka.

    Attributes:
        cluster_id: the id of the Kafka cluster.
        group: the consumer group.
        topic: full name of the topic.
        partition: number of the partition.
        owner: the process that opens it, for people who look into the target.
    """

    cluster_id: str
    group: str
    topic: str
    partition: int
    owner: str

    def check_cluster(self, found: str) -> None:
        """Compare the cluster that a target's position belongs to with this one.

        Raises:
            StageError: they differ.
        """
        if found != self.cluster_id:
            raise StageError(
                f"{self.name}: the target's position is of Kafka cluster {found}, and this is cluster "
                f"{self.cluster_id}; start the sink under another group, which begins where --from says, or "
                f"connect it to the cluster that it read before"
            )

    @property
    def name(self) -> str:
        """The place in one line, for messages."""
        return f"{self.group}: {self.topic}[{self.partition}]"
