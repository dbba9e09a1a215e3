"""Where the articles of a document go."""

from dateline.feeds.page_choice import PageChoice, Wanted
from dateline_ingest.articles.items import FeedItem
from dateline_ingest.full_text.routing import ItemRouting, SiteRequest
from dateline_schemas import Article, retraction_of
from support.articles import an_article
from support.feed_history import NOW, an_item


def routed(
    item: FeedItem, went_to: str | None = None, *, wanted: Wanted = "all", running: bool = True, patient: bool = False
) -> Article | SiteRequest | None:
    choice = PageChoice(wanted=wanted, reason="")
    routing = ItemRouting(feed="k", choice=choice, running=running, observed=NOW, patient=patient)
    return routing.of(item, went_to)


def directly(item: FeedItem, **rules: bool | Wanted) -> Article:
    found = routed(item, **rules)  # type: ignore[arg-type]
    assert isinstance(found, Article)
    return found


def asked(item: FeedItem, went_to: str | None = None, **rules: bool | Wanted) -> SiteRequest:
    found = routed(item, went_to, **rules)  # type: ignore[arg-type]
    assert isinstance(found, SiteRequest)
    return found


TEASER = an_item("a", site="news.example", lack="cut")


def test_an_item_whose_page_is_wanted_goes_to_its_site() -> None:
    found = asked(TEASER)
    request = found.request
    assert (found.site, request.kind, request.url) == ("news.example", "article", "https://news.example/a")
    assert (request.needed, request.patient, request.feed, request.asked) == (True, False, "k", NOW)
    assert request.article is not None
    assert request.article == TEASER.article.model_copy(update={"observed": NOW, "text_from": "feed"})


def test_an_item_whose_page_is_not_wanted_is_published_without_a_reason() -> None:
    article = directly(TEASER, wanted="none")
    assert (article.text_from, article.text_reason, article.observed) == ("feed", None, NOW)


def test_an_item_without_a_page_is_published_with_the_reason() -> None:
    article = directly(an_item("a", lack="cut"))
    assert (article.text_from, article.text_reason) == ("feed", "the item has no page of its own")
    assert directly(an_item("a"), wanted="none").text_reason is None


def test_nothing_is_asked_for_while_the_service_was_not_seen() -> None:
    article = directly(TEASER, running=False)
    assert (article.text_from, article.text_reason) == ("feed", "the service that reads pages is not running")


def test_an_item_that_went_to_a_site_goes_there_with_all_that_follows() -> None:
    cases: tuple[tuple[Wanted, bool, FeedItem], ...] = (
        ("none", True, TEASER),
        ("all", False, TEASER),
        ("all", True, an_item("a")),
        ("all", True, an_item("a", site="moved.example")),
    )
    for wanted, running, item in cases:
        found = asked(item, "news.example", wanted=wanted, running=running)
        assert found.site == "news.example"
        assert found.request.needed == (wanted == "all" and item.page_site is not None)


def test_only_a_page_that_is_needed_is_waited_for_without_a_deadline() -> None:
    assert asked(TEASER, patient=True).request.patient
    assert not asked(TEASER, "news.example", wanted="none", patient=True).request.patient


def test_a_retraction_goes_the_way_that_the_article_went_even_without_an_address() -> None:
    gone = retraction_of(an_article(url=None), NOW)
    routing = ItemRouting(feed="k", choice=PageChoice(wanted="none", reason=""), running=False, observed=NOW)
    assert routing.retraction(gone, None) is gone
    found = routing.retraction(gone, "news.example")
    assert isinstance(found, SiteRequest)
    assert (found.site, found.request.url, found.request.needed) == ("news.example", "https://news.example/", False)
    assert found.request.article == gone
