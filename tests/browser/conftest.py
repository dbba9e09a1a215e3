"""A browser, and a pipeline to look at, for tests that are collected only when their folder is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.chromium import MISSING, browser_path
from browser.lab import WatchedPipeline, a_watched_pipeline
from playwright.sync_api import Browser, sync_playwright


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if any("browser" in argument for argument in config.args) else True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine."""
    found = browser_path()
    if found is None:
        assert not os.environ.get("DATELINE_REQUIRED_BROWSER"), MISSING
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="session")
def pipeline(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedPipeline]:
    """A running pipeline with the articles and feeds of `seeds/`; none is started without a browser."""
    with a_watched_pipeline(tmp_path_factory.mktemp("pipeline")) as made:
        yield made


@pytest.fixture(scope="session")
def pictures() -> Path:
    """The folder of the screenshots."""
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
