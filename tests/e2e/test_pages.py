"""Pages read from a real site into a real Kafka: each article once, and no request within the pause."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dateline_broker import Broker
from dateline_pages.reading.page import PageDocument, PageReading
from support.page_site import Page, PageSite, an_article_page, page_site
from support.pages_lab import PagesLab, a_page_request, a_pages_lab

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
