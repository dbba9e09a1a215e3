"""The test build of pages: the real service, with shorter waits, and without processes of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import dateline_pages.__main__
import dateline_pages.sites.politeness.holds
import dateline_pages.sites.results
import dateline_pages.sites.sites
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.reading.reader import read_page

__all__ = ["install_pages"]

WAITS: Mapping[ModuleType, Mapping[str, float]] = {
    dateline_pages.sites.politeness.holds: {
        "FIRST_HOLD_SECONDS": 0.5,
        "REFUSAL_SECONDS": 2.0,
        "BUSY_SECONDS": 0.4,
        "RETRY_SECONDS": 0.3,
    },
    dateline_pages.sites.results: {"MISSING_SECONDS": 1.0},
    dateline_pages.sites.sites: {"AGAIN_SECONDS": 1.0},
}
"""Waits that the service does not take from its settings, in seconds: minutes would outlast a piece."""


class ReaderHere:
    """Reads pages in the replica itself: a process that has to import the libraries costs a second of processor."""

    @classmethod
    @asynccontextmanager
    async def open(cls, **_: Any) -> AsyncIterator["ReaderHere"]:
        yield cls()

    async def read(self, document: PageDocument) -> PageReading:
        return read_page(document)


def install_pages() -> None:
    """Make this process one of the test build."""
    for module, waits in WAITS.items():
        for name, seconds in waits.items():
            assert name in vars(module), f"{module.__name__} has no {name}"
            vars(module)[name] = seconds
    vars(dateline_pages.__main__)["ReaderPool"] = ReaderHere
