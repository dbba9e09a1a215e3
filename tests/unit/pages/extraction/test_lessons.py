"""What pages of one site teach each other, and what they must not."""

from __future__ import annotations

import itertools

from dateline_pages.extraction.extracted import ExtractedText
from dateline_pages.extraction.extractor import extract_text
from dateline_pages.extraction.lessons import MAX_PAGES, PageLesson, SiteLessons
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

FAREWELL = "Our newsroom in the harbour district is open to visitors on every first Thursday of the month."
STORIES = {
    "bridge": "The old bridge over the river was closed on Monday after divers found cracks in two of its piers",
    "school": "Pupils of the northern school planted four hundred trees along the road that leads to the quarry",
    "market": "Prices at the fish market fell for the third week in a row because the boats came home early",
    "museum": "The museum of clocks will open a new hall next spring in which every clock shows its own time",
}


def page(story: str, *, tail: str = FAREWELL, extra: str = "") -> str:
    paragraphs = "".join(f"<p>{STORIES[story]}, as paragraph {number} of {story} says.</p>" for number in range(6))
    return (
        f"<html><head><title>About the {story}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<div class='column'><article class='story-body'><h1>About the {story}</h1>{paragraphs}{extra}<p>{tail}</p>"
        "</article></div></body></html>"
    )


def read(text: str, url: str | None = None, lessons: SiteLessons | None = None) -> ExtractedText:
    return extract_text(html.fromstring(text), url, lessons)


def learned(*stories: str) -> SiteLessons:
    return SiteLessons.of(read(page(each), f"https://example.org/{each}").lesson for each in stories)


def test_paragraph_of_other_articles_is_removed() -> None:
    own = "https://example.org/museum"
    assert FAREWELL in read(page("museum"), own).body
    body = read(page("museum"), own, learned("bridge", "school", "market")).body
    assert FAREWELL not in body
    assert body.count(STORIES["museum"]) == 6


def test_last_paragraph_needs_one_other_article_while_few_are_known() -> None:
    assert FAREWELL not in read(page("museum"), "https://example.org/museum", learned("bridge")).body


def test_paragraph_in_the_middle_needs_two_other_articles() -> None:
    extra = "<p>Members of the club of friends read this newspaper one day earlier than everybody else does.</p>"
    closing = "<p>Nobody was hurt, and the {} will be repaired before the end of the year, officials said.</p>"

    def lesson(story: str) -> PageLesson:
        text = page(story, tail=f"The last line of {story} is its own and nobody else has it.", extra=extra)
        return read(text + closing.format(story), f"https://example.org/{story}").lesson

    text = page("museum", tail="The last line of the museum is its own and nobody else has it.", extra=extra)
    one, two = (SiteLessons.of(map(lesson, each)) for each in (["bridge"], ["bridge", "school"]))
    assert "Members of the club" in read(text, "https://example.org/museum", one).body
    assert "Members of the club" not in read(text, "https://example.org/museum", two).body


def test_page_read_again_does_not_teach_itself_away() -> None:
    first = read(page("bridge"), "https://example.org/bridge")
    again = read(page("bridge"), "https://example.org/bridge", SiteLessons().with_page(first.lesson))
    assert again.body == first.body


def test_versions_of_an_article_do_not_teach_each_other_away() -> None:
    text = page("bridge")
    versions = [f"https://example.org/bridge?version={number}" for number in range(4)]
    lessons = SiteLessons.of(read(text, each).lesson for each in versions)
    assert read(text, "https://example.org/bridge", lessons).body == read(text).body


def test_article_published_twice_under_other_headlines_stays() -> None:
    copies = [page("bridge").replace("About the bridge", f"The bridge, copy {number}") for number in range(4)]
    lessons = SiteLessons.of(read(each, f"https://example.org/{number}").lesson for number, each in enumerate(copies))
    body = read(copies[0], "https://example.org/copy", lessons).body
    assert body.count(STORIES["bridge"]) == 6


def test_lesson_of_a_page_does_not_depend_on_what_is_known() -> None:
    alone = read(page("museum"), "https://example.org/museum")
    taught = read(page("museum"), "https://example.org/museum", learned("bridge", "school", "market"))
    assert alone.lesson == taught.lesson


def test_order_of_pages_read_together_changes_nothing() -> None:
    lessons = [read(page(each), f"https://example.org/{each}").lesson for each in STORIES]
    assert len({SiteLessons.of(each).to_bytes() for each in itertools.permutations(lessons)}) == 1


def test_known_page_is_counted_once() -> None:
    lesson = PageLesson(page="a", marks="aaaaaa")
    assert SiteLessons().with_page(lesson).with_page(lesson) == SiteLessons().with_page(lesson)


@given(st.lists(st.builds(PageLesson, page=st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=6)), max_size=80))
def test_lessons_are_bounded_and_survive_the_wire(pages: list[PageLesson]) -> None:
    lessons = SiteLessons()
    for each in pages:
        lessons = lessons.with_page(each)
    assert len(lessons.last) <= MAX_PAGES
    assert SiteLessons.from_bytes(lessons.to_bytes()) == lessons


def test_lessons_of_a_site_need_at_most_12_kilobytes() -> None:
    full = PageLesson(page="x" * 12, headline="y" * 8, marks="m" * 192)
    lessons = SiteLessons()
    for number in range(2 * MAX_PAGES):
        lessons = lessons.with_page(full.model_copy(update={"page": f"{number:012}"}))
    assert len(lessons.to_bytes()) <= 12_000
