"""From feeds to enriched articles: pages of all kinds, killed replicas, withdrawn articles and backfills."""

import asyncio
import json
import re
import secrets
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from dateline.kafka.records import Record
from dateline_broker import Broker
from dateline_schemas import TOPICS, EnrichedArticle
from dateline_schemas.topics import DEAD_LETTERS
from support.asyncapi import DOCUMENTS, AsyncApi
from support.news_site import news_site
from support.page_site import Page, PageSite, an_article_page, page_site
from support.pipeline_lab import PipelineLab, a_pipeline_lab, teasers
from support.real_records import add_the_rare_ones, records_of_every_topic
from support.warc import compressed, warc_record

pytestmark = pytest.mark.kafka

TEASER = "The council met on Tuesday…"
PAUSE_SECONDS = 0.3
DELAY_SECONDS = 1

WALL = b"<title>Post</title><h1>Before you continue</h1><p>We use cookies. Accept all?</p><button>Accept all</button>"
LOST = b"<title>Page not found</title><h1>Page not found</h1><p>Sorry, the page that you look for does not exist.</p>"
HEADLINES = "".join(f"<h3><a href=/a/{number}>Council approves line {number}</a></h3>" for number in range(30))
FRONT = f"<title>Post</title>{HEADLINES}".encode()
PAID = b'<script type=\'application/ld+json\'>{"@type": "Article", "isAccessibleForFree": false}</script></head>'
LOOKS = ",".join(f"{seconds}s" for seconds in range(5, 200, 5))

FIRST = {
    "plain": Page(body=an_article_page("plain")),
    "paid": Page(body=an_article_page("paid").replace(b"</head>", PAID)),
    "moved": Page(status=301, headers={"Location": "/news/there"}),
    "secret": Page(body=an_article_page("secret")),
    "wall": Page(body=WALL),
    "lost": Page(body=LOST),
    "home": Page(status=302, headers={"Location": "/"}),
    "paper": Page(body=b"%PDF-1.7 \xe2\xe3\xcf\xd3\n1 0 obj", headers={"Content-Type": "application/pdf"}),
    "ended": Page(status=410),
    "refused": Page(status=403),
}
"""Pages that are answered at the first try, by the last part of their address."""

FOUND = {
    "plain": ("page", None),
    "paid": ("page", None),
    "moved": ("page", None),
    "away": ("page", None),
    "secret": ("feed", "robots.txt forbids it"),
    "wall": ("feed", "consent: "),
    "lost": ("feed", "not found: "),
    "home": ("feed", "front page: "),
    "paper": ("feed", "not html: "),
    "ended": ("feed", "the server answered 410"),
    "refused": ("feed", "the server answered 403"),
    "slow": ("feed", "the page was not read in time"),
    "broken": ("feed", "the page was not read in time"),
}
"""Where the first text of each article is from, and the beginning of the reason."""


UNSEEN = {"feed-pages.removed", "groups.removed", "heartbeats.removed", "seen.removed"}
"""Messages that a run may lack: nothing is removed from these topics in so short a time."""


@pytest.fixture
async def lab(kafka_broker: Broker, tmp_path: Path) -> AsyncIterator[PipelineLab]:
    async with a_pipeline_lab(kafka_broker.bootstrap_servers, f"w{secrets.token_hex(4)}", tmp_path) as opened:
        yield opened


@pytest.fixture
async def site() -> AsyncIterator[PageSite]:
    async with page_site() as made:
        yield made


def has(*titles: str, count: int = 1) -> Callable[[dict[str, list[EnrichedArticle]]], bool]:
    return lambda revisions: all(len(revisions.get(title, [])) >= count for title in titles)


