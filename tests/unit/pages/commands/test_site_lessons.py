"""Lessons of several sites are the same, whatever the order of their pages."""

from dateline_pages.commands.site_lessons import LessonsBySite, site_of
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.reading.page import PageReading


def test_the_site_is_that_of_the_address_else_of_the_one_that_the_page_gives_itself() -> None:
    reading = PageReading(metadata=PageMetadata(canonical_url="https://www.own.example/a"))

    assert site_of("https://www.news.example/b", reading) == "news.example"
    assert site_of(None, reading) == "own.example"
    assert site_of(None, PageReading()) is None


def test_a_page_without_a_lesson_or_a_site_teaches_nothing() -> None:
    lessons = LessonsBySite()

    lessons.add("news.example", PageReading())
    lessons.add(None, PageReading())

    assert lessons.of("news.example") is None
    assert lessons.of(None) is None
