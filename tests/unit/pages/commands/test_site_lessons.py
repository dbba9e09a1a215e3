"""Lessons of several sites are the same, whatever the order of their pages."""

from dateline_pages.commands.site_lessons import LessonsBySite, site_of
from dateline_pages.extraction.lessons import PageLesson
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.reading.page import PageReading
from hypothesis import given
from hypothesis import strategies as st


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


def taught(number: int) -> PageReading:
    marks = "".join(f"{number:03}{place:03}" for place in range(4))
    return PageReading(lesson=PageLesson(page=f"page{number}", marks=marks))


@given(order=st.permutations(range(40)))
def test_the_order_of_pages_changes_nothing(order: list[int]) -> None:
    sorted_lessons, lessons = LessonsBySite(), LessonsBySite()
    for number in range(40):
        sorted_lessons.add("news.example", taught(number))
        lessons.add("news.example", taught(order[number]))

    assert lessons.of("news.example") == sorted_lessons.of("news.example") is not None


def test_a_site_with_one_page_has_no_lessons_and_a_page_read_twice_counts_once() -> None:
    lessons = LessonsBySite()

    lessons.add("news.example", taught(1))
    lessons.add("news.example", taught(1))

    assert lessons.of("news.example") is None
