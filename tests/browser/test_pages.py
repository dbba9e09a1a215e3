"""Every page, in every look: nothing to complain of, and everything within reach of the keyboard."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.addresses import page_addresses, sign_in
from browser.lab import WatchedPipeline
from browser.looks import LOOKS, Look, observed_page, violations, wait_for
from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.timeout(600)]

EXPECTED_ERRORS = re.compile(r"status of (404|500|503)")
"""The browser reports the status of a page as an error of the console."""

FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
"""What the keyboard has to reach."""

REFRESH = 'http-equiv="refresh"'
"""What makes a page reload itself without scripts."""

WATCH_FOCUS = """selector => {
    const visible = (each) => each.checkVisibility() && each.closest('[inert]') === null && !each.disabled;
    window.wanted = new Set([...document.querySelectorAll(selector)].filter(visible));
    window.count = window.wanted.size;
    document.addEventListener('focusin', (event) => window.wanted.delete(event.target));
    return window.count;
}"""
"""A script that notes what has had the focus."""


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_every_page_is_accessible_and_fits_in_every_look(
    browser: Browser, pipeline: WatchedPipeline, pictures: Path, look: Look
) -> None:
    found: list[str] = []
    with observed_page(browser, look, pipeline.url) as observed:
        page = observed.page
        sign_in(page)
        for name, address in page_addresses(page).items():
            answer = page.goto(address)
            if answer is None or (answer.status >= 500 and name != "health"):
                found.append(f"{name}: {answer and answer.status}")
            wait_for(page, "() => document.getElementById('zone').textContent.includes('Europe/Paris')")
            if page.locator(".plots figure").count() > 0:
                page.wait_for_selector(".plots .uplot")
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > look.width:
                found.append(f"{name}: {width} px are wider than the window")
            found += [f"{name}: {each}" for each in violations(page)]
            page.screenshot(path=pictures / f"{name}-{look.name}.png", full_page=True)
        found += [each for each in observed.complaints if not EXPECTED_ERRORS.search(each)]
    assert not found, "\n".join(found)


def test_the_keyboard_alone_reaches_everything_on_every_page(browser: Browser, pipeline: WatchedPipeline) -> None:
    found: list[str] = []
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        page = observed.page
        sign_in(page)
        for name, address in page_addresses(page).items():
            page.goto(address)
            for _ in range(page.evaluate(WATCH_FOCUS, FOCUSABLE) + 10):
                page.keyboard.press("Tab")
            left: list[str] = page.evaluate(
                "[...window.wanted].filter((each) => each.isConnected && each.checkVisibility())"
                ".map((each) => each.outerHTML.slice(0, 200))"
            )
            found += [f"{name}: {each}" for each in left]
            if not page.evaluate("window.count"):
                found.append(f"{name}: there was nothing to reach")
    assert not found, "\n".join(found)


def test_the_first_key_leads_past_the_navigation(browser: Browser, pipeline: WatchedPipeline) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        page = observed.page
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_without_scripts_every_page_is_complete(browser: Browser, pipeline: WatchedPipeline, pictures: Path) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        addresses = page_addresses(observed.page)
        headings = {}
        for name, address in addresses.items():
            observed.page.goto(address)
            headings[name] = observed.page.locator("h1, h2").all_inner_texts()
    plain = Look(name="plain", scheme="light", width=1280, scripts=False)
    reloading: set[str] = set()

    def without_reload(route: Route) -> None:
        # A page that reloads itself would do so in the middle of a look at the next one.
        answer = route.fetch()
        text = answer.text()
        if REFRESH in text:
            reloading.add(urlsplit(route.request.url).path)
        route.fulfill(response=answer, body=text.replace(REFRESH, "data-refresh"))

    with observed_page(browser, plain, pipeline.url) as observed:
        page = observed.page
        page.route(lambda url: not urlsplit(url).path.startswith("/assets/"), without_reload)
        for name, address in addresses.items():
            page.goto(address)
            assert page.locator("h1, h2").all_inner_texts() == headings[name], name
            assert "in UTC" in page.locator("footer").inner_text()
            for figure in page.locator("figure.plot").all():
                assert figure.locator("svg.chart-lines path.line").count() > 0, name
                assert figure.locator(".legend li").count() > 0, name
            page.screenshot(path=pictures / f"{name}-plain.png", full_page=True)
    assert {"/", "/articles", "/groups", "/health"} <= reloading


def test_times_are_local_with_utc_in_the_title(browser: Browser, pipeline: WatchedPipeline) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url, zone="Asia/Kathmandu") as observed:
        page = observed.page
        page.goto("/")
        wait_for(page, "() => document.querySelector('#summary time')?.title.endsWith(' UTC')")
        shown, title = page.evaluate(
            "(({textContent, title}) => [textContent, title])(document.querySelector('#summary time'))"
        )
    minutes = [int(text[11:13]) * 60 + int(text[14:16]) for text in (shown, title)]
    assert (minutes[0] - minutes[1]) % 1440 == 5 * 60 + 45
