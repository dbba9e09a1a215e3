"""What `dateline groups` does: lists consumer groups and resets one."""

import asyncio
from typing import Literal

import click

from dateline.kafka.groups import known_groups, reset_group
from dateline.kafka.offsets import OffsetReader
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

__all__ = ["move_group", "print_groups"]


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
