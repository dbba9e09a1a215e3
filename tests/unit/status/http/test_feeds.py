import re
from datetime import timedelta

import httpx
import pytest
from dateline.settings import KafkaSettings
from dateline_schemas import Feed, FeedPoll, FeedState
from dateline_schemas.identity import feed_key
from dateline_status.feeds.catalog import FeedCatalog
from dateline_status.feeds.reader import FeedReader
from dateline_status.http.access.access import Access
from dateline_status.http.app import create_app
from dateline_status.http.dashboard import Dashboard
from pydantic import SecretStr
from support.status_fakes import START, Clock, FakeKafka, observer_of

HOSTILE = "<script>alert(1)</script>\"'"
TOKEN = "correct horse battery staple"
PAGE = {"accept": "text/html"}


async def client_of(kafka: FakeKafka, access: Access | None = None) -> httpx.AsyncClient:
    observer = observer_of(kafka, Clock())
    await observer.observe()
    reader = FeedReader(kafka.connect, KafkaSettings(), search_records=100, outage=lambda: observer.ready().reason)
    dashboard = Dashboard(feeds=FeedCatalog(lambda: observer.feeds, reader), access=access or Access())
    app = create_app(observer, release="1.2.3", dashboard=dashboard)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://status")


def add(kafka: FakeKafka, url: str, *, polled: dict[str, object] | None = None, **fields: object) -> str:
    key = feed_key(url)
    value = Feed.model_validate({"url": url, "added": START} | fields).to_bytes()
    kafka.write("dateline.feeds", key.encode(), value)
    if polled is not None:
        state = FeedState.model_validate({"url": url.replace("ann:sesame@", "")} | polled)
        kafka.write("dateline.feed-state", key.encode(), state.to_bytes())
    return key


@pytest.fixture
def kafka() -> FakeKafka:
    return FakeKafka()


async def test_two_thousand_feeds_are_listed_in_pages(kafka: FakeKafka) -> None:
    for number in range(2000):
        add(kafka, f"https://{number % 7}.example/{number:04}", name=f"Feed {number}")
    async with await client_of(kafka) as client:
        body = (await client.get("/feeds?page=3&size=100&sort=-address")).json()
        assert (body["total"], body["matching"], body["pages"], len(body["feeds"])) == (2000, 2000, 20, 100)
        assert body["feeds"][0]["address"] == "https://6.example/0594"
        page = (await client.get("/feeds?host=6.example&page=2&verdict=new", headers=PAGE)).text
    assert re.search(r"285 of 2.000 feeds", page)
    assert "page 2 of 6" in page
    assert 'href="/feeds?verdict=NEW&amp;host=6.example&amp;page=3"' in page
    assert page.count("https://6.example/") == 50


async def test_the_page_keeps_its_filters_in_the_form_and_in_every_link(kafka: FakeKafka) -> None:
    add(kafka, "https://a.example/", polled={"verdict": "QUIET", "last_poll": START})
    async with await client_of(kafka) as client:
        page = (await client.get("/feeds?text=a.ex&verdict=QUIET&sort=failures", headers=PAGE)).text
    assert 'name="text" type="search" value="a.ex"' in page
    assert 'value="QUIET" checked' in page
    assert '<option value="failures" selected>' in page
    assert 'aria-sort="descending"><a href="/feeds?verdict=QUIET&amp;text=a.ex&amp;sort=-failures"' in page
    assert '<a href="/feeds?sort=failures">all feeds</a>' in page


async def test_only_the_table_is_sent_again_when_a_feed_changes(kafka: FakeKafka) -> None:
    add(kafka, "https://a.example/")
    async with await client_of(kafka) as client:
        page = (await client.get("/feeds", headers=PAGE)).text
    assert re.findall(r"<!--live ([\w-]+)-->", page) == ["feed-list"]
    form = page.index("<form")
    assert form < page.index("<!--live")


