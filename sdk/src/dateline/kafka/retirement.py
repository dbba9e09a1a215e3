"""Retires a consumer group: its offsets, its changelog and its markers go, and what it wrote stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.errors import GroupIdNotFound, KafkaError, NoError, UnknownTopicOrPartitionError, for_code
from aiokafka.errors import NonEmptyGroup as NonEmptyGroupError
from aiokafka.protocol.admin import DeleteGroupsRequest
from dateline_schemas import TOPICS, GroupOffset
from dateline_schemas.topics import GROUPS

from dateline.concurrency.backoff import Backoff
from dateline.errors import DatelineError
from dateline.kafka.connection import client_options, discard, start_patiently, worth_a_retry
from dateline.kafka.groups import PIPELINE_GROUPS, group_markers
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Output
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings

__all__ = ["Retirement", "describe_retirement", "plan_retirement", "retire"]

CLIENT_ID = "dateline-forget"
"""The client id of all requests."""

ATTEMPTS = 8
"""A request is tried this often while a coordinator moves or loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """What forgetting a group removes, and what it leaves.

    Attributes:
        group: the group.
        markers: its marker on each partition.
        changelogs: full names of the topics with its state, which are deleted.
        outputs: full names of the topics that it wrote, which stay; empty if they are not known.
    """

    group: str
    markers: Sequence[GroupOffset]
    changelogs: Sequence[str]
    outputs: Sequence[str]

    @property
    def partitions(self) -> list[TopicPartition]:
        """The partitions that the group reads."""
        return sorted(TopicPartition(each.topic, each.partition) for each in self.markers)


def describe_retirement(plan: Retirement) -> list[str]:
    """Return what forgetting a group removes and leaves, one sentence a line."""
    if not plan.markers:
        return [f"{plan.group} is not known in this Kafka"]
    partitions = ", ".join(f"{each.topic}[{each.partition}]" for each in plan.partitions)
    lines = [
        f"{plan.group} reads {partitions}",
        f"deleted: its offsets{''.join(f', {each}' for each in plan.changelogs)}",
    ]
    if all(each.role is None for each in plan.markers):
        lines.append("an earlier version started it and did not note its changelog: if it has one, that topic stays")
    if plan.outputs:
        lines.append(f"stays: {', '.join(plan.outputs)}")
    return lines


async def plan_retirement(
    kafka: KafkaSettings, offsets: OffsetReader, group: str, *, own: bool = False, elsewhere: bool = False
) -> Retirement:
    """Return what forgetting `group` would remove.

    Args:
        kafka: the settings of Kafka.
        offsets: reads offsets and members.
        group: the group.
        own: allow a group that the pipeline started and that has another name than its services usually have, such as
            that of a sink which the settings do not name any more.
        elsewhere: allow a group that this Kafka does not know, because a target may know it from another one.

    Raises:
        DatelineError: there is no such group, it belongs to the pipeline, or it has members.
    """
    markers = (await group_markers(kafka, offsets)).get(group)
    if not markers and elsewhere:
        await _check_members(offsets, group)
        return Retirement(group=group, markers=(), changelogs=(), outputs=())
    if not markers:
        known = ", ".join(await group_markers(kafka, offsets)) or "none yet"
        raise DatelineError(f"no group {group!r} was ever started; known groups: {known}")
    roles = {each.role for each in markers}
    if group in PIPELINE_GROUPS and roles != {"consumer"}:
        raise DatelineError(
            f"{group!r} is a group of the pipeline itself, which would process everything again; "
            f"`dateline groups reset {group} --to earliest|latest` moves it"
        )
    if "pipeline" in roles and not own:
        raise DatelineError(
            f"the pipeline started {group!r}, as a service or as a sink that its settings name; "
            f"if they do not name it any more, give --own"
        )
    await _check_members(offsets, group)
    return Retirement(
        group=group,
        markers=markers,
        changelogs=await _changelogs(kafka, markers),
        outputs=sorted({each.output for each in markers if each.output}),
    )


