"""The errors of the broker; each message says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "BrokerConfigError",
    "BrokerError",
    "BrokerNotRunningError",
    "BrokerOwnedError",
    "BrokerStartError",
    "CorruptDataError",
    "DataDirInUseError",
    "DataDirUnusableError",
    "DiskFullError",
    "DownloadError",
    "PortInUseError",
    "UnsupportedPlatformError",
]


class BrokerError(Exception):
    """The root of this package's errors; the message is written for people."""


class UnsupportedPlatformError(BrokerError):
    """There is no Java runtime for this platform."""


class DownloadError(BrokerError):
    """A jar could not be downloaded, or differs from the locked one."""


class PortInUseError(BrokerError):
    """Another process listens on the port.

    Attributes:
        port: the port that is taken.
    """

    def __init__(self, port: int, holder: str | None = None) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken by {holder or 'another process'}; "
            "stop that process, or choose another port (without a port setting, a free one is used)"
        )
        self.port = port


class DiskFullError(BrokerError):
    """There is too little disk space for the broker's data."""

    def __init__(self, path: Path, free_mb: int | None = None, needed_mb: int | None = None) -> None:
        room = "" if free_mb is None else f": {free_mb} MB are free, {needed_mb} MB are needed"
        super().__init__(
            f"no space left for Kafka's data in {path}{room}; free some space, or choose a data folder on another disk"
        )


class DataDirUnusableError(BrokerError):
    """The data folder cannot be created or written, or Kafka does not accept its path."""


class DataDirInUseError(BrokerError):
    """Another broker runs on the same data folder."""


class CorruptDataError(BrokerError):
    """Kafka cannot read the contents of the data folder."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Kafka cannot use the data in {path} ({reason}); "
            "restore the folder from a backup, or delete it to start with an empty broker"
        )


class BrokerConfigError(BrokerError):
    """Kafka rejected one of its properties."""


class BrokerStartError(BrokerError):
    """The broker exited, or was not ready in time, for any other reason."""


class BrokerNotRunningError(BrokerError):
    """No broker runs in the data folder."""


class BrokerOwnedError(BrokerError):
    """The broker belongs to another process that still runs, and ends with it."""
