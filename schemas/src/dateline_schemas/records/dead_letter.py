"""The headers of a record that could not be processed."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError

from dateline_schemas.contract import Contract, ContractError, Timestamp
from dateline_schemas.headers import DL_PREFIX, REPLAY_GROUP, Headers

__all__ = ["MAX_MESSAGE_BYTES", "NO_POSITION", "DeadLetter", "original_headers"]

MAX_MESSAGE_BYTES = 1024
"""A dead letter keeps at most this many bytes of the error message."""

NO_POSITION = -1
"""Partition and offset of bytes that did not come from Kafka."""


def _truncate(value: object) -> object:
    if not isinstance(value, str):
        return value
    # Cutting bytes may split a character, whose rest `ignore` drops; lone surrogates have no UTF-8 form.
    return value.encode(errors="replace")[:MAX_MESSAGE_BYTES].decode(errors="ignore")


class DeadLetter(Contract):
    """Headers of a record of `dead-letters`, whose key and value are the original bytes.

    Each field is a text header named `dl_` and the field; a null field has no header.
    """

    topic: str = Field(description="Full name of the topic, empty if the bytes did not come from Kafka.")
    partition: int = Field(ge=NO_POSITION, description="Partition, -1 if there is none.")
    offset: int = Field(ge=NO_POSITION, description="Offset, -1 if there is none.")
    timestamp: Timestamp | None = Field(default=None, description="Timestamp of the original record.")
    source: str | None = Field(
        default=None, description="Origin of bytes that did not come from Kafka, such as a path and a line."
    )
    group: str = Field(min_length=1, description="Consumer group, or service, that failed.")
    stage: str = Field(min_length=1, description="Stage of the service that failed.")
    error_type: str = Field(min_length=1, description="Class of the error.")
    error_message: Annotated[str, BeforeValidator(_truncate)] = Field(
        description="Message of the error, truncated to 1,024 bytes of UTF-8."
    )
    failed_at: Timestamp = Field(description="Time of the failure.")
    trace_id: str | None = Field(default=None, description="Id of the trace in which it failed (W3C).")
    attempts: int = Field(default=1, ge=1, description="Number of attempts, replays included.")

    def to_headers(self, original: Headers = ()) -> list[tuple[str, bytes]]:
        """Write the headers of the dead letter.

        Args:
            original: headers of the record that failed; they are kept unchanged, except those that only a dead letter
                or a replay has.

        Returns:
            the original headers, then those of the dead letter.
        """
        fields = self.model_dump(mode="json", exclude_none=True)
        own = [(DL_PREFIX + name, str(value).encode()) for name, value in fields.items()]
        return original_headers(original) + own

    @classmethod
    def from_headers(cls, headers: Headers) -> Self:
        """Read a dead letter from its headers; other headers are ignored.

        Raises:
            ContractError: a header is missing or invalid; the message names it.
        """
        fields = {
            name.removeprefix(DL_PREFIX): value.decode(errors="replace")
            for name, value in headers
            if name.startswith(DL_PREFIX) and value is not None
        }
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = DL_PREFIX + ".".join(map(str, problem["loc"]))
            raise ContractError(f"dead letter: header {where}: {problem['msg']}") from error


def original_headers(headers: Headers) -> list[tuple[str, bytes]]:
    """Return the original headers of a failed record, without those of a dead letter or a replay."""
    kept: Iterable[tuple[str, bytes | None]] = (
        (name, value) for name, value in headers if not name.startswith(DL_PREFIX) and name != REPLAY_GROUP
    )
    return [(name, value) for name, value in kept if value is not None]
