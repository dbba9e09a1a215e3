"""Two feeds and pages publish one article, in any order and with any crashes: its contents and revisions are right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.page import PageReading
from dateline_pages.sites.visit import PageMoved, PageRead, Visit, VisitResult
from dateline_schemas import Article
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.article_ways import ArticleWays
from support.site_world import failed, long_text, read


def a_text(name: str) -> Callable[[Visit], VisitResult]:
    return lambda visit: replace(read(long_text(name)), url=visit.url)


ANSWERS: dict[str, Callable[[Visit], VisitResult]] = {
    "text 1": a_text("one"),
    "text 2": a_text("two"),
    "refused": lambda visit: failed("refused", 403),
    "away": lambda visit: failed("unreachable"),
    "missing": lambda visit: failed("missing", 404),
    "wall": lambda visit: PageRead(reading=PageReading(problem=PageProblem("consent", "a wall")), url=visit.url),
    "moved": lambda visit: PageMoved(target="https://news.example/other", status=301),
    "other site": lambda visit: PageMoved(target="https://other.example/1", status=301),
}


def poll(number: int, text: str, *, whole: bool) -> Callable[[ArticleWays], None]:
    return lambda ways: ways.poll(number, text, whole=whole)


def visited(name: str, *, crashes: str) -> Callable[[ArticleWays], None]:
    """Return the step in which pages takes requests and makes a visit, and perhaps crashes before it commits."""

    def step(ways: ArticleWays) -> None:
        ways.take(crashes=crashes == "take")
        ways.wait(10)
        ways.begin()
        ways.answer(ANSWERS[name], crashes=crashes == "answer")

    return step


def passed(seconds: float, *, crashes: bool) -> Callable[[ArticleWays], None]:
    """Return the step in which time passes, so that deadlines are over."""

    def step(ways: ArticleWays) -> None:
        ways.wait(seconds)
        ways.step(crashes=crashes)

    return step


NUMBERS = st.integers(0, 1)
CRASHES = st.sampled_from([False, False, True])
POLLS = st.builds(
    poll, NUMBERS, st.sampled_from(["A.", "B.", "C."]), whole=st.sampled_from([False, False, False, True])
)
VISITS = st.builds(visited, st.sampled_from(sorted(ANSWERS)), crashes=st.sampled_from(["", "", "", "take", "answer"]))
OTHERS = st.one_of(
    st.builds(passed, st.sampled_from([1.0, 150.0, 700.0]), crashes=CRASHES),
    st.builds(lambda crashes: lambda ways: ways.take(crashes=crashes), CRASHES),
    st.builds(lambda crashes: lambda ways: ways.enrich(crashes=crashes), CRASHES),
    st.sampled_from([ArticleWays.begin, ArticleWays.crash]),
)
DELETIONS = st.builds(lambda number: lambda ways: ways.delete(number), NUMBERS)
BEGINNING = [poll(0, "A.", whole=False), visited("text 1", crashes="")]
"""The first visit asks for robots.txt; without this beginning little would happen."""


def ways_of(*steps: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.one_of(*steps), min_size=3, max_size=14).map(lambda found: [*BEGINNING, *found])


STEPS = ways_of(POLLS, VISITS, VISITS, OTHERS)
STEPS_WITH_DELETIONS = ways_of(POLLS, VISITS, VISITS, OTHERS, DELETIONS)


def after(steps: list[Any]) -> ArticleWays:
    ways = ArticleWays()
    for step in steps:
        step(ways)
    ways.drain()
    return ways


def rank(article: Article) -> tuple[bool, Any]:
    return article.text_from == "page", article.observed_at


@settings(deadline=None, max_examples=100)
@given(STEPS_WITH_DELETIONS)
def test_nothing_waits_for_ever_and_nothing_is_published_twice(steps: list[Any]) -> None:
    ways = after(steps)
    assert ways.waiting() == []
    assert ways.taken == len(ways.requests)
    published = Counter(
        (trace, article.text_from, article.content_hash, article.retracted) for trace, article in ways.parsed if trace
    )
    assert all(count == 1 for count in published.values())
    enriched = ways.enriched
    assert enriched.revisions == list(range(1, len(enriched.revisions) + 1))
    for before, following in zip(enriched.published, enriched.published[1:], strict=False):
        assert (before.content_hash, before.retracted) != (following.content_hash, following.retracted)


@settings(deadline=None, max_examples=100)
@example(steps=[*BEGINNING, poll(0, "B.", whole=False), visited("refused", crashes="")])
@given(STEPS)
def test_the_last_content_is_the_richest_and_latest_that_was_found(steps: list[Any]) -> None:
    ways = after(steps)
    contents = [article for _, article in ways.parsed]
    assert bool(contents) == bool(ways.sent)
    if not ways.sent:
        return
    last = ways.enriched.published[-1]
    # Of contents of one time the last to arrive counts.
    best = max(reversed(contents), key=rank)
    assert (last.content_hash, last.text_from) == (best.content_hash, best.text_from)
    if last.text_from == "feed":
        assert last.content_hash == ways.sent[-1].content_hash, "no page gave a text: the latest of the feeds' counts"


HANDED_OVER = [*BEGINNING, visited("other site", crashes=""), lambda ways: ways.delete(0)]
"""The article is withdrawn while it waits for its page at another site."""


@settings(deadline=None, max_examples=100)
@example(steps=HANDED_OVER)
@given(STEPS_WITH_DELETIONS)
def test_no_page_is_asked_for_after_its_article_was_withdrawn(steps: list[Any]) -> None:
    ways = after(steps)
    if not ways.sent or ways.sent[-1].retracted is None or ways.withdrawn_at is None:
        return
    assert [at for at, _ in ways.begun if at > ways.withdrawn_at] == []
    later = [article for _, article in ways.parsed if article.observed_at > ways.withdrawn_at]
    assert all(article in ways.sent for article in later), "what comes later was sent by a feed directly"
