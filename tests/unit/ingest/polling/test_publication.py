"""Which way the articles of a feed go over several polls and pushes, and what is retracted."""

from datetime import timedelta

from dateline_ingest.articles.items import FeedItem, feed_items
from dateline_ingest.feeds import DeletedEntry, ParsedEntry, ParsedFeed
from dateline_ingest.full_text.page_evidence import PageEvidence
from dateline_ingest.polling.results import DeletedItem, FeedDocument, FeedResponse, Read
from dateline_schemas import Article, FeedPages, PageRequest, Source, content_hash
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_history import NOW, FeedHistory, a_feed, an_item

RUNNING = PageEvidence(running=True)
SITE = "news.example"


def a_history(full_text: str | None = "auto", pages: PageEvidence = RUNNING) -> FeedHistory:
    return FeedHistory(feed=a_feed(full_text=full_text), pages=pages)


def requests(feed: FeedHistory) -> list[PageRequest]:
    """Return what the last poll asked for."""
    return [each.request for each in feed.changes[-1].requests]


def articles(feed: FeedHistory) -> list[Article]:
    """Return all articles that were published or sent to a site, in order."""
    found: list[Article] = []
    for change in feed.changes:
        found += change.articles
        found += (each.request.article for each in change.requests if each.request.article is not None)
    return found


def deletion(key: str) -> DeletedItem:
    return DeletedItem(keys=[key])


def teasers(*keys: str, body: str = "Body") -> list[FeedItem]:
    return [an_item(key, body, site=SITE, lack="cut") for key in keys]


def test_the_teasers_of_a_feed_go_to_their_site_without_a_deadline_in_the_first_poll() -> None:
    feed = a_history()
    assert feed.read(*teasers("a", "b", "c")) == []
    assert [(each.site, each.request.patient) for each in feed.changes[-1].requests] == [(SITE, True)] * 3
    feed.wait(minutes=15)
    assert feed.read(*teasers("a", "b", "c", "d")) == []
    assert [(each.feed, each.patient, each.needed) for each in requests(feed)] == [("k", False, True)]
    assert (feed.known.polls[-1].new, feed.known.texts and feed.known.texts.verdict) == (1, "cut")


def test_whole_texts_are_published_and_a_single_teaser_among_them_goes_to_its_site() -> None:
    feed = a_history()
    whole = [an_item(str(number), site=SITE) for number in range(10)]
    assert len(feed.read(*whole, *teasers("a"))) == 10
    assert [each.url for each in requests(feed)] == ["https://news.example/a"]


def test_a_feed_without_a_choice_publishes_everything_and_keeps_no_evidence() -> None:
    feed = a_history(full_text=None)
    assert feed.read(*teasers("a", "b", "c")) == ["a", "b", "c"]
    assert [(each.text_from, each.text_reason) for each in articles(feed)] == [("feed", None)] * 3
    assert feed.known.texts is None


def test_before_the_service_was_seen_teasers_are_published_with_the_reason() -> None:
    feed = a_history(pages=PageEvidence(running=False))
    assert feed.read(*teasers("a", "b", "c")) == ["a", "b", "c"]
    assert {each.text_reason for each in articles(feed)} == {"the service that reads pages is not running"}
    feed.pages = RUNNING
    assert feed.read(*teasers("a", "b", "c", "d")) == []
    assert [each.url for each in requests(feed)] == ["https://news.example/d"], "what was published is not sent again"


def test_an_item_that_went_to_its_site_goes_there_with_all_later_contents() -> None:
    feed = a_history()
    feed.read(*teasers("a", "b", "c"))
    feed.pages = PageEvidence(running=False)
    feed.feed = a_feed(full_text="never")
    assert feed.read(*teasers("a", body="Corrected"), *teasers("b", "c", "new")) == ["new"]
    assert [(each.url, each.needed) for each in requests(feed)] == [("https://news.example/a", False)]


def test_an_item_that_was_published_goes_to_its_site_when_its_page_is_wanted_later() -> None:
    feed = a_history(full_text="never")
    assert feed.read(*teasers("a")) == ["a"]
    feed.feed = a_feed(full_text="always")
    assert feed.read(*teasers("a", body="Corrected")) == []
    assert [each.needed for each in requests(feed)] == [True]


def test_a_feed_whose_pages_hold_no_more_is_published_and_asks_again_after_a_month() -> None:
    results = (FeedPages(site=SITE, at=NOW, pages=20, read=20, more=1),)
    feed = a_history(pages=PageEvidence(running=True, results=results))
    assert feed.read(*teasers("a", "b", "c")) == ["a", "b", "c"]
    assert feed.known.texts is not None
    assert feed.known.texts.pages_give_nothing
    feed.wait(days=31)
    assert feed.read(*teasers("a", "b", "c", "d")) == []


