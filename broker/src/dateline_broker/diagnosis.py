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
from dateline_broker.storage import free_bytes

if TYPE_CHECKING:
    from dateline_broker.storage import DataDir

__all__ = ["diagnose", "error_lines"]

SHOWN_LINES = 8
"""Lines of the log in a message that has nothing better to say."""
SHOWN_CHARACTERS = 300
"""Length of a reason that is taken from the log."""

FULL_BYTES = 1_000_000
"""With fewer free bytes a broker ends because of the disk, whatever its log says."""

CORRUPT = re.compile(
    r"^(?!\s+at |\S+ (WARN|INFO) )(?P<reason>.*(InconsistentClusterId|CorruptRecord|InvalidRecord|KafkaStorageException"
    r"|meta\.properties|Malformed line in|binary bootstrap metadata file).*)$",
    re.MULTILINE,
)
"""What Kafka says of data that it does not understand."""

CONFIG = re.compile(
    r"(Config(uration)?Exception|fatal exception[^\n]*\n\S*IllegalArgumentException): (?P<reason>.+)",
)
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
    # On a full disk the log itself may lack the line that says so.
    if "No space left on device" in text or free_bytes(data.path) < FULL_BYTES:
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
    in_data = re.compile(rf"^(?P<reason>\S*Exception: .*{re.escape(str(data.kafka_path))}.*)$", re.MULTILINE)
    if corrupt := CORRUPT.search(text) or in_data.search(text):
        return CorruptDataError(data.kafka_path, corrupt["reason"].strip()[:SHOWN_CHARACTERS])
    if tail := error_lines(text):
        return BrokerStartError(f"the broker ended by itself; see {data.log_path}, which says:\n{tail}")
    return BrokerStartError(
        f"the broker was ended from outside, or with the system; its log says nothing ({data.log_path})"
    )


def error_lines(text: str) -> str:
    """Return the last lines of a log that are errors, without stack traces."""
    found = [line for line in text.splitlines() if re.match(r"\S+ (ERROR|FATAL) |Error|\S*Exception:", line)]
    return "\n".join(line[:SHOWN_CHARACTERS] for line in found[-SHOWN_LINES:])
