"""The base class of all record models, which reads values from bytes and writes them to bytes."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Confidence", "Contract", "ContractError", "LanguageTag", "Timestamp"]


class ContractError(ValueError):
    """A record breaks its contract; the message names the field and the problem in one line."""


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the date does not exist in UTC") from error


Timestamp = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An instant: a time with any UTC offset is converted to UTC, a time without one is rejected; written with `Z`."""

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", max_length=64)]
"""A language tag (BCP 47), such as `en` or `pt-BR`."""

Confidence = Annotated[float, Field(ge=0, le=1)]
"""A number from 0 to 1."""


class Contract(BaseModel):
    """A frozen record that keeps unknown fields.

    `to_bytes` writes unknown fields of every level again, so that a stage built against an older schema passes on
    the fields of a newer one. Null fields are written too, so that all records have the same shape.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a record from the JSON value of a Kafka record.

        Types are strict: a number is not accepted as a string, nor a string as a number.

        Args:
            data: JSON in UTF-8.

        Returns:
            the record.

        Raises:
            ContractError: the bytes are not JSON, or break the contract.
        """
        try:
            return cls.model_validate_json(data, strict=True)
        except ValidationError as error:
            raise ContractError(_explain(cls.__name__, error)) from error

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8; a field with an alias is written under it, as it is read."""
        # The same as `model_dump_json`, without its detour through a string.
        return self.__pydantic_serializer__.to_json(self, by_alias=True)


def _explain(name: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    where = ".".join([name, *map(str, first["loc"])])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return " ".join(f"{where}: {first['msg']}{more}".split())
