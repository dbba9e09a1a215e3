"""Values of records, read leniently."""

from typing import TypeVar

from dateline.kafka.records import Record
from dateline.log import get_logger
from dateline_schemas import Contract, ContractError

__all__ = ["read_value"]

ContractT = TypeVar("ContractT", bound=Contract)

log = get_logger("dateline.status")


def read_value(model: type[ContractT], record: Record) -> ContractT | None:
    """Return the value of a record, or None if it breaks its contract."""
    try:
        return model.from_bytes(record.value or b"")
    except ContractError as error:
        # Anybody can write an invalid record, and one must not blind the service.
        log.debug("skipped an invalid record", position=record.position, error=str(error))
        return None
