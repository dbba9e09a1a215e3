"""Pages read from a real site into a real Kafka: each article once, and no request within the pause."""

import secrets
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateline.kafka.partitioning import partition_of
from dateline_broker import Broker
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_schemas import FeedPages, SiteSettings
from dateline_schemas.topics import DEAD_LETTERS, FEED_PAGES, PAGE_REQUESTS
from support.page_site import Page, PageSite, an_article_page, page_site
from support.pages_lab import PagesLab, a_page_request, a_pages_lab
from support.relay_lab import eventually

pytestmark = pytest.mark.kafka


class PlainReader:
    """Returns what stands in the paragraphs of a page."""

    async def read(self, document: PageDocument) -> PageReading:
        text = document.body.decode()
        paragraphs = [part.partition("</p>")[0] for part in text.split("<p>")[1:]]
        return PageReading(body="\n".join(paragraphs))


@pytest.fixture
async def pages_lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[PagesLab]:
    async with a_pages_lab(kafka_broker.bootstrap_servers, f"p{secrets.token_hex(4)}", tmp_path) as lab:
        yield lab


@pytest.fixture
async def site() -> AsyncIterator[PageSite]:
    async with page_site() as made:
        yield made


async def test_an_article_is_published_once_with_the_text_of_its_page(pages_lab: PagesLab, site: PageSite) -> None:
    for number in range(3):
        site.pages[f"news/{number}"] = Page(body=an_article_page(f"Bridge {number}"))
    await pages_lab.ask(*(a_page_request(site.url(f"news/{number}"), f"Bridge {number}") for number in range(3)))
    async with pages_lab.reading(PlainReader(), "one"):
        articles = await pages_lab.wait_articles(3)
    assert [article.title for article in articles] == ["Bridge 0", "Bridge 1", "Bridge 2"]
    assert {article.text_from for article in articles} == {"page"}
    assert all("paragraph 3" in article.body for article in articles)
    assert site.paths == ["robots.txt", ".well-known/tdmrep.json", *(f"news/{number}" for number in range(3))]
    assert site.least_pause_seconds >= pages_lab.pause_seconds


async def test_a_replica_that_is_killed_loses_no_article_and_the_pause_is_kept(
    pages_lab: PagesLab, site: PageSite
) -> None:
    pages_lab.pause_seconds = 1.0
    for number in range(12):
        site.pages[f"news/{number}"] = Page(body=an_article_page(f"Bridge {number}"))
    await pages_lab.ask(*(a_page_request(site.url(f"news/{number}"), f"Bridge {number}") for number in range(12)))
    pages_lab.process()
    await pages_lab.wait_articles(3)
    pages_lab.processes[0].kill()
    pages_lab.process()
    pages_lab.process()
    await pages_lab.wait_articles(6)
    frozen = pages_lab.processes[1]
    frozen.send_signal(signal.SIGSTOP)
    await pages_lab.wait_articles(8)
    frozen.send_signal(signal.SIGCONT)
    articles = await pages_lab.wait_articles(12)
    for process in pages_lab.processes[1:]:
        assert await pages_lab.end(process) == 0
    assert Counter(article.title for article in articles) == {f"Bridge {number}": 1 for number in range(12)}
    assert {article.text_from for article in articles} == {"page"}
    assert len(site.short_pauses(1.0)) <= 1, "one stray request is allowed for the freeze"
    assert await pages_lab.waiting() == []


async def test_after_the_deadline_the_feeds_text_comes_out_and_the_page_is_the_next_revision(
    pages_lab: PagesLab, site: PageSite
) -> None:
    pages_lab.options = {"deadline_seconds": 0.5, "max_deadline_seconds": 0.5, "pause_seconds": 2.0}
    site.pages["news/1"] = Page(body=an_article_page("Bridge"))
    await pages_lab.ask(a_page_request(site.url("news/1")))
    async with pages_lab.reading(PlainReader(), "one"):
        first, second = await pages_lab.wait_articles(2)
    assert (first.text_from, first.text_reason) == ("feed", "the page was not read in time")
    assert (second.text_from, second.id) == ("page", first.id)
    assert second.observed is not None
    assert first.observed is not None
    assert second.observed > first.observed


