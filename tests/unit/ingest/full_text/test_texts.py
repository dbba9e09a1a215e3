"""The verdict on the texts of a feed."""

from collections.abc import Sequence

from dateline_ingest.articles.items import FeedItem
from dateline_ingest.articles.teasers import Lack
from dateline_ingest.full_text.texts import CUT_SHARE, MAX_ITEMS, TURNING_SHARE, WHOLE_SHARE, texts_after
from dateline_schemas import FeedTexts
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_history import an_item

WHOLE: tuple[Lack | None, ...] = (None,)
CUT: tuple[Lack | None, ...] = ("cut",)
SHORT: tuple[Lack | None, ...] = ("short",)

LACKS = st.sampled_from([None, "cut", "short"])


def items(*lacks: Lack | None) -> list[FeedItem]:
    return [an_item(str(number), site="news.example", lack=lack) for number, lack in enumerate(lacks)]


def verdicts(*documents: Sequence[Lack | None]) -> list[str]:
    texts: FeedTexts | None = None
    found: list[str] = []
    for document in documents:
        texts = texts_after(texts, items(*document))
        assert texts is not None
        found.append(texts.verdict)
    return found


def test_a_feed_whose_texts_lack_something_is_cut_and_one_whose_texts_do_not_is_whole() -> None:
    assert verdicts([*CUT * 18, *WHOLE * 2]) == ["cut"]
    assert verdicts([*SHORT * 10, *CUT * 10]) == ["cut"]
    assert verdicts([*WHOLE * 18, *CUT * 2]) == ["whole"]
    assert verdicts([*WHOLE * 10, *SHORT * 10]) == ["mixed"]


def test_two_items_are_too_few_for_a_verdict() -> None:
    assert verdicts(CUT * 2, CUT) == ["mixed", "cut"]


def test_items_without_a_page_are_not_counted() -> None:
    assert texts_after(None, [an_item("a", lack="cut")]) is None
    known = FeedTexts(items=5, cut=5, verdict="cut")
    assert texts_after(known, [an_item("a")]) == known


def test_a_feed_that_changes_its_ways_is_noticed_within_forty_items() -> None:
    found = verdicts(WHOLE * 100, *[CUT] * 40)
    assert (found[0], found[-1]) == ("whole", "cut")
    assert found.index("cut") > 10, "a few items change nothing"


@settings(deadline=None)
@given(st.lists(st.lists(LACKS, min_size=1, max_size=60), min_size=1, max_size=12))
def test_the_counts_stay_bounded_and_consistent(documents: list[list[Lack | None]]) -> None:
    texts: FeedTexts | None = None
    for document in documents:
        texts = texts_after(texts, items(*document))
        assert texts is not None
        assert texts.items <= MAX_ITEMS + 0.1
        assert texts.cut + texts.short <= texts.items + 0.05


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_a_verdict_changes_only_after_the_share_has_moved_across_the_whole_band(lacking: list[bool]) -> None:
    texts: FeedTexts | None = None
    for each in lacking:
        before = texts
        texts = texts_after(before, items("cut" if each else None))
        assert texts is not None
        share = texts.cut / texts.items
        if before is None or before.verdict == texts.verdict or before.items < 3:
            continue
        assert {
            ("whole", "mixed"): share >= TURNING_SHARE - 0.01,
            ("cut", "mixed"): share <= TURNING_SHARE + 0.01,
            ("mixed", "whole"): share <= WHOLE_SHARE + 0.01,
            ("mixed", "cut"): share >= CUT_SHARE - 0.01,
        }.get((before.verdict, texts.verdict), False)
