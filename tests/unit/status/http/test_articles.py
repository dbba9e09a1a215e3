import asyncio
import json
import re
from collections.abc import AsyncIterator, MutableMapping, Sequence
from typing import Any

import httpx
import pytest
from dateline.settings import KafkaSettings
from dateline_schemas import EnrichedArticle
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from dateline_status.recent.articles import RecentArticles
from support.articles import an_article
from support.enriched_records import ENRICHED, a_date, an_entity, enriched, withdrawn
from support.status_fakes import Clock, FakeKafka, observer_of

PAGE = {"accept": "text/html"}
HOSTILE = "<script>alert(1)</script>"


class Site:
    """The application with articles, and a client."""

    def __init__(self) -> None:
        self.kafka = FakeKafka()
        self.dashboard = Dashboard()
        self.articles = RecentArticles(
            self.kafka.connect, KafkaSettings(), 1000, arrived=lambda: self.dashboard.pulse.beat()
        )
        self.dashboard.articles = self.articles
        self.app = create_app(observer_of(self.kafka, Clock()), release="1.2.3", dashboard=self.dashboard)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://status")

    async def write(self, *values: EnrichedArticle) -> None:
        for value in values:
            self.kafka.write(ENRICHED, value.id.encode(), value.to_bytes())
        await self.articles.reader.start(self.kafka)
        self.articles.reader.is_filled = False
        while not self.articles.reader.is_filled:
            await self.articles.reader.step(self.kafka)

    async def page(self, path: str) -> str:
        answer = await self.client.get(path, headers=PAGE)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    async with made.client:
        yield made


def hostile() -> EnrichedArticle:
    text = f'{HOSTILE} in "Berlin" & on <b>Thursday</b>'
    article = an_article(f"{HOSTILE}&lt;", text, url="javascript:alert(1)")
    place = an_entity(text, (4, 40), name=f'"><img src=x onerror=alert(1)>{HOSTILE}', links=[("wikidata", '"><b>')])
    title = an_entity(article.title, (0, 8), field="title", name=HOSTILE)
    return enriched(article, number=1, entities=[place, title], dates=[a_date(text, 30, 60, value=HOSTILE)])


async def test_the_list_shows_the_newest_articles_first_with_their_mentions_marked(site: Site) -> None:
    text = "Berlin on Thursday"
    article = an_article("Rain in Berlin", text, url="https://news.example/rain")
    entities = [an_entity(text, (0, 6))]
    await site.write(enriched(article, number=1, entities=entities, dates=[a_date(text, 10, 18)]), enriched(number=2))
    page = await site.page("/articles")
    assert re.findall(r'<li id="article-([\w-]+)">', page) == [
        each["id"] for each in (await site.client.get("/articles")).json()["articles"]
    ]
    assert page.index("Article 2") < page.index("Rain in Berlin")
    title = "location: Berlin (wikidata:Q64, geonames:2950159)"
    assert f'<mark class="location" title="{title}" data-letters="L">Berlin</mark> on <mark class="date"' in page
    assert f'<a id="title-{article.id}" href="/articles/{article.id}">' in page
    assert '<main id="main" tabindex="-1" data-live>' in page
    assert "2 articles" in page
    assert "DATELINE_STATUS__RECENT_ARTICLES" in page


async def test_hostile_articles_are_escaped(site: Site) -> None:
    await site.write(hostile())
    for path in ("/articles", f"/articles?q={HOSTILE}", "/articles?q=script"):
        page = await site.page(path)
        assert "<script>alert" not in page
        assert "<img" not in page.partition("<main")[2]
        assert "<b>Thursday" not in page
        assert "javascript:" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in await site.page("/articles")


async def test_an_article_without_excerpt_shows_what_it_names(site: Site) -> None:
    await site.write(*(enriched(number=n, entities=[an_entity("", name=f"Place {n}")]) for n in range(40)))
    page = await site.page("/articles?q=%22place+3%22")
    assert '<mark class="location" title="location: wikidata:Q64, geonames:2950159"><bdi>Place 3</bdi></mark>' in page
    assert "<b>1</b> of" in page


