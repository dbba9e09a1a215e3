"""What `feeds show` says about the pages of a feed's articles."""

from datetime import timedelta

from dateline_ingest.catalog.page_facts import MOST_SITES, page_facts
from dateline_schemas import FeedPages, FeedState, FeedTexts
from support.feed_history import NOW, a_feed


def test_what_is_done_and_why_comes_before_what_each_site_gave() -> None:
    state = FeedState(url="u", texts=FeedTexts(items=20, cut=18, verdict="cut"))
    pages = [
        FeedPages(site="a.example", at=NOW - timedelta(hours=2), pages=20, read=18, more=15),
        FeedPages(site="b.example", at=NOW, pages=3, reason="the server answered 403"),
    ]
    assert list(page_facts(a_feed(full_text="auto"), state, pages, NOW)) == [
        ("full text", "reads the articles' pages: 18 of 20 items end like a cut text (…, “read more”)"),
        ("pages of a.example", "15 of 20 held more text than the feed, 2 gave no text, last 2 h ago"),
        (
            "pages of b.example",
            "0 of 3 held more text than the feed, 3 gave no text, last 0 s ago; "
            "the last one gave none: the server answered 403",
        ),
    ]


def test_a_feed_that_was_never_read_and_has_no_choice_says_so() -> None:
    assert list(page_facts(a_feed(), None, [], NOW)) == [
        ("full text", "publishes what the feed carries: it was added before pages could be read (never)")
    ]


def test_only_some_of_many_sites_are_named() -> None:
    pages = [FeedPages(site=f"{number}.example", at=NOW, pages=1) for number in range(MOST_SITES + 3)]
    facts = list(page_facts(a_feed(full_text="always"), None, pages, NOW))
    assert len(facts) == MOST_SITES + 2
    assert facts[-1] == ("more sites", "3")