async def test_each_kind_of_page_comes_out_as_it_should(lab: PipelineLab, site: PageSite) -> None:
    lab.pages.pause_seconds = PAUSE_SECONDS
    lab.pages.options = {"recheck": LOOKS, "deadline_seconds": 3, "max_deadline_seconds": 8, "fetch_timeout_seconds": 2}
    async with AsyncExitStack() as stack:
        feeds, other = await stack.enter_async_context(news_site()), await stack.enter_async_context(page_site())
        other.host = "localhost"
        other.pages["robots.txt"] = Page(body=f"User-agent: *\nCrawl-delay: {DELAY_SECONDS}".encode())
        other.pages["away"] = Page(body=an_article_page("away"))
        site.pages |= {f"news/{name}": page for name, page in FIRST.items()}
        site.pages["robots.txt"] = Page(body=b"User-agent: *\nDisallow: /news/secret")
        site.pages["news/there"] = Page(body=an_article_page("moved"))
        site.pages[""] = Page(body=FRONT)
        site.pages["news/away"] = Page(status=302, headers={"Location": other.url("away")})
        links = [site.url(f"news/{name}") for name in [*FIRST, "away"]]
        feeds.documents["feed"] = teasers(links)
        lab.start_enrich()
        lab.pages.process()
        await lab.ingest.beat("pages")
        await lab.ingest.add(feeds.url("feed"), full_text="auto")
        lab.ingest.process()
        await lab.wait_enriched("the first articles", has(*FIRST, "away"))

        # What comes later has a deadline; one article ends, and one is withdrawn by its feed.
        site.pages["news/slow"] = Page(body=an_article_page("slow"), delay_seconds=30)
        site.pages["news/broken"] = Page(status=500)
        site.pages["news/paid"] = Page(status=410)
        links += [site.url(f"news/{name}") for name in ("slow", "broken")]
        feeds.documents["feed"] = teasers([link for link in links if not link.endswith("plain")], [links[0]])
        await lab.wait_enriched("the late articles", has("slow", "broken"))
        await lab.wait_enriched("the article that its feed withdrew", has("plain", count=2))
        revisions = await lab.wait_enriched("the article whose page ended", has("paid", count=2))

    first = {title: found[0].article for title, found in revisions.items()}
    assert set(first) == set(FOUND)
    for title, (origin, reason) in FOUND.items():
        assert (title, first[title].text_from) == (title, origin)
        assert (first[title].text_reason or "").startswith(reason or ""), (title, first[title].text_reason)
        assert (TEASER in first[title].body) == (origin == "feed")
        assert ("This is paragraph 3" in first[title].body) == (origin == "page")
    assert {title for title, article in first.items() if article.paywalled} == {"paid"}
    for title in ("plain", "paid"):
        last = revisions[title][-1]
        assert (last.revision, last.article.title, last.article.body) == (2, "", "")
        assert last.article.retracted is not None
    assert {title for title, found in revisions.items() if len(found) > 1} == {"plain", "paid"}
    assert site.least_pause_seconds >= PAUSE_SECONDS
    assert "news/secret" not in site.paths
    times = [at for at, path in other.log if path != "robots.txt"]
    assert min(after - before for before, after in pairwise(times)) >= DELAY_SECONDS
    assert await lab.pages.records(DEAD_LETTERS) == []
    await add_the_rare_ones(lab, feeds.url("feed"), site.url("map.xml"))
    records = await records_of_every_topic(lab)
    every_record_is_one_message_of_its_topic(records)
    the_sdk_of_cloudevents_reads_every_event(records, lab.pages.name)


def every_record_is_one_message_of_its_topic(records: Mapping[str, list[Record]]) -> None:
    for name in DOCUMENTS:
        document, seen = AsyncApi(name), set()
        for topic, found in records.items():
            assert found, topic
            for record in found:
                matching = document.matching(topic, record)
                if len(matching) != 1:
                    problems = [list(document.problems(each, record)) for each in document.messages_of(topic)]
                    pytest.fail(f"{name}: {record} is {matching}; {problems}")
                seen |= set(matching)
        missing = {message for topic in records for message in document.messages_of(topic)} - seen
        assert missing <= UNSEEN, missing