async def test_a_withdrawn_article_has_no_text(site: Site) -> None:
    value = enriched(an_article("Wrong", "All of it.", url="https://news.example/w"), number=1)
    await site.write(value, withdrawn(value, seconds=5))
    page = await site.page("/articles")
    assert "withdrawn: https://news.example/w" in page
    assert "Wrong" not in page
    assert "All of it" not in page
    (listed,) = (await site.client.get("/articles")).json()["articles"]
    assert (listed["retracted"], listed["title"], listed["revision"]) == (True, "", 2)


async def test_machines_get_json_that_fits_the_documented_schema(site: Site) -> None:
    await site.write(*(enriched(number=n, entities=[an_entity("")]) for n in range(5)))
    answer = await site.client.get("/articles?q=article&limit=2")
    body = answer.json()
    assert [each["title"] for each in body["articles"]] == ["Article 4", "Article 3"]
    assert (body["question"], body["matches"]) == ("article", 5)
    assert body["articles"][0]["entities"] == [
        {"type": "location", "name": "Berlin", "links": ["wikidata:Q64", "geonames:2950159"]}
    ]
    assert body["look_back"]["capacity"] == 1000
    rest = (await site.client.get("/articles", params={"q": "article", "before": body["before"]})).json()
    assert [each["title"] for each in rest["articles"]] == ["Article 2", "Article 1", "Article 0"]
    assert rest["before"] is None


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 501, "limit=0", "limit=101", "limit=x", "before=x", "before=1.2", "before=1.2." + "9" * 20]
)
async def test_parameters_out_of_their_bounds_are_refused(site: Site, query: str) -> None:
    answer = await site.client.get(f"/articles?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    page = await site.client.get(f"/articles?{query}", headers=PAGE)
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")


async def test_only_the_list_of_the_newest_articles_updates_itself(site: Site) -> None:
    await site.write(*(enriched(number=n) for n in range(3)))
    older = re.search(r'rel="next" href="([^"]+)"', await site.page("/articles?limit=2"))
    assert older is not None
    for path in ("/articles?q=article", older[1].replace("&amp;", "&")):
        page = await site.page(path)
        assert "data-live" not in page
        assert "http-equiv" not in page
    assert "http-equiv" in await site.page("/articles")


async def test_a_list_that_is_held_begins_with_the_same_article(site: Site) -> None:
    await site.write(*(enriched(number=n) for n in range(3)))
    held = re.search(r'href="([^"]+)">Hold this list', await site.page("/articles"))
    assert held is not None
    await site.write(enriched(number=9))
    page = await site.page(held[1].replace("&amp;", "&"))
    assert "Article 2" in page
    assert "Article 9" not in page


async def test_without_an_index_there_is_no_list() -> None:
    app = create_app(observer_of(FakeKafka(), Clock()), release="1.2.3")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status") as client:
        assert (await client.get("/articles", follow_redirects=True)).status_code == 422
        assert 'href="/articles"' not in (await client.get("/", headers=PAGE)).text


async def events(site: Site, first: Sequence[EnrichedArticle]) -> list[str]:
    """Return the ids of the parts that the stream of the list sends, until an article that arrives later is there."""
    await site.write(*first)
    app, sent, arrived = site.app, list[str](), asyncio.Event()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/articles",
        "raw_path": b"/articles",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"status"), (b"accept", b"text/event-stream")],
        "client": ("127.0.0.1", 1),
        "server": ("status", 80),
    }

    async def receive() -> dict[str, object]:
        await arrived.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        for line in body.decode().splitlines():
            if line.startswith("data: ") and "html" in line:
                part = json.loads(line[6:])
                sent.append(part["id"])
                if part["id"] == "articles" and "Article 7" not in part["html"]:
                    await site.write(enriched(number=7))
                elif part["id"] == "articles":
                    arrived.set()

    await asyncio.wait_for(app(scope, receive, send), 30)
    return sent


async def test_an_article_that_arrives_is_sent_to_open_pages(site: Site) -> None:
    sent = await events(site, [enriched(number=1)])
    assert sent.count("articles") == 2
