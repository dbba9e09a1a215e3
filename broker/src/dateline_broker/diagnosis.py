"""Reading from a broker's log why it ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dateline_broker.errors import (
    BrokerConfigError,
    BrokerError,
    BrokerStartError,
    CorruptDataError,
    DataDirInUseError,
    DiskFullError,
    PortInUseError,
    UnsupportedPlatformError,
)
from dateline_broker.java import ADVICE
from dateline_broker.ports import port_holder

if TYPE_CHECKING:
    from dateline_broker.storage import DataDir

__all__ = ["diagnose", "last_errors"]

SHOWN_LINES = 8
"""Lines of the log in a message that has nothing better to say."""

CORRUPT = re.compile(
    r"(InconsistentClusterId|InconsistentBrokerMetadata|CorruptRecord|InvalidRecord|Unsupported unsupported magic"
    r"|KafkaStorageException|meta\.properties|Unable to read .* checkpoint|No readable meta"
    r"|Found record size .* smaller than minimum|Malformed line in)\S*"
)
"""What Kafka says of data that it does not understand."""

CONFIG = re.compile(r"(ConfigException: |IllegalArgumentException: (?=.*config))(?P<reason>.+)")
"""What Kafka says of a property that it refuses."""


def diagnose(log: str, console: str, *, data: DataDir, port: int) -> BrokerError:
    """Return the error that describes the end of a broker.

    Args:
        log: what it logged since its start.
        console: what Java printed since then.
        data: its folder.
        port: the port that it was to listen on.
    """
    text = log + console
    if "No space left on device" in text:
        return DiskFullError(data.path)
    if "Address already in use" in text or "Socket server failed to bind" in text:
        return PortInUseError(port, port_holder(port))
    if "Failed to acquire lock on file" in text:
        return DataDirInUseError(f"another broker uses the data folder {data.path}; stop it, or choose another folder")
    if "GLIBC" in console or "error while loading shared libraries" in console:
        return UnsupportedPlatformError(f"Java does not run on this system: {console.strip()[-300:]}; {ADVICE}")
    if "OutOfMemoryError" in text:
        return BrokerStartError(f"the broker ran out of memory; give it a larger heap (log: {data.log_path})")
    if refused := CONFIG.search(text):
        return BrokerConfigError(f"Kafka refuses its configuration: {refused['reason'].strip()}")
    if corrupt := CORRUPT.search(text):
        return CorruptDataError(data.kafka_path, corrupt[0])
    tail = last_errors(text)
    return BrokerStartError(
        f"the broker ended by itself; see {data.log_path}" + (f", which ends with:\n{tail}" if tail else "")
    )


def last_errors(text: str) -> str:
    """Return the last lines that are errors or warnings, or else the last lines."""
    lines = text.splitlines()
    errors = [line for line in lines if re.search(r" (ERROR|FATAL) |^Error|Exception", line)]
    return "\n".join((errors or lines)[-SHOWN_LINES:])
