"""The sites' pages are articles for the reader, the walls are not; the log tells when each request came and ended."""

import random

import aiohttp
import pytest
from chaos.traffic.page_books import MODES, PageBook
from chaos.traffic.page_sites import PARAGRAPHS, WALL, page_sites, page_text
from dateline_pages.extraction.lessons import SiteLessons
from dateline_pages.reading.page import PageDocument
from dateline_pages.reading.reader import read_page
from dateline_schemas import site_key

HOSTS = ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"]


def a_book(changes: int = 12, *, whole_share: float = 0.0) -> PageBook:
    book = PageBook("paged", random.Random(1), hosts=HOSTS, whole_share=whole_share)
    for _ in range(changes):
        book.change()
    return book


def test_each_page_is_read_with_all_its_paragraphs_whatever_the_others_have_taught() -> None:
    book, lessons = a_book(), SiteLessons()
    for number in range(len(book.items)):
        address = book.address(number)
        document = PageDocument(
            body=page_text(book, number).encode(),
            url=address,
            requested=address,
            content_type="text/html",
            title_hint=f"Story {number} of paged",
            lessons=lessons,
        )
        reading = read_page(document)
        assert reading.problem is None
        assert reading.body.count(book.text(number).partition(":")[0] + ", part ") == PARAGRAPHS
        assert reading.lesson is not None
        lessons = lessons.with_page(reading.lesson)


def test_a_wall_is_recognised() -> None:
    address = f"{HOSTS[0]}/wall/paged/1"
    document = PageDocument(body=WALL.encode(), url=address, requested=address, content_type="text/html")
    problem = read_page(document).problem
    assert problem is not None
    assert problem.kind == "consent"


def test_items_have_links_to_pages_of_every_mode_and_failing_ones_are_on_the_weak_site() -> None:
    book = a_book(100)
    modes = {book.mode(number) for number in range(len(book.items))}
    assert modes == {*MODES, "failing"}
    for number in book.shown:
        assert f"<link>{book.address(number)}</link>".encode() in book.document
        assert book.address(number).startswith(HOSTS[-1]) == (book.mode(number) == "failing")


@pytest.mark.parametrize(("share", "whole"), [(0.0, {False}), (0.5, {False, True}), (1.0, {True})])
def test_the_feed_carries_the_whole_text_of_a_share_of_its_items(share: float, whole: set[bool]) -> None:
    book = a_book(whole_share=share)
    assert {len(book.text(number)) > 1000 for number in range(len(book.items))} == whole


async def test_the_log_tells_when_requests_came_and_ended_and_who_sent_them() -> None:
    async with page_sites(random.Random(1)) as sites, aiohttp.ClientSession() as client:
        book = sites.books["paged"] = PageBook("paged", random.Random(1), hosts=sites.hosts)
        for path in ("/robots.txt", "/fast/paged/0", "/slow/paged/0", "/leaving/paged/0"):
            options = {"headers": {"User-Agent": "pages-0-0001 (news reader)"}, "allow_redirects": False}
            async with client.get(sites.hosts[0] + path, **options) as answer:  # type: ignore[arg-type]
                text = await answer.text()
                if answer.status == 302:
                    assert site_key(answer.headers["Location"]) != site_key(sites.hosts[0])
                elif path != "/robots.txt":
                    assert text == page_text(book, 0)
    assert [entry.path for entry in sites.log] == ["/robots.txt", "/fast/paged/0", "/slow/paged/0", "/leaving/paged/0"]
    assert {entry.agent for entry in sites.log} == {"pages-0-0001"}
    assert all(entry.earliest <= entry.at <= entry.ended == entry.ended_earliest for entry in sites.log)
    assert sites.log[2].ended - sites.log[2].at >= 0.2
