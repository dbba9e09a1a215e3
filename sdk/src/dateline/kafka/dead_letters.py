"""Reads dead letters, and sends them back to the group that failed to process them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


async def read_letters(kafka: KafkaSettings, offsets: OffsetReader) -> list[Letter]:
    """Return all dead letters that the topic still has, oldest first."""
    topic = DEAD_LETTERS.named(kafka.topic_prefix)
    records: list[Record] = []
    resolved: set[str] = set()
    for partition in await offsets.partitions(topic):
        async for batch in read_to_end(kafka, partition, client_id="dateline-letters", offsets=offsets):
            for record in batch:
                resolves = header(record.headers, DL_RESOLVES)
                if resolves is None:
                    records.append(record)
                else:
                    resolved.add(resolves)
    letters = []
    for record in records:
        try:
            about = DeadLetter.from_headers(record.headers)
        except ContractError:
            about = None
        replayed = f"{record.partition}:{record.offset}" in resolved
        letters.append(Letter(record=record, about=about, replayed=replayed))
    return letters


async def replay_letters(kafka: KafkaSettings, offsets: OffsetReader, wanted: Callable[[Letter], bool]) -> list[Letter]:
    """Send the wanted letters that were not replayed yet back to their topics; return them.

    Each is addressed to the group that failed; consumers of other groups skip it. A letter and its marker are written
    in one transaction, always under the same transactional id, and the topic is read after that id is fenced. So a
    letter is replayed once, even if this is called several times or concurrently.
    """
    topic = DEAD_LETTERS.named(kafka.topic_prefix)
    writer = await TransactionalWriter.open(kafka, f"{topic}-replay", "dateline-replay")
    try:
        letters = [
            letter
            for letter in await read_letters(kafka, offsets)
            if letter.replayable and not letter.replayed and wanted(letter)
        ]
        for start in range(0, len(letters), CHUNK):
            await writer.commit(_outputs(letters[start : start + CHUNK], topic), "", {})
    finally:
        await writer.close()
    return letters


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
