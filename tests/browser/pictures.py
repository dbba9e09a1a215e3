"""Takes the pictures of docs/status.md: `python -m browser.pictures FOLDER`."""

import sys
import tempfile
from functools import partial
from pathlib import Path

from browser.chromium import MISSING, browser_path
from browser.lab import a_watched_pipeline, until
from browser.looks import Look, observed_page
from playwright.sync_api import Page, sync_playwright

__all__ = ["main"]

PICTURES = {
    "status-overview": (Look(name="overview", scheme="light", width=1100, height=900), "/?window=15m"),
    "status-articles": (Look(name="articles", scheme="dark", width=1100, height=700), "/articles"),
}
"""Name, look and address of each picture."""


def main(folder: Path) -> int:
    """Start a pipeline with the articles of `seeds/`, wait until there is something to draw, and take the pictures."""
    found = browser_path()
    if found is None:
        print(MISSING, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="dateline-pictures-") as place,
        a_watched_pipeline(Path(place)) as pipeline,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, (look, address) in PICTURES.items():
            with observed_page(browser, look, pipeline.url, zone="UTC") as observed:
                page = observed.page
                page.goto(address)
                if "window" in address:
                    until("the first plots", partial(_has_plots, page))
                    page.wait_for_timeout(30_000)
                page.screenshot(path=folder / f"{name}.png")
                print(folder / f"{name}.png")
        browser.close()
    return 0


def _has_plots(page: Page) -> bool:
    page.reload()
    return page.locator(".plots figure").count() > 2


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
