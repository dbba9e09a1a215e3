"""Finds in a broker's log why it ended."""

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
from dateline_broker.node.storage import free_bytes
from dateline_broker.ports import port_holder
from dateline_broker.process.java import ADVICE

if TYPE_CHECKING:
    from dateline_broker.node.storage import DataDir

__all__ = ["diagnose", "error_lines"]

SHOWN_LINES = 8
"""At most this many log lines are quoted if the cause is not recognised."""

SHOWN_CHARACTERS = 300
"""At most this many characters of a log line are quoted."""

FULL_BYTES = 1_000_000
"""With fewer free bytes the full disk is the cause, whatever the log says."""

CORRUPT = re.compile(
    r"^(?!\s+at |\S+ (WARN|INFO) )(?P<reason>.*(InconsistentClusterId|CorruptRecord|InvalidRecord|KafkaStorageException"
    r"|meta\.properties|Malformed line in|binary bootstrap metadata file).*)$",
    re.MULTILINE,
)
"""Log lines about data that Kafka cannot read."""

CONFIG = re.compile(
    r"(Config(uration)?Exception|fatal exception[^\n]*\n\S*IllegalArgumentException): (?P<reason>.+)",
)
"""Log lines about a property that Kafka rejects."""


def diagnose(log: str, console: str, *, data: DataDir, port: int) -> BrokerError:
    """Return the error that explains why a broker ended.

    Args:
        log: its log since the start.
        console: Java's own output since the start.
        data: its data folder.
        port: the port that it should have listened on.
    """
    text = log + console
    # On a full disk the log may lack the line about it.
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
        return BrokerConfigError(f"Kafka rejects its configuration: {refused['reason'].strip()}")
    in_data = re.compile(rf"^(?P<reason>\S*Exception: .*{re.escape(str(data.kafka_path))}.*)$", re.MULTILINE)
    if corrupt := CORRUPT.search(text) or in_data.search(text):
        return CorruptDataError(data.kafka_path, corrupt["reason"].strip()[:SHOWN_CHARACTERS])
    if tail := error_lines(text):
        return BrokerStartError(f"the broker exited; its log {data.log_path} says:\n{tail}")
    return BrokerStartError(
        f"the broker was killed, or the system went down; its log gives no reason ({data.log_path})"
    )


def error_lines(text: str) -> str:
    """Return the last error lines of a log, without stack traces."""
    found = [line for line in text.splitlines() if re.match(r"\S+ (ERROR|FATAL) |Error|\S*Exception:", line)]
    return "\n".join(line[:SHOWN_CHARACTERS] for line in found[-SHOWN_LINES:])
