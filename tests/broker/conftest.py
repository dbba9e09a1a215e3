from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from dateline_broker import Installation, install
from support.recorded_progress import RecordedProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def progress() -> RecordedProgress:
    return RecordedProgress()


@pytest.fixture(scope="session")
def installed() -> Installation:
    return install()


@pytest.fixture
def cache_copy(tmp_path: Path, installed: Installation) -> Path:
    """A private cache with all jars but without the record that they are verified."""
    folder = tmp_path / "cache" / installed.folder.name
    (folder / "jars").mkdir(parents=True)
    for jar in installed.jars:
        os.link(jar, folder / "jars" / jar.name)
    return folder.parent


@pytest.fixture
def kept_signals() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def stubborn_children(kept_signals: None) -> None:
    """Processes started by this test ignore SIGTERM from their first instruction on."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
