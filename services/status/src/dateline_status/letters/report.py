"""The models of what is shown of dead letters."""

from typing import Literal

from dateline_schemas import Timestamp
from pydantic import BaseModel, ConfigDict, Field

from dateline_status.report import LetterReport

__all__ = ["CauseReport", "LetterDetail", "LetterHeader", "LetterPage", "ReadableReport"]


class _Report(BaseModel):
    model_config = ConfigDict(frozen=True)


class CauseReport(_Report):
    """Dead letters that failed for the same reason."""

    id: str = Field(description="Names the cause in addresses.")
    group: str = Field(description="Consumer group, or service, that failed.")
    error_type: str = Field(description="Class of the error.")
    message: str = Field(description="Message of the error, with `…` for what differs between the letters.")
    open: int = Field(description="Number of its letters that were not replayed.")
    replayable: int = Field(description="Number of those that came from Kafka and can be replayed.")
    replayed: int = Field(description="Number of its letters that were replayed.")
    latest: Timestamp = Field(description="Time of the newest failure.")
    newest: str = Field(description="Position of the newest letter, as partition:offset.")


class LetterPage(_Report):
    """Causes of dead letters, and a page of the letters of one of them."""

    causes: list[CauseReport] = Field(description="The causes: first those with open letters, then by newest failure.")
    letters: list[LetterReport] = Field(description="Letters of the chosen cause, newest first.")
    page: int = Field(description="Number of the page, from 1.")
    pages: int = Field(description="Number of pages.")
    unread: int = Field(description="Number of older offsets of the topic that are not known.")


class LetterHeader(_Report):
    """A header of the original record or of the dead letter."""

    name: str = Field(description="Name of the header.")
    value: str = Field(description="Its value as text.")


class ReadableReport(_Report):
    """Bytes as text."""

    kind: Literal["empty", "JSON", "text", "hexadecimal"] = Field(description="How the bytes are shown.")
    text: str = Field(description="What is shown.")
    size: int = Field(description="Number of bytes.")
    cut: bool = Field(description="Whether more bytes follow that are not shown.")


class LetterDetail(LetterReport):
    """One dead letter with its bytes."""

    cause: str = Field(description="Id of its cause.")
    replayable: bool = Field(description="Whether it came from Kafka and was not replayed yet.")
    attempts: int | None = Field(description="Number of attempts, replays included; null if its headers are invalid.")
    trace_id: str | None = Field(description="Id of the trace in which it failed.")
    key: str = Field(description="Key of the record as text.")
    article: str | None = Field(description="Id of the article if the key is one.")
    headers: list[LetterHeader] = Field(description="All headers in their order.")
    value: ReadableReport = Field(description="The record's bytes.")
