"""One visit: what is sent, and what the answer means."""

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from dateline_pages.fetching.visit_maker import CutOff, VisitMaker
from dateline_pages.figures import PageFigures
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.sites.visit import PageMoved, PageRead, PageUnchanged, RulesRead, SitemapTaken, Visit, VisitFailed
from dateline_schemas.records.sitemap_job import SitemapJob, SitemapPlace
from dateline_web.answer import Validators
from dateline_web.client import WebClient
from support.hostile_server import local_options
from support.page_site import Page, PageSite, page_site


@dataclass(slots=True)
class NotingReader:
    """Remembers what it was given."""

    given: list[PageDocument] = field(default_factory=list)

    async def read(self, document: PageDocument) -> PageReading:
        self.given.append(document)
        return PageReading(body="text")


@pytest.fixture
async def site() -> AsyncIterator[PageSite]:
    async with page_site() as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    async with WebClient.open(local_options()) as opened:
        yield opened


def maker(client: WebClient, reader: NotingReader | None = None, **changes: Any) -> VisitMaker:
    made: dict[str, Any] = {"max_page_bytes": 100_000, "max_ratio": 200}
    return VisitMaker(client=client, reader=reader or NotingReader(), **(made | changes))


def visit(site: PageSite, path: str, **changes: Any) -> Visit:
    made: dict[str, Any] = {"kind": "page", "site": site.key, "wanted_by": ("request", "1")}
    return Visit(url=site.url(path), **(made | changes))


async def test_a_page_is_unpacked_and_read_with_what_its_answer_says(site: PageSite, client: WebClient) -> None:
    headers = {"Content-Encoding": "gzip", "X-Robots-Tag": "noarchive", "tdm-reservation": "0", "ETag": '"1"'}
    site.pages["a"] = Page(body=gzip.compress(b"<p>hello</p>"), headers=headers)
    reader = NotingReader()
    result = await maker(client, reader).make(visit(site, "a", requested="http://b.example/", title_hint="Hello"))
    assert isinstance(result, PageRead)
    assert (result.reading.body, result.url, result.validators) == ("text", site.url("a"), Validators(etag='"1"'))
    (document,) = reader.given
    assert (document.body, document.content_type) == (b"<p>hello</p>", "text/html; charset=utf-8")
    assert (document.robots, document.tdm_reservation) == (("noarchive",), "0")
    assert (document.requested, document.title_hint) == ("http://b.example/", "Hello")


async def test_the_bytes_of_answers_count_as_they_came_and_so_does_the_time_of_pages(
    site: PageSite, client: WebClient
) -> None:
    packed, figures = gzip.compress(b"<p>hello</p>" * 100), PageFigures.of()
    site.pages["a"] = Page(body=packed, headers={"Content-Encoding": "gzip"})
    site.pages["gone"] = Page(status=410)
    site.pages["robots.txt"] = Page(body=b"User-agent: *")
    making = maker(client, figures=figures)
    for path in ("a", "gone"):
        await making.make(visit(site, path))
    await making.make(visit(site, "robots.txt", kind="robots"))
    received = {kind: counter.value for kind, counter in figures.received.items()}
    assert received == {"page": len(packed), "robots": 13, "sitemap": 0}
    assert sum(figures.page_seconds.counts) == 2


async def test_an_unchanged_page_is_not_read(site: PageSite, client: WebClient) -> None:
    site.pages["a"] = Page(status=304)
    result = await maker(client).make(visit(site, "a", validators=Validators(etag='"1"')))
    assert result == PageUnchanged()
    assert site.seen_headers[0]["If-None-Match"] == '"1"'


async def test_redirects_are_returned(site: PageSite, client: WebClient) -> None:
    for path in ("a", "robots.txt"):
        site.pages[path] = Page(status=301, headers={"Location": "/b"})
    assert await maker(client).make(visit(site, "a")) == PageMoved(target=site.url("b"), status=301)
    moved = await maker(client).make(visit(site, "robots.txt", kind="robots"))
    assert moved == PageMoved(target=site.url("b"), status=301)


@pytest.mark.parametrize(
    ("status", "trouble"), [(404, "missing"), (410, "gone"), (403, "refused"), (429, "busy"), (500, "origin")]
)
async def test_an_answer_without_a_page_says_why(site: PageSite, client: WebClient, status: int, trouble: str) -> None:
    site.pages["a"] = Page(status=status, headers={"Retry-After": "7"})
    result = await maker(client).make(visit(site, "a"))
    assert isinstance(result, VisitFailed)
    assert (result.trouble, result.status, result.retry_after_seconds) == (trouble, status, 7.0)


async def test_a_server_that_is_away_is_judged_later(site: PageSite, client: WebClient) -> None:
    away = Visit(site="127.0.0.1:1", kind="page", url="http://127.0.0.1:1/a", wanted_by=("request", "1"))
    result = await maker(client).make(away)
    assert isinstance(result, CutOff)
    assert result.failed.trouble == "unreachable"


async def test_a_page_that_unpacks_to_too_much_is_no_failure_of_the_site(site: PageSite, client: WebClient) -> None:
    site.pages["a"] = Page(body=gzip.compress(b"a" * 200_000), headers={"Content-Encoding": "gzip"})
    result = await maker(client).make(visit(site, "a"))
    assert isinstance(result, VisitFailed)
    assert result.trouble == "document"


