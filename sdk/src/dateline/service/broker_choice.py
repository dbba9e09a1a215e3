"""Decides which Kafka a process uses."""

import os
from pathlib import Path

from dateline.settings import BOOTSTRAP, found_settings

__all__ = ["use_embedded_broker"]

EMBEDDED_DATA = Path(".dateline/kafka")
"""Folder of the embedded broker below the current folder; without it the broker's package is not even imported."""


def use_embedded_broker() -> str:
    """Point this process and its children at the embedded broker of the current folder, if that broker runs.

    An address in the environment or in `.env` wins.

    Returns:
        the reason for the choice, for the log.
    """
    if BOOTSTRAP in found_settings():
        return f"set in {found_settings()[BOOTSTRAP][1]}"
    address = _embedded_address()
    if address is None:
        return "default: no address is set, and no embedded broker runs in this folder"
    os.environ[BOOTSTRAP] = address
    return "the embedded broker of this folder"


def _embedded_address() -> str | None:
    if not EMBEDDED_DATA.is_dir():
        return None
    try:
        from dateline_broker import broker_status
    except ImportError:
        return None
    status = broker_status(EMBEDDED_DATA)
    return status.bootstrap_servers if status.state == "running" else None