@pytest.mark.parametrize("query", ["verdict=BAD", "sort=name", "page=0", "size=501", "page=x"])
async def test_a_list_that_cannot_be_is_refused_with_problem_details(kafka: FakeKafka, query: str) -> None:
    async with await client_of(kafka) as client:
        answer = await client.get(f"/feeds?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_a_feed_has_a_page_with_its_rhythm_polls_and_records(kafka: FakeKafka) -> None:
    polls = [FeedPoll(at=START, status=200, items=30, new=3, outcome="read")]
    polled: dict[str, object] = {"verdict": "OK", "last_poll": START, "next_poll": START + timedelta(hours=1)}
    key = add(kafka, "https://a.example/rss", name="A", polled=polled | {"polls": polls})
    async with await client_of(kafka) as client:
        page = await client.get(f"/feeds/{key}", headers=PAGE)
        body = (await client.get("/feeds/https://a.example/rss")).json()
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "1 poll: 1 found something new; 3 new or changed items." in page.text
    assert 'Next poll at <time datetime="2024-06-12T11:00:00Z">' in page.text
    assert "feed-state at dateline.feed-state[0]@0" in page.text
    assert "style=" not in page.text
    assert body["summary"]["key"] == key
    assert body["records"]["feeds"]["value"]["name"] == "A"


async def test_the_query_of_an_address_need_not_be_encoded(kafka: FakeKafka) -> None:
    add(kafka, "https://a.example/rss?q=1&x=2")
    async with await client_of(kafka) as client:
        assert (await client.get("/feeds/https://a.example/rss?q=1&x=2")).status_code == 200
        answer = await client.get("/feeds/https://a.example/rss")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_hostile_text_is_escaped_and_credentials_are_never_shown(kafka: FakeKafka) -> None:
    poll = FeedPoll(at=START, reason=HOSTILE, outcome=HOSTILE)
    polled: dict[str, object] = {
        "title": HOSTILE,
        "verdict": "FAILING",
        "reason": HOSTILE,
        "last_poll": START,
        "last_error": f"{HOSTILE} at https://ann:sesame@a.example/",
        "moved_to": "https://ann:sesame@b.example/",
        "candidates": [f"javascript:{HOSTILE}"],
        "polls": [poll],
    }
    folders = [[HOSTILE]]
    key = add(kafka, "https://ann:sesame@a.example/", name=HOSTILE, folders=folders, polled=polled)
    odd = add(kafka, f"javascript:{HOSTILE}//x", home_page="javascript:alert(1)")
    kafka.write("dateline.feeds", HOSTILE.encode(), Feed(url="https://c.example/", added=START).to_bytes())
    async with await client_of(kafka) as client:
        for path in ("/feeds", f"/feeds/{key}", f"/feeds/{odd}", f"/feeds?text={HOSTILE}&host={HOSTILE}"):
            for headers in (PAGE, {}):
                answer = await client.get(path, headers=headers)
                assert answer.status_code == 200
                assert "sesame" not in answer.text
                if headers:
                    assert "alert(1)</script>" not in answer.text
                    assert 'href="javascript' not in answer.text
        link = re.search(r'href="(/feeds/%3C[^"]*)"', (await client.get("/feeds", headers=PAGE)).text)
        assert link is not None
        assert (await client.get(link[1], headers=PAGE)).status_code == 200


async def test_buttons_are_shown_only_to_whoever_has_signed_in(kafka: FakeKafka) -> None:
    key = add(kafka, "https://a.example/")
    add(kafka, "https://paused.example/", paused=True)
    async with await client_of(kafka, Access.of(SecretStr(TOKEN))) as client:
        assert f"/feeds/{key}/pause" not in (await client.get(f"/feeds/{key}", headers=PAGE)).text
        await client.post("/sign-in", data={"token": TOKEN}, headers=PAGE | {"origin": "http://status"})
        page = (await client.get(f"/feeds/{key}", headers=PAGE)).text
        assert f'action="/feeds/{key}/pause"' in page
        assert f'action="/feeds/{key}/poll"' in page
        assert f'action="/feeds/{key}/resume"' not in page
        paused = (await client.get("/feeds/https://paused.example/", headers=PAGE)).text
        assert "/resume" in paused
        assert '/pause"' not in paused
        assert 'href="/feeds/add"' in (await client.get("/feeds", headers=PAGE)).text


async def test_pages_of_feeds_stay_while_kafka_is_down(kafka: FakeKafka) -> None:
    key = add(kafka, "https://a.example/", name="A")
    async with await client_of(kafka) as client:
        kafka.down = "no broker"
        listed = await client.get("/feeds", headers=PAGE)
        shown = await client.get(f"/feeds/{key}", headers=PAGE)
    assert "https://a.example/" in listed.text
    assert "Not everything could be read: Kafka does not answer: no broker." in shown.text
