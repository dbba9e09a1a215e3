"""The parent of every record model: how values are read from bytes and written to bytes."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Confidence", "Contract", "ContractError", "LanguageTag", "Timestamp"]


class ContractError(ValueError):
    """A record does not keep its contract; the message names the field and what is wrong, on one line."""


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the date does not exist in UTC") from error


Timestamp = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An instant: any offset is taken and turned into UTC, a time without one is refused; written with `Z`."""

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", max_length=64)]
"""A language tag of the form of BCP 47, such as `en` or `pt-BR`."""

Confidence = Annotated[float, Field(ge=0, le=1)]
"""A share between 0 and 1."""


class Contract(BaseModel):
    """A frozen record that keeps the fields it does not know.

    Unknown fields, at every level, are written again by `to_bytes`, so that a stage built against an older
    schema passes on what a newer one added. Null fields are written, so that the shape is always the same.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a record from the JSON value of a Kafka record.

        The wire is strict: a number is not taken for a string, nor a string for a number.

        Args:
            data: JSON in UTF-8.

        Returns:
            The record.

        Raises:
            ContractError: The bytes are no JSON, or break the contract.
        """
        try:
            return cls.model_validate_json(data, strict=True)
        except ValidationError as error:
            raise ContractError(_explain(cls.__name__, error)) from error

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8."""
        # What `model_dump_json` does, without its way through a string.
        return self.__pydantic_serializer__.to_json(self)


def _explain(name: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    where = ".".join([name, *map(str, first["loc"])])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return " ".join(f"{where}: {first['msg']}{more}".split())
