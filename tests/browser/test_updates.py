"""What changes arrives by itself, soon, and moves nothing."""

import json
import time
from pathlib import Path

import pytest
from browser.addresses import sign_in
from browser.lab import WatchedPipeline
from browser.looks import LOOKS, Look, observed_page, wait_for
from confluent_kafka import Consumer
from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.timeout(600)]

ARRIVAL_SECONDS = 5.0
"""An article is shown this long after its commit at most, on a busy machine; the aim is two seconds."""

OUTAGE_SECONDS = 10.0
"""The end of a broker is shown after this long at most, on a busy machine; the aim is five seconds."""

WATCH_TEXT = """text => {
    window.seenAt = null;
    const main = document.querySelector('main');
    const look = () => {
        if (window.seenAt === null && main.innerText.includes(text)) window.seenAt = Date.now();
    };
    new MutationObserver(look).observe(main, {childList: true, subtree: true, characterData: true});
    look();
}"""
"""A script that notes when a text appears."""

WATCH_SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(
            [entry.value, ...entry.sources.map((each) => (each.node?.outerHTML ?? '').slice(0, 120))]
        );
    }).observe({type: 'layout-shift', buffered: false});
}"""
"""A script that notes what moves by itself."""


LATER = "before => document.querySelector('#summary time').getAttribute('datetime') > before"
"""Whether the overview was updated."""


def note(pictures: Path, **figures: float) -> None:
    """Keep measured figures with the screenshots, and print them."""
    path = pictures / "figures.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(known | figures, indent=1))
    print(figures)


def committed_at(pipeline: WatchedPipeline, title: str) -> float:
    """Return when the enriched article with this title was written, in seconds since 1970."""
    servers = pipeline.status()["kafka"]["bootstrap_servers"]
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "browser-tests",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    try:
        consumer.subscribe(["dateline.articles.enriched"])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            message = consumer.poll(1.0)
            if message is not None and message.error() is None and title.encode() in (message.value() or b""):
                return float(message.timestamp()[1]) / 1000
        raise AssertionError("the article is not in the topic")
    finally:
        consumer.close()


def publish(pipeline: WatchedPipeline, title: str) -> None:
    """Publish an article."""
    path = pipeline.folder / "article.jsonl"
    article = {
        "source": "https://browser.example/",
        "url": f"https://browser.example/{title.replace(' ', '-')}",
        "title": title,
        "body": "The council met on Tuesday in Batumi.",
        "published": "2026-06-01T10:00:00Z",
    }
    path.write_text(json.dumps(article) + "\n")
    pipeline.command("ingest", str(path))


def wait_seen(page: Page, seconds: float = 90) -> float:
    """Return when the watched text appeared, in seconds since 1970."""
    wait_for(page, "() => window.seenAt !== null", seconds=seconds)
    return float(page.evaluate("window.seenAt")) / 1000


def test_an_article_appears_soon_and_moves_no_focus(
    browser: Browser, pipeline: WatchedPipeline, pictures: Path
) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        page = observed.page
        page.goto("/articles")
        field = page.locator("main input").first
        field.fill("Half a wo")
        field.evaluate("each => each.setSelectionRange(2, 5)")
        for number in range(3):
            title = f"Browser article number {number}"
            page.evaluate(WATCH_TEXT, title)
            publish(pipeline, title)
            seen = wait_seen(page)
            delay = seen - committed_at(pipeline, title)
            note(pictures, **{f"article_seconds_{number}": round(delay, 2)})
            assert delay < ARRIVAL_SECONDS
        assert field.evaluate("each => document.activeElement === each")
        assert field.evaluate("each => [each.value, each.selectionStart, each.selectionEnd]") == ["Half a wo", 2, 5]
        assert not observed.complaints


def test_updates_keep_what_the_reader_opened_and_where_the_page_stands(
    browser: Browser, pipeline: WatchedPipeline
) -> None:
    with observed_page(browser, LOOKS[2], pipeline.url) as observed:
        page = observed.page
        page.goto("/")
        details = page.locator("#groups details").first
        details.locator("summary").focus()
        page.keyboard.press("Enter")
        details.scroll_into_view_if_needed()
        page.evaluate("getSelection().selectAllChildren(document.querySelector('#groups h2'))")
        place = page.evaluate("scrollY")
        before = page.locator("#summary time").get_attribute("datetime")
        wait_for(page, LATER, before)
        assert details.get_attribute("open") is not None
        assert details.locator("summary").evaluate("each => document.activeElement === each")
        assert page.evaluate("String(getSelection())") == page.locator("#groups h2").inner_text()
        assert page.evaluate("scrollY") == place


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2]], ids=lambda look: look.name)
def test_nothing_moves_while_the_overview_is_updated(browser: Browser, pipeline: WatchedPipeline, look: Look) -> None:
    with observed_page(browser, look, pipeline.url) as observed:
        page = observed.page
        page.goto("/")
        wait_for(page, "() => document.querySelector('#summary time')?.title.endsWith(' UTC')")
        if page.locator(".plots figure").count() > 0:
            page.wait_for_selector(".plots .uplot")
        page.evaluate(WATCH_SHIFTS)
        for _ in range(4):
            before = page.locator("#summary time").get_attribute("datetime")
            wait_for(page, LATER, before)
        assert page.evaluate("window.shifts") == []
        assert not observed.complaints


def test_a_page_without_a_free_stream_keeps_itself_up_to_date(browser: Browser, pipeline: WatchedPipeline) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        page = observed.page

        def refuse(route: Route) -> None:
            if "event-stream" in route.request.headers.get("accept", ""):
                route.fulfill(status=503, body="")
            else:
                route.continue_()

        page.route("**/*", refuse)
        page.goto("/")
        before = page.locator("#summary time").get_attribute("datetime")
        wait_for(page, LATER, before)


def test_signing_in_and_out_works_with_the_keyboard(browser: Browser, pipeline: WatchedPipeline) -> None:
    with observed_page(browser, LOOKS[3], pipeline.url) as observed:
        page = observed.page
        sign_in(page)
        out = page.get_by_role("button", name="sign out")
        out.focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="sign in").wait_for()


def test_the_end_of_a_broker_shows_soon_and_its_return_too(
    browser: Browser, pipeline: WatchedPipeline, pictures: Path
) -> None:
    with observed_page(browser, LOOKS[0], pipeline.url) as observed:
        page = observed.page
        page.goto("/")
        wait_for(page, "() => document.title.startsWith('✓') || document.title.startsWith('!')")
        page.evaluate(WATCH_TEXT, "has not answered since")
        broker = pipeline.broker()
        broker.suspend()
        suspended = time.time()
        try:
            delay = wait_seen(page) - suspended
        finally:
            broker.resume()
        note(pictures, outage_seconds=round(delay, 2))
        page.screenshot(path=pictures / "overview-outage.png", full_page=True)
        assert delay < OUTAGE_SECONDS
        wait_for(page, "() => !document.querySelector('main').innerText.includes('has not answered since')")
        page.evaluate(WATCH_TEXT, "has not answered since")
        broker.kill()
        killed = time.time()
        delay = wait_seen(page) - killed
        note(pictures, death_seconds=round(delay, 2))
        assert delay < OUTAGE_SECONDS
