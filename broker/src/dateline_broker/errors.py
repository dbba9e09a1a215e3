"""What can go wrong with the broker, each with a message that says what to do."""

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
    """The root of this package's errors; its text is meant for people."""


class UnsupportedPlatformError(BrokerError):
    """No Java runtime for this platform."""


class DownloadError(BrokerError):
    """A jar could not be fetched, or is not the one that is locked."""


class PortInUseError(BrokerError):
    """Another process listens on the port.

    Attributes:
        port: the port that is taken.
    """

    def __init__(self, port: int, holder: str | None = None) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken by {holder or 'another process'}; "
            "stop that process, or choose another port (no port at all takes a free one)"
        )
        self.port = port


class DiskFullError(BrokerError):
    """Too little space for the broker's data."""

    def __init__(self, path: Path, free_mb: int | None = None, needed_mb: int | None = None) -> None:
        room = "" if free_mb is None else f": {free_mb} MB are free, {needed_mb} MB are needed"
        super().__init__(
            f"no space left for Kafka's data in {path}{room}; free some space, or choose a data folder on another disk"
        )


class DataDirUnusableError(BrokerError):
    """The data folder cannot be created, written or named in Kafka's configuration."""


class DataDirInUseError(BrokerError):
    """Another broker runs on the same data folder."""


class CorruptDataError(BrokerError):
    """Kafka does not recognise what lies in the data folder."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Kafka cannot use the data in {path} ({reason}); "
            "restore the folder from a copy, or delete it to begin with an empty broker"
        )


class BrokerConfigError(BrokerError):
    """Kafka refused a property of the settings."""


class BrokerStartError(BrokerError):
    """The broker ended, or was not ready in time, for a reason that has no class of its own."""


class BrokerNotRunningError(BrokerError):
    """There is no broker to talk to, stop or restart."""


class BrokerOwnedError(BrokerError):
    """The broker belongs to a process that is still there, and ends with it."""
