"""The looks in which every page is tried, and what a look at a page finds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request

__all__ = ["LOOKS", "Look", "Observed", "observed_page", "violations", "wait_for"]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
"""The checks of accessibility."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A colour scheme and the size of the window."""

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int = 900
    scripts: bool = True


LOOKS = [
    Look(name="light-wide", scheme="light", width=1280),
    Look(name="dark-wide", scheme="dark", width=1280),
    Look(name="light-narrow", scheme="light", width=390),
    Look(name="dark-narrow", scheme="dark", width=390),
]
"""All looks."""


@dataclass(slots=True)
class Observed:
    """A page, and what the browser had to complain of."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@contextmanager
def observed_page(browser: Browser, look: Look, url: str, *, zone: str = "Europe/Paris") -> Iterator[Observed]:
    """Open a page that records errors of scripts, refused content and requests to other hosts."""
    context = browser.new_context(
        color_scheme=look.scheme,
        viewport={"width": look.width, "height": look.height},
        java_script_enabled=look.scripts,
        timezone_id=zone,
        base_url=url,
    )
    context.set_default_timeout(60_000)
    try:
        page = context.new_page()
        observed = Observed(page)

        def requested(request: Request) -> None:
            address = urlsplit(request.url)
            if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(url).netloc:
                observed.complaints.append(f"request to another host: {request.url}")

        page.on("request", requested)
        page.on("pageerror", lambda error: observed.complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                observed.complaints.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        yield observed
    finally:
        context.close()


def wait_for(page: Page, condition: str, argument: object = None, seconds: float = 90.0) -> None:
    """Wait until a condition holds in the page; the policy of the pages forbids Playwright's own way of waiting.

    Args:
        page: the page.
        condition: a function in JavaScript.
        argument: its argument.
        seconds: it has to hold within this time.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition, argument):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {condition}"
        page.wait_for_timeout(25)


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page; the policy of the page does not hold for this script."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {node['html'][:200]}: {node['failureSummary']}" for each in found for node in each["nodes"]]
