"""How many walls, guards, forms, error pages and front pages are recognised, and that no article is refused."""

from collections import Counter

import pytest
import trafilatura
from dateline_pages.judging.judge import judge_document, judge_text
from dateline_pages.judging.problem import PageProblem
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.reading.document import parse_document
from dateline_pages.reading.page import PageDocument
from support.judged.corpus import HALVES, KINDS, Half, corpus
from support.judged.independent.sets import SETS, independent_pages
from support.judged.page import JudgedPage

LEAST_RECALL = 0.9


TITLE_ELSEWHERE = "Some story of the harbour that is gone"


def judged(page: JudgedPage, title: str | None = None) -> PageProblem | None:
    document = PageDocument(
        body=page.body, url=page.url, requested=page.requested, content_type="text/html", title_hint=title
    )
    tree = parse_document(page.body, "text/html")
    if isinstance(tree, PageProblem):
        return tree
    problem = judge_document(tree, document)
    # The text is found as any library finds it, and without the help of a date.
    text = "" if problem else trafilatura.extract(tree, include_comments=False) or ""
    return problem or judge_text(tree, document, text, PageMetadata())


@pytest.mark.parametrize("half", HALVES)
def test_nine_of_ten_pages_of_each_kind_are_named_and_no_article_is_refused(half: Half) -> None:
    named: Counter[str] = Counter()
    all_pages: Counter[str] = Counter()
    for page in corpus(half):
        problem = judged(page)
        if page.kind is None:
            assert problem is None, f"{page.name}: {problem}"
        else:
            all_pages[page.kind] += 1
            named[page.kind] += problem is not None and problem.kind == page.kind
    assert min(all_pages.values()) == 50
    assert {kind: named[kind] / all_pages[kind] for kind in KINDS if named[kind] < LEAST_RECALL * all_pages[kind]} == {}


def test_the_halves_share_no_page() -> None:
    first, second = ({page.body for page in corpus(half)} for half in HALVES)
    assert not first & second


@pytest.mark.parametrize("has_title", [False, True], ids=["without the feed's title", "with the feed's title"])
def test_the_independent_sets_are_named_and_none_of_their_articles_is_refused(has_title: bool) -> None:
    named: Counter[str] = Counter()
    all_pages: Counter[str] = Counter()
    for page in (page for which in SETS for page in independent_pages(which)):
        title = (page.headline if page.kind is None else TITLE_ELSEWHERE) if has_title else None
        problem = judged(page, title)
        if page.kind is None:
            # The text of one page is in a script alone, where it is the extraction that looks for it.
            assert problem is None or (problem.kind == "empty" and b"__NEXT_DATA__" in page.body), (
                f"{page.name}: {problem}"
            )
        else:
            all_pages[page.kind] += 1
            named[page.kind] += problem is not None and problem.kind == page.kind
    assert min(all_pages.values()) >= 55
    recall = {kind: named[kind] / all_pages[kind] for kind in KINDS}
    assert {kind: share for kind, share in recall.items() if share < LEAST_RECALL} == {}
