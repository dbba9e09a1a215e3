"""A backfill from a sitemap: polite, behind all else, and never more than a hundred pages at a time."""

from datetime import UTC, datetime
from typing import Any

from dateline_pages.backfill.sitemap_job import take
from dateline_pages.sites.visit import PageMoved, SitemapTaken, Visit
from dateline_schemas import PageRequest
from support.site_world import BEGIN, SiteWorld, a_request, failed

MAP = "https://news.example/sitemap.xml"
ASK = PageRequest(kind="sitemap", url=MAP, asked=datetime.fromtimestamp(BEGIN, UTC), patient=True)


def a_sitemap(count: int, site: str = "news.example") -> Any:
    """Return the answer of a sitemap with this many pages."""
    entries = "".join(f"<url><loc>https://{site}/old/{number}</loc></url>" for number in range(count))
    document = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()

    def answer(visit: Visit, now: float) -> SitemapTaken:
        assert visit.job is not None
        return SitemapTaken(step=take(visit.job, document, most=visit.most, now=datetime.fromtimestamp(now, UTC)))

    return answer


def most_waiting(world: SiteWorld, seconds: float) -> int:
    most = 0
    for _ in range(int(seconds / 50)):
        world.run(50)
        most = max(most, world.sites.schedule.requests)
    return most


def test_all_pages_are_read_and_never_more_than_a_hundred_wait() -> None:
    world = SiteWorld()
    world.answers[MAP] = a_sitemap(250)
    world.ask(ASK)
    assert most_waiting(world, 3000) <= 101
    assert len({article.id for _, article in world.articles}) == 250
    assert {(article.via, article.text_from) for _, article in world.articles} == {("sitemap", "page")}
    assert world.paths().count("sitemap.xml") < 10
    assert min(world.pauses("news.example")) >= 5.0
    job = world.sites.table.job("news.example", next(k for _, p, k in world.sites.table.parts() if p == "sitemap"))
    assert job is not None
    assert job.reason == "all sitemaps were read"


def test_feeds_requests_go_first() -> None:
    world = SiteWorld()
    world.answers[MAP] = a_sitemap(50)
    world.ask(ASK).run(60)
    world.ask(a_request("https://news.example/new")).run(12)
    assert world.paths()[-2:].count("new") == 1


def test_a_backfill_goes_on_at_another_owner() -> None:
    world = SiteWorld()
    world.answers[MAP] = a_sitemap(150)
    world.ask(ASK).run(400)
    world.reopen()
    world.run(2000)
    assert len({article.id for _, article in world.articles}) == 150


def test_the_same_sitemap_is_not_read_twice_at_a_time() -> None:
    world = SiteWorld()
    world.answers[MAP] = a_sitemap(10)
    world.ask(ASK, ASK).run(1000)
    assert world.paths().count("sitemap.xml") == 1
    world.ask(ASK).run(1000)
    assert world.paths().count("sitemap.xml") == 2


def test_a_sitemap_that_fails_again_and_again_ends_the_backfill() -> None:
    world = SiteWorld()
    world.answers[MAP] = failed("missing", 404)
    world.ask(ASK).run(10_000)
    assert world.paths() == ["robots.txt", "sitemap.xml"]
    other = SiteWorld()
    other.answers[MAP] = failed("origin", 500)
    other.ask(ASK).run(100_000)
    assert other.paths().count("sitemap.xml") == 5
    assert len(other.sites.schedule) == 0


def test_a_sitemap_that_has_moved_is_followed() -> None:
    world = SiteWorld()
    world.answers[MAP] = PageMoved(target="https://www.news.example/map", status=301)
    world.answers["https://www.news.example/map"] = a_sitemap(3)
    world.ask(ASK).run(1000)
    assert len(world.articles) == 3
    world.answers["https://www.news.example/map"] = PageMoved(target="https://other.example/map", status=301)
    world.ask(ASK).run(1000)
    ((site, request),) = world.handed_over
    assert (site, request.kind, request.url, request.hops) == (
        "other.example",
        "sitemap",
        "https://other.example/map",
        1,
    )


def test_pages_of_other_sites_are_handed_to_their_tasks() -> None:
    world = SiteWorld()
    world.answers[MAP] = a_sitemap(3, "other.example")
    world.ask(ASK).run(100)
    assert [(site, request.url) for site, request in world.handed_over] == [
        ("other.example", f"https://other.example/old/{number}") for number in range(3)
    ]
