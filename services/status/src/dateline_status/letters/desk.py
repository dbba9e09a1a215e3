"""Looks at dead letters and sends them back."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from dateline.concurrency.deadline import bounded
from dateline.errors import DatelineError
from dateline.kafka.dead_letters import replay_letters
from dateline.kafka.offsets import OffsetReader
from dateline.kafka.records import Record
from dateline.settings import KafkaSettings
from dateline_schemas import ContractError, DeadLetter
from dateline_schemas.topics import DEAD_LETTERS

from dateline_status.kafka.view import KafkaView
from dateline_status.letters.readable import readable, visible
from dateline_status.letters.report import CauseReport, LetterDetail, LetterHeader, LetterPage
from dateline_status.tables.dead_letters import KnownLetter, LetterTable
from dateline_status.tables.letter_cause import LetterCause

__all__ = ["LetterDesk"]

PAGE_LETTERS = 50
"""A page shows this many letters."""

QUESTIONS = 2
"""Number of letters that are read at a time; each opens a connection and may have megabytes."""

REPLAY_SECONDS = 60.0
"""A replay has this many seconds."""

SHOWN_HEADERS = 100
"""At most this many headers of a letter are shown."""

LONGEST_HEADER = 2000
"""At most this many characters of a header are shown."""

Replay = Callable[[KafkaSettings, frozenset[str], int], Coroutine[Any, Any, list[str]]]
"""Sends letters back and returns which ones; the number is the offset of the first one."""


async def replay_positions(kafka: KafkaSettings, wanted: frozenset[str], first: int) -> list[str]:
    """Send the letters at some positions back, as `dateline dead-letters replay` does; return which ones."""
    offsets = await OffsetReader.connect(kafka, "dateline-status-replay")
    try:
        sent = await replay_letters(kafka, offsets, lambda letter: letter.id in wanted, first=first)
    finally:
        await offsets.close()
    return [letter.id for letter in sent]


class LetterDesk:
    """Shows the letters that the observer knows, reads the bytes of one, and replays those that were shown."""

    def __init__(
        self,
        *,
        kafka: KafkaSettings,
        table: Callable[[], LetterTable],
        connect: Callable[[], Awaitable[KafkaView]],
        replay: Replay = replay_positions,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._kafka = kafka
        self._table = table
        self._connect = connect
        self._replay = replay
        self._changed = changed
        self._slots = asyncio.Semaphore(QUESTIONS)
        self._replaying = asyncio.Lock()

    def page(self, cause: str | None, page: int) -> LetterPage:
        """Return all causes, and a page of the letters of `cause`; None chooses no letters."""
        table = self._table()
        letters = [each for each in table.newest_first() if each.cause.id == cause] if cause else []
        pages = max(1, -(-len(letters) // PAGE_LETTERS))
        page = min(max(1, page), pages)
        start = (page - 1) * PAGE_LETTERS
        return LetterPage(
            causes=_causes(table),
            letters=[table.show(each.position) for each in letters[start : start + PAGE_LETTERS]],
            page=page,
            pages=pages,
            unread=table.unread,
        )

    def find(self, position: str) -> KnownLetter | None:
        """Return a letter without its bytes; None if it is not known."""
        return self._table().find(position)

    def was_replayed(self, position: str) -> bool:
        """Return whether a letter was replayed."""
        return self._table().was_replayed(position)

    async def read(self, position: str) -> LetterDetail | None:
        """Return a letter with its bytes, which are read from Kafka; None if there is none at this position.

        Raises:
            TransientError: Kafka does not answer in time.
            KafkaError: Kafka cannot be reached.
        """
        number, offset = map(int, position.split(":"))
        partition = TopicPartition(DEAD_LETTERS.named(self._kafka.topic_prefix), number)
        async with self._slots:
            view = await self._connect()
            try:
                # A position after the end would be waited for.
                if number or offset >= (await view.ends([partition]))[partition]:
                    return None
                records = await view.records({partition: (offset, offset + 1)})
            except OffsetOutOfRangeError:
                return None
            finally:
                await view.close()
        letter = self.find(position)
        return _detail(records[0], letter, replayed=self.was_replayed(position)) if records and letter else None

    async def replay(self, positions: Iterable[str]) -> str:
        """Send letters back to the groups that failed; return what was done, in a sentence.

        Raises:
            DatelineError: none of them can be replayed.
            TransientError: Kafka does not answer in time.
            KafkaError: a broker refuses.
        """
        table = self._table()
        known = [table.find(each) for each in positions]
        wanted = {each.position: each for each in known if each is not None and each.from_kafka}
        if not wanted:
            raise DatelineError("no dead letter there that came from Kafka: nothing was replayed")
        # One at a time: each would fence the one before.
        async with self._replaying:
            first = min(each.offset for each in wanted.values())
            work = self._replay(self._kafka, frozenset(wanted), first)
            sent = await bounded(work, REPLAY_SECONDS, "replaying; a part may have been replayed, and this")
        table.resolve(sent)
        self._changed()
        if not sent:
            raise DatelineError("nothing was replayed: replayed before, or deleted by retention")
        groups = Counter(wanted[each].group for each in sent)
        shown = ", ".join(f"{number} to {group}" for group, number in sorted(groups.items()))
        rest = len(wanted) - len(sent)
        return f"Replayed {shown}." + (f" {rest} had been replayed before." if rest else "")

    def open_letters(self, cause: str, through: str) -> list[str]:
        """Return the open letters of a cause that had been written when `through` was the newest of them."""
        table = self._table()
        last = int(through.partition(":")[2])
        return [
            each.position
            for each in table.newest_first()
            if each.cause.id == cause and each.offset <= last and not table.was_replayed(each.position)
        ]


def _causes(table: LetterTable) -> list[CauseReport]:
    found: dict[LetterCause, list[KnownLetter]] = {}
    for letter in table.newest_first():
        found.setdefault(letter.cause, []).append(letter)
    causes = [_cause(cause, letters, table) for cause, letters in found.items()]
    return sorted(causes, key=lambda each: (each.open == 0, -each.latest.timestamp()))


def _cause(cause: LetterCause, letters: list[KnownLetter], table: LetterTable) -> CauseReport:
    unresolved = [each for each in letters if not table.was_replayed(each.position)]
    return CauseReport(
        id=cause.id,
        group=cause.group,
        error_type=cause.error_type,
        message=visible(cause.shape),
        open=len(unresolved),
        replayable=sum(each.from_kafka for each in unresolved),
        replayed=len(letters) - len(unresolved),
        latest=max(each.failed_at for each in letters),
        newest=letters[0].position,
    )


def _detail(record: Record, letter: KnownLetter, *, replayed: bool) -> LetterDetail:
    try:
        about: DeadLetter | None = DeadLetter.from_headers(record.headers)
    except ContractError:
        about = None
    key = (record.key or b"").decode("utf-8", "replace")
    return LetterDetail(
        position=letter.position,
        origin=letter.origin,
        group=letter.group,
        stage=letter.stage,
        error_type=letter.error_type,
        error_message=letter.error_message,
        failed_at=letter.failed_at,
        replayed=replayed,
        cause=letter.cause.id,
        replayable=letter.from_kafka and not replayed,
        attempts=about.attempts if about else None,
        trace_id=about.trace_id if about else None,
        key=visible(key[:LONGEST_HEADER]),
        article=_article(key),
        headers=[
            LetterHeader(name=visible(name), value=_header(value)) for name, value in record.headers[:SHOWN_HEADERS]
        ],
        value=readable(record.value or b""),
    )


def _header(value: bytes | None) -> str:
    return visible((value or b"").decode("utf-8", "replace")[:LONGEST_HEADER])


def _article(key: str) -> str | None:
    try:
        return str(UUID(key)) if len(key) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
