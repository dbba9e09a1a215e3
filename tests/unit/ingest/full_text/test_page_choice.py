"""Which items of a feed need their page, and why."""

from typing import Any

import pytest
from dateline.feeds.page_choice import page_choice
from dateline_ingest.articles.teasers import Lack
from dateline_schemas import FeedPages, FeedTexts
from support.feed_history import NOW, a_feed, an_item

LACKS: tuple[Lack | None, ...] = (None, "short", "cut")


def wanted(full_text: str | None, texts: FeedTexts | None = None) -> list[bool]:
    """Return whether the pages of an item with a whole text, a short one and a cut one are wanted."""
    choice = page_choice(a_feed(full_text=full_text), texts)
    return [choice.wants(an_item("a", site="news.example", lack=lack)) for lack in LACKS]


def texts(verdict: Any, **numbers: Any) -> FeedTexts:
    return FeedTexts.model_validate({"items": 20.0, "verdict": verdict, **numbers})


def test_an_operator_may_decide_for_all_items() -> None:
    cut = texts("cut", cut=20.0)
    for full_text in (None, "never"):
        assert wanted(full_text, cut) == [False, False, False]
    assert wanted("always", texts("whole", pages_give_nothing=True)) == [True, True, True]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("whole", [False, False, True]), ("mixed", [False, True, True]), ("cut", [True, True, True])],
)
def test_a_feed_decides_by_its_texts_and_an_item_by_its_own_where_they_differ(
    verdict: str, expected: list[bool]
) -> None:
    assert wanted("auto", texts(verdict)) == expected


def test_no_page_is_wanted_if_pages_give_nothing() -> None:
    assert wanted("auto", texts("cut", cut=20.0, pages_give_nothing=True)) == [False, False, False]


@pytest.mark.parametrize(
    ("full_text", "known", "words"),
    [
        (None, None, "publishes what the feed carries: it was added before pages could be read (never)"),
        ("always", None, "reads the articles' pages: as was set (always)"),
        ("auto", None, "reads the pages of the items that lack text: each item is judged by itself until the feed was "
         "read"),
        ("auto", texts("cut", cut=18.0), "reads the articles' pages: 18 of 20 items end like a cut text (…, “read "
         "more”)"),
        ("auto", texts("mixed", cut=4.0, short=6.0), "reads the pages of the items that lack text: its texts differ; "
         "4 of 20 items end like a cut text (…, “read more”) and 6 of 20 items are too short for a whole article"),
        ("auto", texts("whole"), "publishes what the feed carries, but reads the page of an item that was cut: its "
         "texts look whole; none of 20 items is cut or short"),
    ],
)  # fmt: skip
def test_the_reason_is_told_in_words(full_text: str | None, known: FeedTexts | None, words: str) -> None:
    assert str(page_choice(a_feed(full_text=full_text), known)) == words


def test_what_past_pages_gave_is_told_in_words() -> None:
    known = texts("cut", cut=18.0, pages_give_nothing=True)
    feed = a_feed(full_text="auto")
    no_more = [FeedPages(site="a.example", at=NOW, pages=24, read=20, more=1)]
    unread = [FeedPages(site="a.example", at=NOW, pages=40)]
    assert "publishes what the feed carries: 1 of 20 past pages held more text; 18" in str(
        page_choice(feed, known, no_more)
    )
    assert "none of 40 past pages could be read; 18 of 20" in str(page_choice(feed, known, unread))
