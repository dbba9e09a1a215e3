"""Sentences of walls and error pages, the gates below short texts, and what the feed's title says about a page."""

import pytest
from dateline_pages.judging.addresses.wall_address import named_by_address
from dateline_pages.judging.judge import judge_document, judge_text
from dateline_pages.judging.problem import PageProblem
from dateline_pages.judging.wording.notices import is_notice, sentences, width
from dateline_pages.judging.wording.vocabulary import Wall
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.reading.page import PageDocument
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

ADDRESS = "https://paper.example/news/bridge-to-close-for-repairs-1234"


def judged(main: str, title: str | None = None) -> PageProblem | None:
    body = f"<html><head><title>Paper</title></head><body>{main}</body></html>"
    document = PageDocument(body=body.encode(), url=ADDRESS, requested=ADDRESS, title_hint=title)
    return judge_document(document_fromstring(body), document)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We and our partners use cookies to show you advertising.", "consent"),
        ("Bitte bestätigen Sie, dass Sie kein Roboter sind.", "challenge"),
        ("Suscríbete y lee sin límites todos los artículos.", "login"),
        ("お探しのページは見つかりませんでした。", "not found"),
        ("抱歉,您访问的页面不存在或已被删除", "not found"),
    ],
)
def test_a_sentence_that_asks_or_tells_the_reader_is_a_notice(sentence: str, kind: Wall) -> None:
    assert is_notice(sentence, kind)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Regulators fined the firm because it stored cookies without consent.", "consent"),
        ("“Please verify you are human before you continue,” the screen said.", "challenge"),
        ("Two of the bank's accounts were blocked on Friday.", "login"),
        ("The last page of the diary was not found.", "not found"),
    ],
)
def test_a_report_about_such_things_is_no_notice(sentence: str, kind: Wall) -> None:
    assert not is_notice(sentence, kind)


@given(st.text(max_size=300))
def test_any_text_has_sentences_and_a_width(text: str) -> None:
    assert sum(map(len, sentences(text))) <= len(text) <= width(text)


def test_a_gate_below_a_sentence_keeps_the_article_back() -> None:
    problem = judged("<h1>Mill to close</h1><p>The mill will close.</p><p>Subscribe to continue reading.</p>")
    assert problem is not None
    assert problem.kind == "login"


def test_a_gate_is_named_although_the_page_shows_the_title_of_the_feed() -> None:
    page = "<h1>Old mill closes in June</h1><p>The mill will close.</p><p>Subscribe to continue reading.</p>"
    problem = judged(page, "Old mill closes in June")
    assert problem is not None
    assert problem.kind == "login"


def test_an_offer_below_a_short_article_is_no_gate() -> None:
    page = "<h1>Mill to close</h1><p>The mill will close in June.</p><p>Subscribe today for $1 a week.</p>"
    assert judged(page) is None


def test_a_gate_in_the_middle_of_a_text_is_an_offer() -> None:
    rest = "The owner said that forty people would lose their jobs and that the site would be sold to the town."
    assert (
        judged(f"<h1>Mill to close</h1><p>It will close.</p><p>Subscribe to continue reading.</p><p>{rest}</p>") is None
    )


def test_a_gate_in_a_dialog_does_not_refuse_a_short_article() -> None:
    body = (
        "<html><body><h1>Mill to close</h1><p>The mill on the river will close in June.</p>"
        '<div class="paywall-modal"><p>Subscribe to continue reading.</p></div></body></html>'
    )
    document = PageDocument(body=body.encode(), url=ADDRESS, requested=ADDRESS)
    tree = document_fromstring(body)
    text = "The mill on the river will close in June.\nSubscribe to continue reading."
    assert judge_document(tree, document) is None
    assert judge_text(tree, document, text, PageMetadata()) is None


def test_a_notice_on_a_page_without_the_title_of_the_feed_needs_no_reader() -> None:
    page = "<h1>Network notice</h1><p>Automated requests are blocked on this network.</p>"
    assert judged(page) is None
    problem = judged(page, "Bridge closes for repairs until autumn")
    assert problem is not None
    assert problem.kind == "challenge"


def test_the_address_of_a_wall_names_it_unless_it_is_the_title_of_an_article() -> None:
    assert named_by_address("https://paper.example/consent?next=%2F", ADDRESS) == "consent"
    assert named_by_address("https://login.paper.example/", ADDRESS) == "login"
    assert named_by_address("https://paper.example/how-to-register-for-the-summer-camp", ADDRESS) is None
    assert named_by_address(ADDRESS, ADDRESS) is None


def test_a_text_of_links_alone_is_empty() -> None:
    links = "".join(f'<a href="/{place}">Section {place}</a><br>' for place in range(5))
    body = f"<html><body>{links}</body></html>"
    document = PageDocument(body=body.encode(), url=ADDRESS, requested=ADDRESS)
    text = "\n".join(f"Section {place}" for place in range(5))
    problem = judge_text(document_fromstring(body), document, text, PageMetadata())
    assert problem is not None
    assert problem.kind == "empty"


def test_a_headline_about_a_choice_is_no_gate_in_the_text() -> None:
    headline = "Accetta i cookie o abbonati: il Garante apre un'istruttoria"
    text = "L'autorità vuole verificare se la scelta proposta dai giornali sia legittima."
    body = f"<html><body><h1>{headline}</h1><p>{text}</p></body></html>"
    document = PageDocument(body=body.encode(), url=ADDRESS, requested=ADDRESS)
    assert judge_text(document_fromstring(body), document, f"{headline} {text}", PageMetadata()) is None
