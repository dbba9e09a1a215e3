"""What is published of several contents of one article does not depend on the order in which they arrive."""

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

from dateline_schemas import Article
from hypothesis import given
from hypothesis import strategies as st
from support.observations import Arrivals, content, feed, gone, page


def rank(article: Article) -> tuple[bool, datetime]:
    return article.text_from == "page", article.observed_at


FEEDS_AND_PAGES = [feed(0), feed(2), feed(5), page(1), page(4), content(3, "Second feed.", text_from="feed")]


def test_two_feeds_and_pages_have_one_outcome_in_every_order() -> None:
    for order in permutations(FEEDS_AND_PAGES):
        arrivals = Arrivals().arrive(*order)

        assert arrivals.published[-1] == page(4)
        assert arrivals.published == sorted(arrivals.published, key=rank)
        assert arrivals.revisions == list(range(1, len(arrivals.revisions) + 1))


HOURS = st.integers(min_value=0, max_value=9)
EVENTS = st.lists(
    st.one_of(
        st.builds(feed, HOURS),
        st.builds(page, HOURS),
        st.builds(gone, HOURS),
        st.builds(page, HOURS, via=st.sampled_from(["warc", "archive"])),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda article: article.observed_at,
)


def known(articles: Sequence[Article]) -> Sequence[Article]:
    """Return the articles from the first content: retractions before it are of an unknown article."""
    first = next((number for number, each in enumerate(articles) if not each.retracted), len(articles))
    return articles[first:]


def expected(articles: Sequence[Article]) -> Article:
    """Return what is published last: the retraction, or the best content that was observed after it."""
    withdrawn = max((each.observed_at for each in articles if each.retracted), default=None)
    after = [each for each in articles if not each.retracted and (not withdrawn or each.observed_at > withdrawn)]
    return max(after, key=rank) if after else next(each for each in articles if each.observed_at == withdrawn)


@given(EVENTS)
def test_nothing_older_or_poorer_replaces_what_is_newer_or_richer(articles: list[Article]) -> None:
    arrivals = Arrivals().arrive(*articles)

    assert len(arrivals.reasons) == len(articles)
    assert all(arrivals.reasons)
    assert arrivals.revisions == list(range(1, len(arrivals.revisions) + 1))
    for before, after in zip(arrivals.published, arrivals.published[1:], strict=False):
        if before.retracted or after.retracted:
            assert after.observed_at > before.observed_at
        else:
            assert rank(after) > rank(before)
        if after.via is not None:
            assert after.observed_at > max(each.observed_at for each in known(articles[: articles.index(after)]))


@given(EVENTS.filter(lambda articles: all(each.via is None for each in articles)), st.data())
def test_retracted_or_not_is_the_same_in_every_order(articles: list[Article], data: st.DataObject) -> None:
    contents = [each for each in articles if not each.retracted]
    if not contents:
        return
    first = data.draw(st.sampled_from(contents))
    order = [first, *data.draw(st.permutations([each for each in articles if each is not first]))]

    last = Arrivals().arrive(*order).published[-1]

    assert (last.retracted is None) == (expected(articles).retracted is None)


def only_feeds_or_later_pages(articles: Sequence[Article]) -> bool:
    """Return whether no page was read before a retraction.

    If one was, and only a feed has the article later, its text or that of the feed is the last one.
    """
    withdrawn = [each.observed_at for each in articles if each.retracted]
    return not withdrawn or all(each.observed_at > max(withdrawn) for each in articles if each.text_from == "page")


@given(EVENTS.filter(lambda articles: all(each.via is None for each in articles)), st.data())
def test_the_last_content_is_the_same_in_every_order(articles: list[Article], data: st.DataObject) -> None:
    contents = [each for each in articles if not each.retracted]
    if not contents or not only_feeds_or_later_pages(articles):
        return
    first = data.draw(st.sampled_from(contents))
    order = [first, *data.draw(st.permutations([each for each in articles if each is not first]))]

    last, wanted = Arrivals().arrive(*order).published[-1], expected(articles)

    # Which of several retractions is published depends on their order.
    assert last == wanted or (last.retracted and wanted.retracted)
