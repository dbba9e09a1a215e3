"""The forms of dated text."""

from datetime import UTC, date, datetime

import pytest
from dateline_ingest.articles.dated_text import looks_like_dated_text, parse_dated_text, parse_stated_date
from dateline_ingest.articles.draft import clean_text
from dateline_ingest.articles.input_problem import DocumentError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("space", ["", " ", "\n ", "\t"])
def test_the_first_line_gives_date_and_title_and_the_rest_is_the_body(space: str) -> None:
    draft = parse_dated_text(f"{space}date 2024-06-27 “Yes,” says the mayor\nThe first.\n\nThe second.\n")
    assert draft.title == "“Yes,” says the mayor"
    assert draft.body == "The first.\n\nThe second."
    assert draft.published == datetime(2024, 6, 27, tzinfo=UTC)
    assert draft.precision == "day"


def test_a_date_with_a_time_keeps_it() -> None:
    draft = parse_dated_text(" date 2024-06-27T10:30+02:00 Title\nBody")
    assert draft.published == datetime(2024, 6, 27, 8, 30, tzinfo=UTC)
    assert draft.precision == "minute"


def test_a_dash_stands_for_an_unknown_date() -> None:
    draft = parse_dated_text(" date - Title\nBody")
    assert (draft.published, draft.precision, draft.title) == (None, None, "Title")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (" date 2024-06-27\nOnly a body", "", "Only a body"),
        (" date 2024-06-27 Only a title", "Only a title", ""),
    ],
)
def test_a_title_or_a_body_is_enough(text: str, title: str, body: str) -> None:
    draft = parse_dated_text(text)
    assert (draft.title, draft.body) == (title, body)


def test_neither_title_nor_body_is_an_error() -> None:
    with pytest.raises(DocumentError, match="neither title nor body"):
        parse_dated_text(" date 2024-06-27  \n \n")


@pytest.mark.parametrize("stated", ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01"])
def test_an_impossible_date_is_reported_with_its_line(stated: str) -> None:
    with pytest.raises(DocumentError, match=f"the date {stated} does not exist") as raised:
        parse_dated_text(f"\n date {stated} Title\nBody")
    assert raised.value.line == 2
    assert "YYYY-MM-DD" in raised.value.remedy


@pytest.mark.parametrize("stated", ["27.06.2024", "6/27/2024", "2024", "2024-6-7"])
def test_other_date_formats_are_refused(stated: str) -> None:
    with pytest.raises(DocumentError, match="is not a date"):
        parse_dated_text(f" date {stated} Title\nBody")


def test_a_first_line_that_only_begins_with_date_is_refused() -> None:
    assert not looks_like_dated_text("date palms are trees\n")
    assert looks_like_dated_text(" date 27.06.2024 Title\n")
    with pytest.raises(DocumentError, match="the first line is not"):
        parse_dated_text("dates 2024-06-27 Title")


@given(day=st.dates(), title=st.text(max_size=50), body=st.text(max_size=200))
def test_any_title_and_body_are_read_back_unchanged(day: date, title: str, body: str) -> None:
    title = " ".join(clean_text(title).split())
    body = clean_text(body)
    draft = parse_dated_text(f" date {day.isoformat()} {title}\n{body or 'x'}")
    assert draft.published == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert draft.title == title
    assert draft.body == (body or "x")


@given(st.text(max_size=30))
def test_any_text_as_a_date_is_read_or_refused_with_a_message(text: str) -> None:
    words, moment = "a date", datetime.now(UTC)
    try:
        moment, _ = parse_stated_date(text)
    except ValueError as error:
        words = str(error)
    assert "date" in words
    assert moment.tzinfo is UTC