async def retire(kafka: KafkaSettings, offsets: OffsetReader, plan: Retirement) -> None:
    """Fence the group on each partition, then delete its offsets, its changelogs, and last its markers.

    If this is broken off, the markers are still there, and it can be called again.

    Raises:
        DatelineError: the group has members again.
        KafkaError: a broker refuses.
        TransientError: Kafka does not answer in time.
    """
    for partition in plan.partitions:
        # A process that is frozen, and no member any more, cannot commit after this.
        name = f"{plan.group}-{partition.topic}-{partition.partition}"
        await (await TransactionalWriter.open(kafka, name, CLIENT_ID)).close()
    await _check_members(offsets, plan.group)
    await _delete_offsets(kafka, plan.group)
    await _delete_topics(kafka, plan.changelogs)
    if not plan.markers:
        return
    topic = GROUPS.named(kafka.topic_prefix)
    tombstones = [
        Output(topic=topic, key=GroupOffset.key_of(plan.group, each.topic, each.partition), value=None, partition=0)
        for each in plan.markers
    ]
    writer = await TransactionalWriter.open(kafka, f"{topic}-forget", CLIENT_ID)
    try:
        await writer.commit(tombstones, plan.group, {})
    finally:
        await writer.close()


async def _check_members(offsets: OffsetReader, group: str) -> None:
    members = await offsets.members(group)
    if members:
        raise DatelineError(
            f"group {group!r} has {len(members)} member{'s' if len(members) > 1 else ''}: "
            f"{', '.join(sorted(members))}; stop them first"
        )


async def _changelogs(kafka: KafkaSettings, markers: Sequence[GroupOffset]) -> list[str]:
    own = {topic.named(kafka.topic_prefix) for topic in TOPICS.values()}
    named = {each.changelog for each in markers if each.changelog}
    return sorted(named - own)


async def _delete_offsets(kafka: KafkaSettings, group: str) -> None:
    client = await start_patiently(lambda: _Client(kafka), "forget", kafka)
    backoff = Backoff(initial_seconds=0.1, longest_seconds=3.0, attempts=ATTEMPTS)
    try:
        while True:
            try:
                node = await client.inner.coordinator_lookup(CoordinationType.GROUP, group)
                response = await client.inner.send(
                    node, DeleteGroupsRequest([group]), group=ConnectionGroup.COORDINATION
                )
                for _group, code in response.results:
                    _check_deleted(group, code)
                return
            except (KafkaError, OSError, AssertionError) as error:
                if not worth_a_retry(error) or backoff.exhausted:
                    raise
                await backoff.pause()
    finally:
        await discard(client)


class _Client:
    """A bare client with the `start` and `stop` of the others."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self.inner = AIOKafkaClient(**client_options(kafka, CLIENT_ID))

    async def start(self) -> None:
        """Connect to a broker."""
        await self.inner.bootstrap()

    async def stop(self) -> None:
        """Close the connections."""
        await self.inner.close()


def _check_deleted(group: str, code: int) -> None:
    error = for_code(code)
    if error is NonEmptyGroupError:
        raise DatelineError(f"group {group!r} has got a member meanwhile; stop it first")
    # Offsets that are gone already were deleted by a run that was broken off, or have expired.
    if error not in (NoError, GroupIdNotFound):
        raise error(f"the offsets of group {group} are not deleted")


async def _delete_topics(kafka: KafkaSettings, names: Sequence[str]) -> None:
    if not names:
        return
    options = client_options(kafka, CLIENT_ID)
    admin = await start_patiently(lambda: AIOKafkaAdminClient(**options), "forget", kafka)
    try:
        response: Any = await admin.delete_topics(list(names))
        for name, code in response.topic_error_codes:
            error = for_code(code)
            if error not in (NoError, UnknownTopicOrPartitionError):
                raise error(f"topic {name} is not deleted")
    finally:
        await discard(admin)
