"""The outcomes of pages, as metrics count them."""

from typing import get_args

import pytest
from dateline.figures.catalog import PAGES
from dateline_pages.judging.problem import PageProblem, ProblemKind
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.page_outcome import page_outcome
from dateline_pages.sites.visit import PageMoved, PageRead, PageUnchanged, VisitFailed
from dateline_web.errors import Trouble
from support.site_world import long_text, read

URL = "https://news.example/1"


@pytest.mark.parametrize("kind", get_args(ProblemKind))
def test_a_page_with_a_problem_has_an_outcome_of_its_own_kind(kind: ProblemKind) -> None:
    reading = PageReading(problem=PageProblem(kind, "so it is"))
    expected = {"challenge": "refused", "reserved": "forbidden", "not found": "gone", "empty": "no_article"}
    outcome = page_outcome(PageRead(reading=reading, url=URL))
    assert outcome in PAGES.values["outcome"]
    assert outcome == expected.get(kind, outcome)
    assert outcome != "read"


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_a_visit_without_a_document_has_an_outcome(trouble: Trouble) -> None:
    expected = {"refused": "refused", "challenge": "refused", "missing": "gone", "gone": "gone"}
    assert page_outcome(VisitFailed(trouble=trouble, reason="so it is")) == expected.get(trouble, "failed")


def test_a_page_that_came_or_has_not_changed_was_read_and_a_redirect_leads_to_another_visit() -> None:
    assert page_outcome(read(long_text(URL), URL)) == "read"
    assert page_outcome(PageUnchanged()) == "read"
    assert page_outcome(PageMoved(target=URL, status=301)) is None
