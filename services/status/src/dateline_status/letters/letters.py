"""What the pages ask of dead letters."""

from collections.abc import Iterable
from typing import Protocol

from dateline_status.letters.report import LetterDetail, LetterPage
from dateline_status.tables.dead_letters import KnownLetter

__all__ = ["DeadLetters"]


class DeadLetters(Protocol):
    """Shows and replays dead letters; `read` and `replay` ask Kafka."""

    def page(self, cause: str | None, page: int) -> LetterPage:
        """Return all causes, and a page of the letters of one."""
        ...

    def find(self, position: str) -> KnownLetter | None:
        """Return a letter without its bytes; None if it is not known."""
        ...

    def was_replayed(self, position: str) -> bool:
        """Return whether a letter was replayed."""
        ...

    def open_letters(self, cause: str, through: str) -> list[str]:
        """Return the open letters of a cause that are not newer than the letter at `through`."""
        ...

    async def read(self, position: str) -> LetterDetail | None:
        """Return a letter with its bytes; None if there is none."""
        ...

    async def replay(self, positions: Iterable[str]) -> str:
        """Send letters back to the groups that failed; return what was done, in a sentence."""
        ...