@pytest.mark.parametrize(("status", "trouble"), [(429, "busy"), (503, "busy"), (500, "origin")])
async def test_robots_txt_that_cannot_be_read_is_a_failure(
    site: PageSite, client: WebClient, status: int, trouble: str
) -> None:
    site.pages["robots.txt"] = Page(status=status)
    result = await maker(client).make(visit(site, "robots.txt", kind="robots"))
    assert isinstance(result, VisitFailed)
    assert result.trouble == trouble


async def test_robots_txt_or_its_absence_is_returned(site: PageSite, client: WebClient) -> None:
    robots = visit(site, "robots.txt", kind="robots")
    assert await maker(client).make(robots) == RulesRead(status=404, body=b"not here")
    site.pages["robots.txt"] = Page(body=b"User-agent: *")
    assert await maker(client).make(robots) == RulesRead(status=200, body=b"User-agent: *")


async def test_pages_are_taken_from_a_sitemap(site: PageSite, client: WebClient) -> None:
    entries = "".join(f"<url><loc>{site.url(f'{number}')}</loc></url>" for number in range(5))
    site.pages["map"] = Page(
        body=f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()
    )
    url = site.url("map")
    job = SitemapJob(url=url, asked="2024-06-01T00:00:00Z", waiting=[SitemapPlace(url=url)])
    result = await maker(client).make(visit(site, "map", kind="sitemap", job=job, most=3))
    assert isinstance(result, SitemapTaken)
    assert [request.url for request in result.step.own] == [site.url(f"{number}") for number in range(3)]


async def test_secret_headers_are_sent_to_their_own_site_alone(site: PageSite, client: WebClient) -> None:
    site.pages["a"] = Page(body=b"x")
    site.pages["robots.txt"] = Page(body=b"")
    making = maker(client, headers={site.key: {"Cookie": "session=1"}})
    await making.make(visit(site, "a"))
    await making.make(visit(site, "a", trusted=False))
    await making.make(visit(site, "robots.txt", kind="robots"))
    await maker(client, headers={"other.example": {"Cookie": "session=1"}}).make(visit(site, "a"))
    assert [headers.get("Cookie") for headers in site.seen_headers] == ["session=1", None, None, None]
    assert "session=1" not in repr(making)


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("https://news.example/1", True),
        ("https://www.news.example/1", True),
        ("http://news.example/1", False),
        ("https://evil.example/?news.example", False),
        ("https://news.example.evil.example/", False),
    ],
)
def test_secret_headers_need_https(client: WebClient, url: str, *, is_sent: bool) -> None:
    making = maker(client, headers={"news.example": {"Cookie": "session=1"}})
    asked = Visit(site="news.example", kind="page", url=url, wanted_by=("request", "1"))
    assert bool(making.private_headers(asked)) == is_sent


def a_map(site: PageSite, count: int, padding: str = "") -> bytes:
    entries = "".join(f"<url><loc>{site.url(f'{number}')}</loc></url>" for number in range(count))
    text = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{padding}{entries}</urlset>"
    return text.encode()


async def test_a_sitemap_is_requested_once_for_all_steps_of_a_backfill(site: PageSite, client: WebClient) -> None:
    site.pages["map"] = Page(body=gzip.compress(a_map(site, 250)), headers={"Content-Encoding": "gzip"})
    url = site.url("map")
    job = first = SitemapJob(url=url, asked="2024-06-01T00:00:00Z", waiting=[SitemapPlace(url=url)])
    making, found, requested = maker(client), [], []
    while job.ended is None:
        result = await making.make(visit(site, "map", kind="sitemap", job=job, most=100))
        assert isinstance(result, SitemapTaken)
        found += [request.url for request in result.step.own]
        requested.append(result.requested)
        job = result.step.job
    assert found == [site.url(f"{number}") for number in range(250)]
    assert requested == [True, False, False]
    assert site.paths == ["map"]
    assert making.sitemaps.bytes == 0
    later = SitemapJob(url=url, asked="2024-06-02T00:00:00Z", waiting=[SitemapPlace(url=url)])
    await making.make(visit(site, "map", kind="sitemap", job=later, most=100))
    await making.make(visit(site, "map", kind="sitemap", job=first, most=100))
    assert site.paths == ["map"] * 3, "another backfill does not read what was kept for this one"


async def test_a_sitemap_may_be_larger_than_a_page(site: PageSite) -> None:
    site.pages["map"] = Page(body=a_map(site, 3, f"<!--{'x' * 90}-->" * 2000))
    url = site.url("map")
    job = SitemapJob(url=url, asked="2024-06-01T00:00:00Z", waiting=[SitemapPlace(url=url)])
    async with WebClient.open(replace(local_options(), max_body_bytes=100_000)) as small:
        taken = await maker(small).make(visit(site, "map", kind="sitemap", job=job, most=3))
        page = await maker(small).make(visit(site, "map"))
    assert isinstance(taken, SitemapTaken)
    assert taken.step.job.counts.added == 3
    assert isinstance(page, VisitFailed)


async def test_robots_directives_are_read_for_the_program_that_the_server_sees(site: PageSite) -> None:
    site.pages["a"] = Page(body=b"x")
    reader = NotingReader()
    options = replace(local_options(), user_agent="Gazette/2.0 (news reader)")
    async with WebClient.open(options) as opened:
        await maker(opened, reader).make(visit(site, "a"))
    assert [document.agent for document in reader.given] == ["Gazette"]