async def test_a_redirect_to_another_site_is_handed_over_to_its_task(pages_lab: PagesLab, site: PageSite) -> None:
    async with page_site() as other:
        other.host = "localhost"
        other.pages["moved"] = Page(body=an_article_page("Bridge"))
        site.pages["news/1"] = Page(status=301, headers={"Location": other.url("moved")})
        site.pages["news/2"] = Page(status=302, headers={"Location": "/news/3"})
        site.pages["news/3"] = Page(body=an_article_page("Harbour"))
        requests = [a_page_request(site.url("news/1"), "Bridge"), a_page_request(site.url("news/2"), "Harbour")]
        await pages_lab.ask(*requests)
        async with pages_lab.reading(PlainReader(), "one", "two"):
            articles = await pages_lab.wait_articles(2)
    assert {article.title: (article.id, article.text_from) for article in articles} == {
        "Bridge": (requests[0].article and requests[0].article.id, "page"),
        "Harbour": (requests[1].article and requests[1].article.id, "page"),
    }
    assert site.paths[2:] == ["news/1", "news/2", "news/3"]
    assert "moved" in other.paths
    assert site.least_pause_seconds >= pages_lab.pause_seconds


async def test_a_blocked_site_gets_no_request(pages_lab: PagesLab, site: PageSite) -> None:
    changed = datetime(2024, 6, 1, tzinfo=UTC)
    await pages_lab.decide(SiteSettings(site=site.key, blocked=True, reason="they asked us to", changed=changed))
    await pages_lab.ask(a_page_request(site.url("news/1")))
    async with pages_lab.reading(PlainReader(), "one"):
        (article,) = await pages_lab.wait_articles(1)
    assert (article.text_from, article.text_reason) == ("feed", "the site is blocked: they asked us to")
    assert site.log == []


async def test_an_invalid_request_becomes_a_dead_letter_and_what_pages_gave_is_told_to_the_feed(
    pages_lab: PagesLab, site: PageSite
) -> None:
    site.pages["news/1"] = Page(body=an_article_page("Bridge"))
    request = a_page_request(site.url("news/1"))
    topic = PAGE_REQUESTS.named(pages_lab.kafka.topic_prefix)
    without_article = request.model_copy(update={"article": None})
    invalid = (b"{}", without_article.to_bytes())
    await pages_lab.write((topic, site.key.encode(), value, []) for value in invalid)
    await pages_lab.ask(request)
    async with pages_lab.reading(PlainReader(), "one"):
        await pages_lab.wait_articles(1)

        async def told() -> bool:
            return len(await pages_lab.records(DEAD_LETTERS)) == 2

        await eventually("two dead letters", told)
    (record,) = await pages_lab.records(FEED_PAGES)
    assert record.key == f"{'f' * 32}/{site.key}".encode()
    assert record.partition == partition_of(b"f" * 32, 4)
    counts = FeedPages.from_bytes(record.value or b"")
    assert (counts.pages, counts.read, counts.more) == (1, 1, 1)


async def test_the_verbs_show_block_and_retry(pages_lab: PagesLab, site: PageSite) -> None:
    site.pages["news/1"] = Page(status=403)
    await pages_lab.ask(a_page_request(site.url("news/1")))
    async with pages_lab.reading(PlainReader(), "one"):
        await pages_lab.wait_articles(1)
        assert site.key in await pages_lab.verb("list", "--troubled")
        shown = await pages_lab.verb("show", site.key)
        assert "0 with the text of their page, 1 with that of their feed" in shown
        assert "it refuses this client" in shown
        site.pages["news/1"] = Page(body=an_article_page("Bridge"))
        await pages_lab.verb("retry", site.key)
        articles = await pages_lab.wait_articles(2)
        assert [article.text_from for article in articles] == ["feed", "page"]
        await pages_lab.verb("block", site.key, "--reason", "they asked us to")
        assert "blocked: they asked us to" in await pages_lab.verb("show", site.key)
        count = len(site.log)
        await pages_lab.ask(a_page_request(site.url("news/2")))
        await pages_lab.wait_articles(3)
        assert len(site.log) == count
        await pages_lab.verb("unblock", site.key)
        assert "blocked" not in await pages_lab.verb("list")
