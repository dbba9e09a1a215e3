"""Reads dead letters, and sends them back to the group that failed to process them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dateline_schemas import ContractError, DeadLetter, original_headers
from dateline_schemas.headers import DL_RESOLVES, REPLAY_GROUP, header
from dateline_schemas.topics import DEAD_LETTERS

from dateline.kafka.offsets import OffsetReader
from dateline.kafka.reader import read_to_end
from dateline.kafka.records import Output, Record
from dateline.kafka.writer import TransactionalWriter
from dateline.settings import KafkaSettings

__all__ = ["Letter", "read_letters", "replay_letters"]

CHUNK = 200
"""At most this many letters are replayed in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A record of the dead letter topic; `about` is None if its headers are invalid."""

    record: Record
    about: DeadLetter | None
    replayed: bool = False

    @property
    def id(self) -> str:
        """Its position in the dead letter topic, as `partition:offset`."""
        return f"{self.record.partition}:{self.record.offset}"

    @property
    def replayable(self) -> bool:
        """Whether it came from a Kafka topic and can be sent back there."""
        return self.about is not None and bool(self.about.topic) and self.about.partition >= 0


async def read_letters(
    kafka: KafkaSettings,
    offsets: OffsetReader,
    *,
    wanted: Callable[[Letter], bool] = lambda letter: True,
    first: int = 0,
) -> list[Letter]:
    """Return dead letters that the topic still has, oldest first.

    Args:
        kafka: the settings of Kafka.
        offsets: reads offsets.
        wanted: chooses letters while they are read, before it is known whether they were replayed. The others take no
            memory.
        first: the first offset to read; it counts for the usual single partition alone, since the markers of all
            partitions are in the first one.
    """
    topic = DEAD_LETTERS.named(kafka.topic_prefix)
    letters: list[Letter] = []
    resolved: set[str] = set()
    partitions = await offsets.partitions(topic)
    for partition in partitions:
        begin = (await offsets.beginnings([partition]))[partition]
        if len(partitions) == 1:
            begin = max(begin, first)
        async for batch in read_to_end(kafka, partition, client_id="dateline-letters", offsets=offsets, first=begin):
            for record in batch:
                resolves = header(record.headers, DL_RESOLVES)
                if resolves is not None:
                    resolved.add(resolves)
                elif wanted(letter := Letter(record=record, about=_about(record))):
                    letters.append(letter)
    return [replace(letter, replayed=True) if letter.id in resolved else letter for letter in letters]


async def replay_letters(
    kafka: KafkaSettings,
    offsets: OffsetReader,
    wanted: Callable[[Letter], bool],
    *,
    first: int = 0,
) -> list[Letter]:
    """Send the wanted letters that were not replayed yet back to their topics; return them.

    Each is addressed to the group that failed; consumers of other groups skip it. A letter and its marker are written
    in one transaction, always under the same transactional id, and the topic is read after that id is fenced. So a
    letter is replayed once, even if this is called several times or concurrently.

    Args:
        kafka: the settings of Kafka.
        offsets: reads offsets.
        wanted: chooses the letters.
        first: the offset of the first wanted letter, as in `read_letters`.
    """
    topic = DEAD_LETTERS.named(kafka.topic_prefix)
    writer = await TransactionalWriter.open(kafka, f"{topic}-replay", "dateline-replay")
    try:
        # The marker of a letter always comes after it.
        found = await read_letters(
            kafka, offsets, wanted=lambda letter: letter.replayable and wanted(letter), first=first
        )
        letters = [letter for letter in found if not letter.replayed]
        for start in range(0, len(letters), CHUNK):
            await writer.commit(_outputs(letters[start : start + CHUNK], topic), "", {})
    finally:
        await writer.close()
    return letters


def _about(record: Record) -> DeadLetter | None:
    try:
        return DeadLetter.from_headers(record.headers)
    except ContractError:
        return None


def _outputs(letters: Sequence[Letter], topic: str) -> list[Output]:
    outputs = []
    for letter in letters:
        record, about = letter.record, letter.about
        assert about is not None
        addressed = [*original_headers(record.headers), (REPLAY_GROUP, about.group.encode())]
        mark = ((DL_RESOLVES, letter.id.encode()),)
        outputs.append(
            Output(
                topic=about.topic,
                key=record.key,
                value=record.value,
                partition=about.partition,
                headers=tuple(addressed),
            )
        )
        outputs.append(Output(topic=topic, key=record.key or b"", value=b"", partition=0, headers=mark))
    return outputs
