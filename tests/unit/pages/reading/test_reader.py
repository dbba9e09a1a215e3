"""What reading a page gives: a text with its lesson, or a problem."""

import asyncio
from datetime import UTC, datetime

import pytest
from dateline_pages.reading.page import PageDocument
from dateline_pages.reading.pool import ReaderPool
from dateline_pages.reading.reader import read_page

TEXT = (
    "The council met on Tuesday to discuss the new bridge over the river.",
    "Engineers said that the work would take three years and two bridges.",
    "Residents of both banks asked for a ferry during the works, and were heard.",
    "The mayor promised an answer before the summer, and left the hall in silence.",
)
URL = "https://news.example/2026/bridge"


def page(head: str = "") -> bytes:
    body = "".join(f"<p>{each}</p>" for each in TEXT)
    return f"<html><head><title>A bridge</title>{head}</head><body><article>{body}</article></body></html>".encode()


def test_an_article_gives_its_text_its_metadata_and_a_lesson() -> None:
    reading = read_page(PageDocument(body=page('<meta property="og:title" content="A new bridge">'), url=URL))

    assert reading.problem is None
    assert reading.body.splitlines() == list(TEXT)
    assert reading.metadata.title == "A new bridge"
    assert reading.lesson is not None


def test_a_page_with_a_problem_gives_no_text_unless_it_is_wanted_anyway() -> None:
    document = PageDocument(body=page(), url=URL, robots=("noindex, noarchive",), tdm_reservation="1")
    wanted = PageDocument(
        body=page(), url=URL, robots=("noindex, noarchive",), tdm_reservation="1", is_wanted_anyway=True
    )

    refused, shown = read_page(document), read_page(wanted)

    assert refused.problem == shown.problem
    assert refused.problem is not None
    assert refused.body == ""
    assert shown.body.splitlines() == list(TEXT)
    assert refused.lesson is shown.lesson is None


@pytest.mark.parametrize(
    ("head", "robots", "is_read"),
    [
        ("<meta name=gazette content=noindex>", (), False),
        ("<meta name=dateline content=noindex>", (), True),
        ("", ("gazette: noindex",), False),
        ("", ("dateline: noindex",), True),
        ("<meta name=robots content=nofollow><meta name=robots content=noai>", (), False),
        ("", ("gazette: unavailable_after: 2020-01-01T00:00:00Z",), False),
        ("", ("gazette: unavailable_after: 2999-01-01T00:00:00Z",), True),
    ],
)
def test_robots_directives_count_by_the_name_of_the_program_and_the_time(
    head: str, robots: tuple[str, ...], is_read: bool
) -> None:
    document = PageDocument(body=page(head), url=URL, robots=robots, agent="Gazette")

    assert (read_page(document).problem is None) == is_read


@pytest.mark.parametrize("is_obeyed", [True, False])
def test_reservations_in_header_and_page_are_obeyed_unless_set_otherwise(is_obeyed: bool) -> None:
    meta = "<meta name='tdm-reservation' content=1>"
    documents = [
        PageDocument(body=page(), url=URL, tdm_reservation="1", obey_reservations=is_obeyed),
        PageDocument(body=page(meta), url=URL, obey_reservations=is_obeyed),
        PageDocument(body=page(), url=URL, robots=("noai",), obey_reservations=is_obeyed),
        PageDocument(body=page("<meta name=robots content=noml>"), url=URL, obey_reservations=is_obeyed),
    ]

    problems = [read_page(each).problem for each in documents]

    assert [problem is not None and problem.kind == "reserved" for problem in problems] == [is_obeyed] * 4


def test_dates_after_the_capture_of_a_page_are_not_believed() -> None:
    head = '<meta property="article:published_time" content="2026-03-04T05:06:07Z">'
    later = PageDocument(body=page(head), url=URL, captured=datetime(2026, 4, 1, tzinfo=UTC))
    before = PageDocument(body=page(head), url=URL, captured=datetime(2025, 1, 1, tzinfo=UTC))

    assert read_page(later).metadata.published == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert read_page(before).metadata.published is None


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.7 \xe2\xe3\xcf\xd3\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0", b"<html></html>"]
)
def test_what_is_no_page_with_a_text_is_a_problem(body: bytes) -> None:
    assert read_page(PageDocument(body=body, url=URL)).problem is not None


HOSTILE = {
    "a million nested elements": b"<html><body>" + b"<div>" * 1_000_000 + b"text",
    "many nested elements": b"<html><body>" + b"<b><i><table>" * 10_000 + b"text",
    "an attribute of 50 MB": b'<html><body><p title="' + b"a" * 50_000_000 + b'">text',
    "attributes without end": b"<p " + b" ".join(b'a%d=">"' % number for number in range(200_000)) + b">text",
    "entities without end": b"<p>" + b"&amp;&#x110000;&bogus;" * 100_000,
    "an open script": b'<script type="application/ld+json">' + b'{"@graph":[' * 100_000,
    "links without end": b"<a href=x>" * 60_000,
    "one word without end": b"<p>" + b"a" * 5_000_000,
    "broken letters": b"<meta charset=shift_jis><p>" + bytes(range(256)) * 2_000,
    "half a character": b"\xff\xfe<\0p\0>\0" + b"\xd8\x00" * 100_000,
}


async def test_hostile_pages_are_read_or_given_up_within_the_limits_and_the_next_page_is_read() -> None:
    async with ReaderPool.open(processes=2, seconds=0.5, memory_bytes=200 * 1024**2) as pool:
        readings = await asyncio.gather(*(pool.read(PageDocument(body=body, url=URL)) for body in HOSTILE.values()))
    async with ReaderPool.open(processes=1) as patient:
        after = await patient.read(PageDocument(body=page(), url=URL))

    found = dict(zip(HOSTILE, readings, strict=True))
    kinds = {name: reading.problem.kind if reading.problem else "an article" for name, reading in found.items()}
    assert pool.figures.failed == 0
    assert set(kinds.values()) <= {"too costly", "empty", "an article"}
    assert kinds["a million nested elements"] == kinds["an attribute of 50 MB"] == "too costly"
    assert after.body.splitlines() == list(TEXT)
