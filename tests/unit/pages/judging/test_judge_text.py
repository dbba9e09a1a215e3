"""What is a page instead of an article, by the text that was found on it."""

from datetime import UTC, datetime

import pytest
from dateline_pages.judging.addresses.article_address import names_article
from dateline_pages.judging.judge import judge_text
from dateline_pages.judging.wording.address import speaks_to_reader
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.reading.page import PageDocument
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

CONSENT = (
    "We and our partners store and access information on your device, such as cookies.\n"
    "You can withdraw your consent at any time in our privacy policy."
)


def judged(text: str, metadata: PageMetadata | None = None) -> str | None:
    page = PageDocument(body=b"<p>x</p>")
    found = judge_text(document_fromstring("<p>x</p>"), page, text, metadata or PageMetadata())
    return None if found is None else found.kind


@pytest.mark.parametrize("text", ["", " \n ", "Photo: Tom Reed", "– – – – – – – – – – – – – – – – – –"])
def test_a_text_of_a_few_letters_is_empty(text: str) -> None:
    assert judged(text) == "empty"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CONSENT, "consent"),
        (
            "Sorry, the page you are looking for was not found.\nIt may have been removed, or our link is outdated.",
            "not found",
        ),
        (
            "Log in to your account to continue reading.\nNot a member? Register for free and set your password.",
            "login",
        ),
    ],
)
def test_a_text_that_is_a_wall_alone_is_named(text: str, kind: str) -> None:
    assert judged(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "A ferry ran aground on Sunday. Nobody was hurt, the coast guard said.",
        "The page was not found, visitors of the town's website read on Monday. An error had removed it.",
        "A court has ruled that consent to cookies of partners was not freely given, and that users may withdraw it.",
        "The bank said that passwords of accounts were stolen. Members cannot log in since Monday, and must register.",
    ],
)
def test_a_short_report_is_an_article(text: str) -> None:
    assert judged(text) is None


def test_a_long_text_or_a_dated_one_is_an_article() -> None:
    assert judged(CONSENT * 6) is None
    assert judged(CONSENT, PageMetadata(published=datetime(2024, 5, 3, tzinfo=UTC))) is None


def test_walls_speak_to_their_reader() -> None:
    assert speaks_to_reader([CONSENT])
    assert speaks_to_reader(
        ["Melden Sie sich an, um weiterzulesen. Haben Sie noch kein Konto? Registrieren Sie sich bei uns jetzt."]
    )
    assert not speaks_to_reader(
        ["Der Rat stimmte am Dienstag ab, sie wurde angenommen. Gegner sammelten ihre Unterschriften, hieß es."]
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", False),
        ("", False),
        ("/news/", False),
        ("/de/politik", False),
        ("/index.html?x=1", False),
        ("/2024/05/", False),
        ("/2024/05/03/flood", True),
        ("/2024/05/flood.html", True),
        ("/news/council-approves-new-tram-line", True),
        ("/a/123456", True),
        ("/?p=12", True),
        ("/show.php?article_id=7", True),
        ("/world/7f8a9b0c1d2e", True),
    ],
)
def test_addresses_of_articles_have_words_numbers_or_dates(path: str, expected: bool) -> None:
    assert names_article(f"https://news.example{path}") is expected


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert judged(text) in (None, "empty", "consent", "login", "not found", "challenge")
