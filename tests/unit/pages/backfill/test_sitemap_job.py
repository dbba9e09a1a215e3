"""The backfill of a sitemap continues where it was, and loses nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_pages.backfill.sitemap_job import (
    MAX_LISTED,
    MOST_WAITING,
    SitemapStep,
    fail,
    new_job,
    next_sitemap,
    room,
    take,
)
from dateline_schemas import PageRequest, article_id
from dateline_schemas.records.sitemap_job import SitemapJob
from hypothesis import given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SITE = "https://www.news.example/"
ROOT = f"{SITE}sitemap.xml"


def job(since: datetime | None = None, limit: int | None = None, hops: int = 0) -> SitemapJob:
    return new_job(PageRequest(kind="sitemap", url=ROOT, asked=NOON, since=since, limit=limit, hops=hops))


def urlset(*pages: str, site: str = SITE) -> bytes:
    inner = "".join(f"<url><loc>{page if '://' in page else site + page}</loc></url>" for page in pages)
    return f"<urlset>{inner}</urlset>".encode()


def index(*sitemaps: tuple[str, str | None]) -> bytes:
    inner = ""
    for name, date in sitemaps:
        modified = f"<lastmod>{date}</lastmod>" if date else ""
        inner += f"<sitemap><loc>{name if '://' in name else SITE + name}</loc>{modified}</sitemap>"
    return f"<sitemapindex>{inner}</sitemapindex>".encode()


def step(found: SitemapJob, document: bytes, most: int = MOST_WAITING) -> SitemapStep:
    return take(found, document, most=most, now=NOON)


def pages(found: SitemapStep) -> list[str]:
    return [request.url.removeprefix(SITE) for request in found.own]


def run(found: SitemapJob, site: dict[str, bytes], most: int = 7) -> tuple[list[str], list[str], SitemapJob]:
    """Work a job off; every state goes through Kafka and back."""
    taken: list[str] = []
    fetched: list[str] = []
    while (url := next_sitemap(found)) is not None:
        fetched.append(url.removeprefix(SITE))
        document = site.get(fetched[-1])
        if document is None:
            found = fail(found, "404", NOON)
            continue
        done = step(found, document, most)
        assert len(done.own) <= most
        taken += pages(done)
        found = SitemapJob.from_bytes(done.job.to_bytes())
    return taken, fetched, found


def test_a_news_sitemap_gives_articles_with_title_date_and_language() -> None:
    document = b"""<urlset><url><loc>https://www.news.example/1</loc><news:news><news:publication><news:name>Example
        </news:name><news:language>pt_BR</news:language></news:publication><news:title>Rain</news:title>
        <news:publication_date>2026-04-30T10:00Z</news:publication_date><news:keywords>a, b</news:keywords></news:news>
        </url></urlset>"""
    found = step(job(), document)
    [request] = found.own
    article = request.article
    assert article is not None
    assert (request.kind, request.url, request.needed, request.patient) == ("article", f"{SITE}1", True, True)
    assert article.id == article_id(
        url=f"{SITE}1", source_uri="x", guid=None, content_hash="0" * 64, link_is_unique=True
    )
    assert (article.title, article.body, article.language, article.categories) == ("Rain", "", "pt-BR", ["a", "b"])
    assert (article.published, article.published_precision) == (datetime(2026, 4, 30, 10, tzinfo=UTC), "minute")
    assert (article.source.kind, article.source.uri, article.source.name) == ("feed", ROOT, "Example")
    assert article.via == "sitemap"
    assert (found.job.ended, found.job.reason) == (NOON, "all sitemaps were read")


def test_a_plain_entry_has_no_title_and_an_impossible_language_is_none() -> None:
    language = "<news><publication><language>not a language</language></publication></news>"
    document = f"<urlset><url><loc>{SITE}1</loc>{language}</url></urlset>".encode()
    [request] = step(job(), document).own
    assert request.article is not None
    assert (request.article.title, request.article.published, request.article.language) == ("", None, None)


def test_sitemaps_of_an_index_are_read_newest_first_and_failing_ones_skipped() -> None:
    site = {
        "sitemap.xml": index(
            ("old.xml", "2020-01-01"), ("undated.xml", None), ("new.xml", "2026-01-01"), ("no.xml", None)
        ),
        "old.xml": urlset("old/1"),
        "new.xml": urlset("new/1", "new/2"),
        "undated.xml": urlset("undated/1"),
    }
    taken, fetched, found = run(job(), site)
    assert fetched == ["sitemap.xml", "new.xml", "old.xml", "undated.xml", "no.xml"]
    assert taken == ["new/1", "new/2", "old/1", "undated/1"]
    assert (found.counts.sitemaps, found.counts.failed, found.counts.added) == (4, 1, 4)
    assert found.problem == f"{SITE}no.xml: 404"
    assert found.reason == "all sitemaps were read"


def test_what_is_older_is_left_out_by_the_precision_of_its_date() -> None:
    document = b"<urlset>" + b"".join(
        f"<url><loc>{SITE}{number}</loc>{more}</url>".encode()
        for number, more in enumerate(
            [
                "<lastmod>2026-04-01</lastmod>",
                "<lastmod>2026-04-02</lastmod>",
                "<lastmod>2026-04</lastmod>",
                "",
                "<lastmod>2026-04-30</lastmod><news><publication_date>2026-03-01</publication_date></news>",
            ]
        )
    )
    found = step(job(since=datetime(2026, 4, 2, 12, tzinfo=UTC)), document + b"</urlset>")
    assert pages(found) == ["1", "2", "3"]
    assert (found.job.counts.pages, found.job.counts.too_old) == (5, 2)
    old = step(job(since=datetime(2026, 4, 2, tzinfo=UTC)), index(("a.xml", "2026-04-01"), ("b.xml", "2026-04-02")))
    assert next_sitemap(old.job) == f"{SITE}b.xml"


def test_the_limit_ends_the_job() -> None:
    site = {
        "sitemap.xml": index(("a.xml", None), ("b.xml", None)),
        "a.xml": urlset("1", "2"),
        "b.xml": urlset("3", "4"),
    }
    taken, _, found = run(job(limit=3), site)
    assert taken == ["1", "2", "3"]
    assert (found.reason, found.waiting) == ("3 articles were requested", [])
    assert next_sitemap(found) is None
    assert room(found, 0, NOON) == 0


def test_pages_are_taken_only_when_few_wait() -> None:
    assert [room(job(), waiting, NOON) for waiting in (0, 30, 50, 51, 100, 5000)] == [100, 70, 50, 0, 0, 0]


def test_pages_of_other_sites_go_to_them_without_what_a_stranger_says() -> None:
    titled = "<news><title>Lies</title></news>"
    document = (
        f"<urlset><url><loc>https://other.example/1</loc>{titled}</url>"
        f"<url><loc>https://sub.news.example/2</loc>{titled}</url></urlset>"
    )
    found = step(job(), document.encode())
    [(site, request)] = found.elsewhere
    assert site == "other.example"
    assert request.article is not None
    assert request.article.title == ""
    assert pages(found) == ["https://sub.news.example/2"]
    assert (found.job.counts.foreign, found.job.counts.added) == (1, 2)


def test_requests_to_other_sites_slow_the_job_down() -> None:
    found = step(job(), urlset(*(f"https://other.example/{n}" for n in range(30))), most=10)
    assert len(found.elsewhere) == 10
    assert room(found.job, 0, NOON) == 0
    assert room(found.job, 0, NOON + timedelta(seconds=50)) == MOST_WAITING


def test_sitemaps_of_other_sites_are_handed_over_a_few_times() -> None:
    document = index(("https://cdn.example/a.xml", None), ("b.xml", None))
    found = step(job(limit=5, since=NOON), document)
    [(site, request)] = found.elsewhere
    assert (site, request.kind, request.url) == ("cdn.example", "sitemap", "https://cdn.example/a.xml")
    assert (request.hops, request.limit, request.since, request.asked) == (1, 5, NOON, NOON)
    assert next_sitemap(found.job) == f"{SITE}b.xml"
    last = step(job(hops=5), document)
    assert (last.elsewhere, last.job.counts.left_out) == ((), 1)


def test_indexes_that_name_each_other_come_to_an_end() -> None:
    site = {
        "sitemap.xml": index(("a.xml", None), ("sitemap.xml", None)),
        "a.xml": index(("sitemap.xml", None), ("a.xml", None)),
    }
    _, fetched, found = run(job(), site)
    assert len(fetched) < 20
    assert found.ended is not None
    assert found.counts.left_out > 0


def test_a_huge_index_is_read_again_for_the_rest() -> None:
    many = MAX_LISTED + 10
    site = {"sitemap.xml": index(*((f"{n}.xml", None) for n in range(many)))}
    _, fetched, found = run(job(), site)
    assert len(fetched) == many + 2
    assert len(set(fetched)) == many + 1
    assert (found.counts.failed, found.counts.sitemaps) == (many, 1)


@pytest.mark.parametrize("document", [b"", b"<html>404</html>", b"<rss/>", b"\x1f\x8bxx"])
def test_a_document_that_is_no_sitemap_fails_with_its_reason(document: bytes) -> None:
    found = step(job(), document).job
    assert found.ended == NOON
    assert found.reason is not None
    assert found.reason.startswith(f"no sitemap could be read: {ROOT}: ")


def test_a_broken_end_is_kept_as_a_problem() -> None:
    found = step(job(), urlset("1", "2")[:-15])
    assert pages(found)[0] == "1"
    assert found.job.problem is not None
    assert "error in the markup" in found.job.problem


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 9))
def test_steps_of_any_size_take_every_page_once(count: int, most: int) -> None:
    names = [str(number) for number in range(count)]
    assert run(job(), {"sitemap.xml": urlset(*names)}, most)[0] == names


@settings(deadline=None)
@given(st.data())
def test_a_document_that_grows_at_either_end_or_shrinks_at_its_start_loses_no_page(data: st.DataObject) -> None:
    names = [f"p{number}" for number in range(data.draw(st.integers(1, 20)))]
    most = data.draw(st.integers(1, 5))
    current, found, taken, extra = list(names), job(), set[str](), 0
    removed: set[str] = set()
    while found.ended is None:
        done = step(found, urlset(*current), most)
        taken |= set(pages(done))
        found = done.job
        change = data.draw(st.sampled_from(["none", "front", "end", "drop"])) if extra < 30 else "none"
        extra += 1
        if change == "front":
            current.insert(0, f"x{extra}")
        elif change == "end":
            current.append(f"x{extra}")
        elif change == "drop" and len(current) > 1:
            removed.add(current.pop(0))
    assert taken | removed >= set(names)
    if len(removed) <= 3:
        assert taken >= set(names) - removed


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_a_crash_before_any_commit_repeats_the_step_and_nothing_else(crashes: list[bool], most: int) -> None:
    site = {
        "sitemap.xml": index(("a.xml", "2026-01-01"), ("b.xml", None)),
        "a.xml": urlset("1", "2", "3", "4"),
        "b.xml": urlset("5", "6", "7"),
    }
    committed: list[str] = []
    found = job()
    for crashed in [*crashes, *([False] * 20)]:
        url = next_sitemap(found)
        if url is None:
            break
        done = step(SitemapJob.from_bytes(found.to_bytes()), site[url.removeprefix(SITE)], most)
        if not crashed:
            committed += pages(done)
            found = done.job
    assert committed == ["1", "2", "3", "4", "5", "6", "7"]
    assert found.ended is not None
