from datetime import UTC, datetime

import pytest
from dateline_pages.metadata.composition import page_metadata
from dateline_pages.metadata.page_metadata import PageMetadata
from lxml import html

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(head: str, body: str = "", url: str | None = None, lang: str = "en") -> PageMetadata:
    page = f'<html lang="{lang}"><head>{head}</head><body>{body}<p>{"The text of the article. " * 20}</p></body></html>'
    return page_metadata(html.document_fromstring(page), url, now=NOW)


def linked(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Storm", {fields}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def day(found: PageMetadata) -> str | None:
    return None if found.published is None else found.published.date().isoformat()


def test_the_time_of_json_ld_keeps_its_offset() -> None:
    found = read(linked('"datePublished": "2024-10-15T00:30:00+02:00"'))
    assert found.published == datetime(2024, 10, 14, 22, 30, tzinfo=UTC)
    assert day(found) == "2024-10-15"
    assert found.published_precision == "second"


def test_a_time_without_a_zone_states_its_day() -> None:
    found = read(meta("article:published_time", "2024-05-01T23:30:00"))
    assert (found.published, found.published_precision) == (datetime(2024, 5, 1, tzinfo=UTC), "day")


def test_json_ld_and_meta_of_different_days_give_the_earlier_one() -> None:
    head = linked('"datePublished": "2024-05-09T08:00:00Z"') + meta("article:published_time", "2024-05-01T08:00:00Z")
    assert day(read(head)) == "2024-05-01"


def test_a_day_in_json_ld_is_made_precise_by_the_meta_of_the_same_day() -> None:
    head = linked('"datePublished": "2024-05-01"') + meta("article:published_time", "2024-05-01T08:15:00Z")
    assert read(head).published == datetime(2024, 5, 1, 8, 15, tzinfo=UTC)


def test_an_earlier_day_in_the_address_overrides_a_date_that_was_set_again() -> None:
    head = linked('"datePublished": "2024-05-09T08:00:00Z"')
    assert day(read(head, url="https://news.test/2024/05/01/storm")) == "2024-05-01"


def test_the_day_of_an_event_in_the_address_does_not_override_what_is_declared() -> None:
    head = linked('"datePublished": "2024-05-09T08:00:00Z"')
    assert day(read(head, url="https://news.test/attacks-of-2001-09-11-remembered")) == "2024-05-09"


@pytest.mark.parametrize(
    "path", ["2024/05/03/storm", "2024/may/03/storm", "storm-20240503", "world/2024-05-03/storm.html"]
)
def test_the_day_in_the_address_counts_if_nothing_else_states_one(path: str) -> None:
    assert day(read("", url=f"https://news.test/{path}")) == "2024-05-03"


def test_the_next_day_in_the_address_is_a_matter_of_zones() -> None:
    head = linked('"datePublished": "2024-05-02T01:00:00Z"')
    assert day(read(head, url="https://news.test/2024/05/01/storm")) == "2024-05-02"


@pytest.mark.parametrize("absurd", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "0001-01-01", "soon", ""])
def test_an_absurd_date_gives_way_to_the_next_source(absurd: str) -> None:
    head = linked(f'"datePublished": "{absurd}"') + meta("article:published_time", "2024-05-01T08:15:00Z")
    assert day(read(head)) == "2024-05-01"


def test_a_change_before_the_publication_is_left_out() -> None:
    found = read(linked('"datePublished": "2024-05-02T01:00:00Z", "dateModified": "2024-05-01T01:00:00Z"'))
    assert day(found) == "2024-05-02"
    assert found.updated is None


def test_the_time_of_the_change_is_not_the_time_of_publication() -> None:
    found = read(linked('"datePublished": "2024-05-02T01:00:00Z", "dateModified": "2024-05-03T01:00:00Z"'))
    assert day(found) == "2024-05-02"
    assert found.updated == datetime(2024, 5, 3, 1, tzinfo=UTC)
    assert found.updated_precision == "second"


