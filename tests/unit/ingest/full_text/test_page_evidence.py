"""What past pages say about the next ones."""

from datetime import timedelta

from dateline_ingest.full_text.page_evidence import pages_give_nothing
from dateline_schemas import FeedPages
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_history import NOW


def pages(*, wanted: int, read: int, more: int, days: float = 0) -> FeedPages:
    return FeedPages(site="news.example", at=NOW - timedelta(days=days), pages=wanted, read=read, more=more)


def test_pages_that_hold_no_more_than_the_feed_give_nothing() -> None:
    assert pages_give_nothing([pages(wanted=20, read=20, more=2)], NOW, before=False)
    assert not pages_give_nothing([pages(wanted=20, read=20, more=3)], NOW, before=False)
    assert not pages_give_nothing([pages(wanted=9, read=9, more=0)], NOW, before=False), "too few to know"


def test_the_pages_of_all_sites_count_together() -> None:
    few = pages(wanted=6, read=6, more=0)
    assert pages_give_nothing([few, few], NOW, before=False)
    assert not pages_give_nothing([few, pages(wanted=20, read=20, more=20)], NOW, before=False)


def test_between_the_limits_nothing_changes() -> None:
    between = [pages(wanted=20, read=20, more=4)]
    assert pages_give_nothing(between, NOW, before=True)
    assert not pages_give_nothing(between, NOW, before=False)


def test_pages_are_tried_again_after_a_month() -> None:
    assert pages_give_nothing([pages(wanted=20, read=20, more=0, days=29)], NOW, before=True)
    assert not pages_give_nothing([pages(wanted=20, read=20, more=0, days=30)], NOW, before=True)


def test_pages_that_cannot_be_read_are_tried_again_after_three_days() -> None:
    assert pages_give_nothing([pages(wanted=40, read=2, more=2, days=2)], NOW, before=False)
    assert not pages_give_nothing([pages(wanted=40, read=2, more=2, days=3)], NOW, before=True)
    assert not pages_give_nothing([pages(wanted=29, read=0, more=0)], NOW, before=False), "too few to know"
    assert not pages_give_nothing([], NOW, before=True)


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_more_text_never_makes_pages_useless(wanted: int, read: int, more: int) -> None:
    read = min(read, wanted)
    more = min(more, read)
    for before in (False, True):
        results = [
            pages_give_nothing([pages(wanted=wanted, read=read, more=each)], NOW, before=before)
            for each in range(more, read + 1)
        ]
        assert results == sorted(results, reverse=True)
