"""What `dateline groups` does: lists consumer groups, resets one, and forgets one."""

import asyncio
from collections.abc import Sequence
from typing import Literal

import click

from dateline.errors import SettingsError
from dateline.kafka.groups import known_groups, reset_group
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.retirement import describe_retirement, plan_retirement, retire
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings
from dateline.sink.configured import ConfiguredSink, configure

__all__ = ["forget_group", "move_group", "print_groups"]


def print_groups() -> None:
    """Print one line per group and partition: the committed offset and the end of the partition."""
    kafka, _ = prepare("groups", KafkaSettings, RuntimeSettings)

    async def run() -> None:
        offsets = await OffsetReader.connect(kafka, "dateline-groups")
        try:
            for group, partitions in (await known_groups(kafka, offsets)).items():
                committed = await offsets.committed(group, partitions)
                ends = await offsets.ends(partitions)
                for partition in partitions:
                    at = committed[partition]
                    where = "no offset: lost" if at is None else f"{at.offset} of {ends[partition]}"
                    click.echo(f"{group}  {partition.topic}[{partition.partition}]  {where}")
        finally:
            await offsets.close()

    asyncio.run(run())


def move_group(group: str, to: Literal["earliest", "latest"]) -> None:
    """Commit the first or the end offset of each partition for `group`, and print them."""
    kafka, _ = prepare("groups", KafkaSettings, RuntimeSettings)

    async def run() -> None:
        offsets = await OffsetReader.connect(kafka, "dateline-groups")
        try:
            for partition, offset in (await reset_group(kafka, offsets, group, to)).items():
                click.echo(f"{group}  {partition.topic}[{partition.partition}]  now at {offset}")
        finally:
            await offsets.close()

    asyncio.run(run())


def forget_group(group: str, *, sure: bool, own: bool, target: tuple[str, str] | None, options: Sequence[str]) -> None:
    """Forget `group` after asking; with `sure`, without asking.

    Args:
        group: the consumer group.
        sure: do not ask.
        own: allow a group that the pipeline started, but not under the usual name of a service.
        target: the kind and the target of a sink that also forgets the positions of the group.
        options: the options of the sink, as `NAME=VALUE`.

    Raises:
        DatelineError: there is no such group, it belongs to the pipeline, or it has members.
        SettingsError: the target or one of its options is invalid.
    """
    kafka, _ = prepare("groups", KafkaSettings, RuntimeSettings)
    sink = _sink(group, target, options)

    async def run() -> None:
        offsets = await OffsetReader.connect(kafka, "dateline-groups")
        try:
            plan = await plan_retirement(kafka, offsets, group, own=own, elsewhere=sink is not None)
            for line in describe_retirement(plan):
                click.echo(line)
            if sink is not None:
                click.echo(f"deleted in {sink.shown}: the positions of the group")
            if not sure:
                click.confirm("Forget it?", abort=True)
            if sink is not None and sink.kind.forget is not None:
                click.echo(await sink.kind.forget(sink.target, sink.options, group))
            await retire(kafka, offsets, plan)
            click.echo(f"{group} is forgotten")
        finally:
            await offsets.close()

    asyncio.run(run())


def _sink(group: str, target: tuple[str, str] | None, options: Sequence[str]) -> ConfiguredSink | None:
    if target is None:
        if options:
            raise SettingsError(["--option belongs to --target KIND TARGET"])
        return None
    wrong = [f"--option {each!r}: write NAME=VALUE" for each in options if "=" not in each]
    if wrong:
        raise SettingsError(wrong)
    sink = configure(*target, group=group, options=dict(each.split("=", 1) for each in options))
    if sink.kind.forget is None:
        raise SettingsError([f"{target[0]}: this kind keeps nothing for a group that could be forgotten"])
    return sink
