"""`dateline groups`."""

import asyncio
from typing import Literal

import click

from dateline.kafka.groups import known_groups, reset_group
from dateline.kafka.offsets import OffsetReader
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["groups"]


@click.group()
def groups() -> None:
    """List consumer groups, and move one that lost its place.

    \b
    Example:
      dateline groups list
    """


@groups.command("list")
def list_groups() -> None:
    """List every group that was started, with its committed offsets.

    \b
    Example:
      dateline groups list
    """
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


@groups.command()
@click.argument("group")
@click.option("--to", type=click.Choice(["earliest", "latest"]), required=True, help="Where to go on.")
def reset(group: str, to: Literal["earliest", "latest"]) -> None:
    """Move GROUP to the beginning or the end of what its topic has now.

    For a group that stopped because its offsets or its next records are gone. What lies between is
    skipped or read again; running everything anew is `dateline reprocess`.

    \b
    Example:
      dateline groups reset headlines --to earliest
    """
    kafka, _ = prepare("groups", KafkaSettings, RuntimeSettings)

    async def run() -> None:
        offsets = await OffsetReader.connect(kafka, "dateline-groups")
        try:
            for partition, offset in (await reset_group(kafka, offsets, group, to)).items():
                click.echo(f"{group}  {partition.topic}[{partition.partition}]  now at {offset}")
        finally:
            await offsets.close()

    asyncio.run(run())
