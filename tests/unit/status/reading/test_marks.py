import pytest
from dateline_status.reading.excerpt import LENGTH, excerpt_of
from dateline_status.reading.marks import Mark, marked, marks_in
from support.articles import an_article
from support.enriched_records import a_date, an_entity, enriched


def mark(start: int, end: int, type_: str = "person", title: str = "") -> Mark:
    return Mark(start=start, end=end, type=type_, title=title)


def shown(text: str, *marks: Mark) -> list[tuple[str, str, str]]:
    return [(part.text, part.classes, part.letters) for part in marked(text, marks)]


def test_a_mention_is_a_part_of_the_text_with_its_letter() -> None:
    assert shown("In Berlin now", mark(3, 9, "location")) == [
        ("In ", "", ""),
        ("Berlin", "location", "L"),
        (" now", "", ""),
    ]


def test_mentions_that_overlap_share_a_part() -> None:
    assert shown("New York Times", mark(0, 14, "organization"), mark(0, 8, "location")) == [
        ("New York", "organization location", "L"),
        (" Times", "organization", "O"),
    ]
    assert shown("abcdef", mark(0, 4), mark(2, 6, "date")) == [
        ("ab", "person", ""),
        ("cd", "person date", "P"),
        ("ef", "date", "D"),
    ]


def test_offsets_count_characters_beyond_the_basic_plane_once() -> None:
    text = "\U0001f600\U0001d54f met Ada"
    assert shown(text, mark(7, 10)) == [("\U0001f600\U0001d54f met ", "", ""), ("Ada", "person", "P")]


@pytest.mark.parametrize("place", [(-1, 2), (3, 3), (5, 2), (9, 12)])
def test_a_mention_that_is_no_span_of_the_text_is_left_out(place: tuple[int, int]) -> None:
    assert shown("abcdefgh", mark(*place)) == [("abcdefgh", "", "")]


def test_the_parts_are_the_text_however_many_mentions_there_are() -> None:
    text = "x" * 5000
    parts = marked(text, [mark(start, 5000) for start in range(4000)])
    assert "".join(part.text for part in parts) == text
    assert max(len(part.marks) for part in parts) <= 4


def test_marks_say_what_a_mention_stands_for() -> None:
    text = "Berlin on Thursday"
    value = enriched(an_article("", text), entities=[an_entity(text, (0, 6))], dates=[a_date(text, 10, 18)])
    assert [each.title for each in marks_in(value, "body")] == [
        "location: Berlin (wikidata:Q64, geonames:2950159)",
        "date: 2024-06-27",
    ]
    assert marks_in(value, "title") == []


def test_an_excerpt_ends_with_a_word_and_keeps_the_mention_that_it_cuts() -> None:
    text = "word " * 200
    value = enriched(an_article("Title", text), entities=[an_entity(text, (0, 900))])
    excerpt = excerpt_of(value)
    assert excerpt.is_cut
    assert len(excerpt.plain) <= LENGTH
    assert excerpt.plain.endswith("word")
    assert [(part.classes, part.letters) for part in excerpt.text] == [("location", "L")]