def test_a_push_goes_the_same_way_as_a_poll() -> None:
    feed = a_history()
    feed.read(*teasers("a", "b", "c"))
    feed.wait(minutes=1)
    assert feed.push(*teasers("d"), *teasers("a", body="Corrected")) == []
    assert [(each.url, each.patient) for each in requests(feed)] == [
        ("https://news.example/d", False),
        ("https://news.example/a", False),
    ]


def test_a_feed_with_a_key_that_is_no_text_is_handled_like_any_other() -> None:
    feed = a_history()
    (item,) = teasers("a")
    result = Read(key=b"\x82", at=NOW, response=FeedResponse(status=200), document=FeedDocument(items=[item]))
    feed.tell(result)
    assert [each.feed for each in requests(feed)] == ["\ufffd"]


def test_a_deleted_item_is_retracted_once_the_way_that_it_went() -> None:
    feed = a_history()
    whole = [an_item(str(number), site=SITE) for number in range(5)]
    feed.read(*whole, *teasers("a"))
    ids = {each.title: each.id for each in articles(feed)}
    feed.wait(minutes=15)
    assert feed.read(*whole[1:], deleted=[deletion("a"), deletion("0"), deletion("unknown")]) == [""]
    (direct,), (request,) = feed.changes[-1].articles, requests(feed)
    assert request.article is not None
    assert (feed.changes[-1].requests[0].site, request.needed) == (SITE, False)
    assert [direct.id, request.article.id] == [ids["0"], ids["a"]]
    for gone in (direct, request.article):
        assert (gone.retracted, gone.observed, gone.title, gone.body) == (feed.now, feed.now, "", "")
        assert gone.content_hash == content_hash("", "")
        assert gone.source.uri == feed.feed.url
    assert feed.known.polls[-1].new == 2
    feed.wait(minutes=15)
    assert feed.read(*whole[1:], deleted=[deletion("a"), deletion("0")]) == []
    assert feed.changes[-1].found == 0


def test_an_item_that_returns_after_its_retraction_is_published_again_and_can_be_retracted_again() -> None:
    feed = a_history(full_text="never")
    feed.read(an_item("a"), an_item("b"))
    feed.read(an_item("b"), deleted=[deletion("a")])
    assert feed.read(an_item("a"), an_item("b")) == ["a"]
    assert feed.read(an_item("b"), deleted=[deletion("a")]) == [""]


def test_a_feed_does_not_retract_what_it_has_not_published_itself() -> None:
    other, feed = a_history(), a_history()
    other.read(an_item("a"))
    feed.read(an_item("b"), deleted=[deletion("a")])
    assert [each.title for each in articles(feed)] == ["b"]


def test_a_deleted_entry_finds_the_item_by_its_guid_or_by_the_address_of_its_page() -> None:
    source = Source(kind="feed", uri="https://news.example/rss")
    by_guid = ParsedEntry(id="tag:1", title="One", link="https://news.example/1")
    by_link = ParsedEntry(title="Two", link="https://news.example/2")
    items = feed_items(ParsedFeed(format="atom", entries=[by_guid, by_link]), source, NOW)
    assert [(item.page_site, item.lack) for item in items] == [(SITE, "short")] * 2
    assert items[0].key in DeletedItem.of(DeletedEntry(ref="tag:1")).keys
    assert items[1].key in DeletedItem.of(DeletedEntry(ref="https://news.example/2")).keys
    gone = DeletedItem.of(DeletedEntry(ref="tag:2", link="https://ann:sesame@news.example/2"))
    assert items[1].key in gone.keys
    assert gone.url == "https://news.example/2"


STEPS = st.lists(
    st.tuples(st.sampled_from(["read", "push", "unchanged", "fail"]), st.integers(-3, 5)), min_size=1, max_size=12
)


@settings(deadline=None)
@given(STEPS)
def test_the_time_of_observation_never_goes_back_whatever_the_clock_does(steps: list[tuple[str, int]]) -> None:
    feed = a_history(full_text="never")
    feed.read(an_item("first"))
    for number, (step, minutes) in enumerate(steps):
        feed.now += timedelta(minutes=minutes)
        match step:
            case "read":
                feed.read(an_item(f"item{number}"))
            case "push":
                feed.push(an_item(f"item{number}"))
            case "unchanged":
                feed.unchanged()
            case _:
                feed.fail()
    times = [each.observed for each in articles(feed)]
    assert times == sorted(time for time in times if time is not None)
