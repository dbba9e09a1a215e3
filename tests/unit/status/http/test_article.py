import re
from collections.abc import AsyncIterator

import httpx
import pytest
from aiokafka.partitioner import DefaultPartitioner
from dateline.settings import KafkaSettings
from dateline_schemas import EnrichedArticle
from dateline_status.articles.journey import Journey
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.recent.articles import RecentArticles
from support.articles import an_article
from support.enriched_records import ENRICHED, TRACE, a_date, an_entity, enriched, withdrawn
from support.status_fakes import PARSED, Clock, FakeKafka, observer_of

HEADERS = (("traceparent", f"00-{TRACE}-b7ad6b7169203331-01".encode()),)
NUMBERS = list(range(4))
URL = "https://news.example/rain"
HOSTILE = "<script>alert(1)</script>"


class Site:
    """The application with a Kafka, and the articles that it knows."""

    def __init__(self, *, with_index: bool) -> None:
        self.kafka = FakeKafka()
        self.dashboard = Dashboard()
        self.articles = RecentArticles(self.kafka.connect, KafkaSettings(), 1000)
        if with_index:
            self.dashboard.articles = self.articles
        self.app = create_app(observer_of(self.kafka, Clock()), release="1.2.3", dashboard=self.dashboard)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://status")

    async def write(self, *values: EnrichedArticle) -> None:
        for value in values:
            key = value.id.encode()
            home = DefaultPartitioner()(key, NUMBERS, NUMBERS)
            self.kafka.write(PARSED, key, value.article.to_bytes(), HEADERS, partition=home)
            self.kafka.write(ENRICHED, key, value.to_bytes(), HEADERS, partition=home)
        await self.articles.reader.start(self.kafka)
        self.articles.reader.is_filled = False
        while not self.articles.reader.is_filled:
            await self.articles.reader.step(self.kafka)

    async def page(self, name: str, status: int = 200) -> str:
        answer = await self.client.get(f"/articles/{name}", headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        return answer.text


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site(with_index=True)
    async with made.client:
        yield made


def part(page: str, name: str) -> str:
    found = re.search(f"<!--live {name}-->(.*?)<!--/live {name}-->", page, re.DOTALL)
    assert found is not None, name
    return found[1]


def versions() -> list[EnrichedArticle]:
    texts = ["Rain in Berlin.\nTwo trees fell on Thursday.", "Rain in Berlin.\nThree trees fell on Thursday."]
    found = []
    for number, text in enumerate(texts, 1):
        where = text.index("Thursday")
        found.append(
            enriched(
                an_article(f"Rain, {number}", text, url=URL),
                revision=number,
                seconds=number,
                entities=[an_entity(text, (8, 14))],
                dates=[a_date(text, where, where + 8)],
            )
        )
    return found


async def test_the_page_shows_an_article_with_its_way_marks_links_and_record(site: Site) -> None:
    value = versions()[0]
    await site.write(value)
    page = await site.page(value.id)
    assert f"<code>{value.id}</code>" in part(page, "article")
    assert f'<a href="{URL}" rel="noreferrer noopener">' in part(page, "article")
    way = part(page, "way")
    home = DefaultPartitioner()(value.id.encode(), NUMBERS, NUMBERS)
    assert f"{PARSED}[{home}]@0" in way
    assert f"{ENRICHED}[{home}]@0" in way
    assert f"<code>{TRACE}</code>" in way
    assert 'data-letters="L">Berlin</mark>.\nTwo trees fell on <mark class="date"' in part(page, "text")
    entities = part(page, "entities")
    assert '<a href="https://www.wikidata.org/wiki/Q64" rel="noreferrer noopener">wikidata:Q64</a>' in entities
    assert '<a href="https://www.geonames.org/2950159" rel="noreferrer noopener">' in entities
    assert "<code>2024-06-27</code>" in part(page, "dates")
    raw = part(page, "raw")
    assert "traceparent" in raw
    assert "&#34;revision&#34;: 1" in raw


async def test_revisions_are_shown_with_what_changed(site: Site) -> None:
    await site.write(*versions())
    page = await site.page(URL)
    revisions = part(page, "revisions")
    assert revisions.index("Revision 2") < revisions.index("Revision 1")
    assert "<del>Two</del> <ins>Three</ins> trees fell on Thursday." in revisions
    assert "1 paragraph unchanged" in revisions
    assert "<del>1</del> <ins>2</ins>" in revisions
    assert "Three trees" in part(page, "text")


async def test_without_an_index_revisions_are_searched() -> None:
    site = Site(with_index=False)
    async with site.client:
        await site.write(*versions())
        revisions = part(await site.page(URL), "revisions")
    assert revisions.index("Revision 2") < revisions.index("Revision 1")


async def test_a_withdrawn_article_says_so(site: Site) -> None:
    value = versions()[0]
    await site.write(value, withdrawn(value, seconds=9))
    page = await site.page(value.id)
    assert "withdrawn" in part(page, "article")
    assert "Its publisher has withdrawn the article." in part(page, "revisions")
    assert "<!--live text-->" not in page


async def test_a_hostile_article_is_escaped(site: Site) -> None:
    text = f"{HOSTILE} & more"
    article = an_article(HOSTILE, text, url="https://news.example/?q=%22%3E<b>\"'")
    value = enriched(article, entities=[an_entity(text, (2, 20), name=HOSTILE, links=[("wikidata", '"><b>')])])
    value = value.model_copy(update={"annotations": {HOSTILE: {"a": HOSTILE}}})
    await site.write(value)
    page = await site.page(value.id)
    assert "<script>alert" not in page
    assert "<b>" not in page.partition("<main")[2]
    assert "&lt;script&gt;" in part(page, "annotations")


async def test_machines_get_the_journey_as_before(site: Site) -> None:
    value = versions()[0]
    await site.write(value)
    for accept in ("application/json", "*/*"):
        answer = await site.client.get(f"/articles/{URL}", headers={"accept": accept})
        journey = Journey.model_validate(answer.json())
        assert (answer.status_code, journey.state, journey.id) == (200, "enriched", value.id)
        assert journey.enriched[0].trace_id == TRACE


async def test_errors_are_pages_for_people_and_problems_for_machines(site: Site) -> None:
    await site.write(versions()[0])
    for name, status in (("https://news.example/nowhere", 404), ("not-an-id", 422)):
        page = await site.page(name, status)
        assert "<h1>" in page
        answer = await site.client.get(f"/articles/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    site.kafka.down = "no broker answers"
    assert "no broker answers" in await site.page(URL, 503)
    assert (await site.client.get(f"/articles/{URL}")).status_code == 503


async def test_the_id_of_a_foreign_writer_is_known_to_the_index() -> None:
    site = Site(with_index=True)
    article = an_article("Foreign", url=None).model_copy(update={"id": "a/b c?"})
    async with site.client:
        await site.write(enriched(article))
        link = re.search(
            r'href="(/articles/[^"?]+)">', (await site.client.get("/articles", headers={"accept": "text/html"})).text
        )
        assert link is not None
        assert link[1] == "/articles/a%2Fb%20c%3F"
        assert "Foreign" in await site.page("a%2Fb%20c%3F")
