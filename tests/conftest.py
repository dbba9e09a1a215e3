"""What all tests have in common."""

import gc

import pytest
from hypothesis import settings

# A limit on the time of one example would fail on a busy machine; every test has a time-out of its own.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector skip the tests and modules that are there now: they stay until the end."""
    gc.collect()
    gc.freeze()