@pytest.mark.parametrize(
    "name",
    ["parsely-pub-date", "DC.date.issued", "sailthru.date", "cXenseParse:recs:publishtime", "publishdate", "date"],
)
def test_names_of_meta_elements_are_read_in_any_case(name: str) -> None:
    assert day(read(f'<meta name="{name}" content="2024-05-01T08:15:00+01:00">')) == "2024-05-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published May 3, 2024 at 5:30 pm", "2024-05-03"),
        ("3 May 2024", "2024-05-03"),
        ("Fri, 3rd May 2024, 17:30 BST", "2024-05-03"),
        ("3. Mai 2024", "2024-05-03"),
        ("3 de mayo de 2024", "2024-05-03"),
        ("le 3 mai 2024 à 17h30", "2024-05-03"),
        ("03.05.2024, 17:30 Uhr", "2024-05-03"),
        ("05/03/2024", "2024-05-03"),
        ("2024年5月3日 17時30分", "2024-05-03"),
        ("2024-05-03 17:30", "2024-05-03"),
        ("17:30 BST, 3 May 2024", "2024-05-03"),
    ],
)
def test_a_date_beside_the_headline_counts_if_the_page_declares_none(text: str, expected: str) -> None:
    assert day(read("", f"<h1>Storm over London</h1><div><span>{text}</span></div>")) == expected


def test_a_date_beside_updated_gives_way_to_the_date_of_publication() -> None:
    body = "<h1>Storm over London</h1><p>Updated: 9 May 2024</p><p>Published: 3 May 2024</p>"
    assert day(read("", body)) == "2024-05-03"


def test_day_and_month_stand_in_the_order_of_the_country() -> None:
    body = "<h1>Storm over London</h1><p>05/03/2024</p>"
    assert day(read("", body, lang="en-GB")) == "2024-03-05"
    assert day(read("", body, lang="en", url="https://news.co.uk/storm")) == "2024-03-05"
    assert day(read("", body, lang="en-US")) == "2024-05-03"


def test_the_dates_of_related_articles_do_not_count() -> None:
    related = "<aside><time datetime='2020-01-01'>1 January 2020</time></aside>"
    body = f"<h1>Storm</h1>{related}<time datetime='2024-05-03'></time>"
    assert day(read("", body)) == "2024-05-03"


def test_a_day_at_the_end_of_the_title_is_that_of_publication() -> None:
    assert (
        day(read("<title>Storm over London | DW | 28.04.2023</title>", "<p>On 24.04.2023 it rained.</p>"))
        == "2023-04-28"
    )


def test_a_page_without_any_date_has_none() -> None:
    found = read("", "<h1>Storm over London</h1>")
    assert (found.published, found.published_precision, found.updated, found.updated_precision) == (
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize("form", ["1714722330", "1714722330000", "20240503T074530Z", "Fri, 03 May 2024 07:45:30 GMT"])
def test_times_for_programs_are_read_in_their_variants(form: str) -> None:
    found = read(meta("article:published_time", form))
    assert found.published == datetime(2024, 5, 3, 7, 45, 30, tzinfo=UTC)


def test_named_zones_are_known() -> None:
    found = read(meta("article:published_time", "2024-05-03 07:45 EDT"))
    assert (found.published, found.published_precision) == (datetime(2024, 5, 3, 11, 45, tzinfo=UTC), "minute")


@pytest.mark.parametrize(
    "sentence",
    [
        "<p class='caption'>On 1 May 2020</p>",
        "<p>The minister died on 1 May 2020, and the whole country was in mourning for a week after that day.</p>",
        "<p>Our radio has spoken about it on <time datetime='2020-05-01T17:00:00Z'>1 May</time>.</p>",
    ],
)
def test_dates_of_events_and_pictures_are_not_that_of_the_article(sentence: str) -> None:
    assert day(read("", f"<h1>Storm</h1>{sentence}<span class='date'>3 May 2024</span>")) == "2024-05-03"


def test_the_time_at_the_end_of_the_article_is_its_own() -> None:
    other = "<article><time datetime='2020-01-01'></time></article>"
    text = f"<p>{'The text of the article. ' * 200}</p>"
    body = f"<article><h1>Storm</h1>{other}{text}<div><time datetime='2024-05-03'></time></div></article>"
    assert day(read("", body)) == "2024-05-03"


@pytest.mark.parametrize(
    "line",
    [
        "Updated March 14, 2019 · Published March 12, 2019",
        "Published March 12, 2019, last updated March 14, 2019",
        "PUBLISHED: 16:38 12 March 2019 | UPDATED: 16:50 14 March 2019",
    ],
)
def test_of_two_dates_in_one_line_that_of_publication_counts(line: str) -> None:
    assert day(read("", f"<h1>Storm over London</h1><p class='dates'>{line}</p>")) == "2019-03-12"