def the_sdk_of_cloudevents_reads_every_event(records: Mapping[str, list[Record]], prefix: str) -> None:
    events = [record for topic, found in records.items() if TOPICS[topic].events for record in found]
    assert events
    identities = set()
    for record in events:
        message = KafkaMessage(headers=dict(record.headers), key=record.key, value=record.value or b"null")
        event = from_binary(message, JSONFormat(), CloudEvent)
        assert event.get_type().startswith("org.dateline.")
        assert event.get_time() is not None
        assert event.get_data() == json.loads(record.value or b"null")
        if not event.get_source().startswith("/test/"):
            assert re.fullmatch(rf"urn:dateline:[\w-]{{22}}/{prefix}\.[a-z.0-9]+", event.get_source())
        identities.add((event.get_source(), event.get_id()))
    assert len(identities) == len(events)


async def test_a_kill_at_any_point_of_a_visit_loses_and_doubles_nothing(lab: PipelineLab, site: PageSite) -> None:
    lab.pages.pause_seconds = pause = 0.7
    names = [f"bridge-{number}" for number in range(10)]
    site.pages |= {f"news/{name}": Page(body=an_article_page(name)) for name in names}
    loop, started = asyncio.get_running_loop(), 0

    def start() -> None:
        nonlocal started
        lab.pages.process(DATELINE_PAGES__USER_AGENT=f"Replica-{started}/1.0")
        started += 1

    def strike(seconds: float) -> Callable[[str], None]:
        def kill(agent: str) -> None:
            process = lab.pages.processes[int(agent.removeprefix("Replica-").partition("/")[0])]
            loop.call_later(seconds, process.send_signal, signal.SIGKILL)
            loop.call_later(seconds, start)

        return kill

    # While the request is under way, while the page is read, and around the commit.
    for name, seconds in (("bridge-1", 0.0), ("bridge-4", 0.02), ("bridge-7", 0.1)):
        site.strikes[f"news/{name}"] = strike(seconds)
    site.pages["news/bridge-1"] = Page(body=an_article_page("bridge-1"), delay_seconds=0.3)
    async with news_site() as feeds:
        feeds.documents["feed"] = teasers([site.url(f"news/{name}") for name in names])
        lab.start_enrich()
        start()
        start()
        await lab.ingest.beat("pages")
        await lab.ingest.add(feeds.url("feed"), full_text="auto")
        lab.ingest.process()
        revisions = await lab.wait_enriched("all articles", has(*names), seconds=120)
    assert site.strikes == {}
    assert {title: [each.article.text_from for each in found] for title, found in revisions.items()} == {
        name: ["page"] for name in names
    }
    assert Counter(article.title for article in await lab.pages.articles()) == dict.fromkeys(names, 1)
    assert site.short_pauses(pause) == []
    assert await lab.pages.waiting() == []
    assert len(set(site.agents)) >= 3


async def test_backfills_bring_what_is_unknown_and_nothing_old(
    lab: PipelineLab, site: PageSite, tmp_path: Path
) -> None:
    lab.pages.pause_seconds = 0.05
    site.pages |= {f"old/{number}": Page(body=an_article_page(f"Old {number}")) for number in range(4)}
    entries = "".join(f"<url><loc>{site.url(f'old/{number}')}</loc></url>" for number in range(4))
    site.pages["map.xml"] = Page(
        body=f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()
    )
    archive = tmp_path / "a.warc.gz"
    known = an_article_page("Old 1").replace(b"paragraph", b"older paragraph")
    archive.write_bytes(
        compressed(
            [warc_record(site.url("old/1"), known), warc_record("https://news.example/x", an_article_page("Lost"))]
        )
    )
    lab.start_enrich()
    lab.pages.process()
    await lab.verb("backfill", "sitemap", site.url("map.xml"))
    titles = [f"Old {number}" for number in range(4)]
    await lab.wait_enriched("the pages of the sitemap", has(*titles))
    await lab.verb("backfill", "warc", str(archive), "--places", str(tmp_path / "places"), "--jobs", "1")
    revisions = await lab.wait_enriched("the archive", has("Lost"))
    assert {title: [each.article.via for each in found] for title, found in revisions.items()} == {
        **{title: ["sitemap"] for title in titles},
        "Lost": ["warc"],
    }
    assert all("This is paragraph 3" in found[0].article.body for found in revisions.values())
    assert site.paths.count("map.xml") == 1
