"""SiteEffects become records."""

from dateline.kafka.partitioning import partition_of
from dateline.settings import KafkaSettings
from dateline.tracing.trace_context import TraceContext
from dateline_pages.page_outputs import outputs_of
from dateline_pages.sites.effects import Publication, SiteEffects
from dateline_schemas import Article, FeedPages, PageRequest
from dateline_schemas.headers import header
from support.site_world import a_request

KAFKA = KafkaSettings(topic_prefix="p.", instance_uri="urn:test")
TRACE = TraceContext("a" * 32, "b" * 16, 0, "congo=1")


def test_articles_and_requests_continue_the_trace_of_their_request() -> None:
    request = a_request()
    assert request.article is not None
    effects = SiteEffects(
        articles=[Publication(article=request.article, trace=TRACE)], requests=[("other.example", request, TRACE)]
    )
    article, handed_over = outputs_of(effects, KAFKA, 4)
    assert (article.topic, article.key) == ("p.articles.parsed", b"https://news.example/1")
    assert (handed_over.topic, handed_over.key) == ("p.page-requests", b"other.example")
    assert Article.from_bytes(article.value or b"") == request.article
    assert PageRequest.from_bytes(handed_over.value or b"") == request
    for output in (article, handed_over):
        assert (header(output.headers, "traceparent") or "").startswith(f"00-{'a' * 32}-")
        assert (header(output.headers, "traceparent") or "").endswith("-00")
        assert header(output.headers, "tracestate") == "congo=1"
        assert header(output.headers, "ce_source") == "urn:test/p.pages"


def test_an_article_that_is_too_large_falls_back_to_the_feeds_text_or_is_left_out() -> None:
    article = a_request().article
    assert article is not None
    large = article.model_copy(update={"body": "x" * 3_000_000})
    (output,) = outputs_of(SiteEffects(articles=[Publication(article=large, fallback=article)]), KAFKA, 4)
    assert Article.from_bytes(output.value or b"") == article
    assert outputs_of(SiteEffects(articles=[Publication(article=large)]), KAFKA, 4) == []


def test_an_article_whose_request_is_too_large_for_another_site_is_published_with_its_feeds_text() -> None:
    request = a_request(f"https://other.example/{'x' * 5_000_000}", article_id="1", article_url=None)
    (output,) = outputs_of(SiteEffects(requests=[("other.example", request, TRACE)]), KAFKA, 4)
    article = Article.from_bytes(output.value or b"")
    assert (article.body, article.text_from) == ("The council met.", "feed")
    published = request.model_copy(update={"published": True})
    assert outputs_of(SiteEffects(requests=[("other.example", published, TRACE)]), KAFKA, 4) == []


def test_what_pages_gave_goes_to_the_partition_of_the_feed() -> None:
    pages = FeedPages(site="news.example", at=a_request().asked, pages=3)
    (output,) = outputs_of(SiteEffects(feed_pages={"feed/news.example": pages}), KAFKA, 7)
    assert (output.topic, output.key) == ("p.feed-pages", b"feed/news.example")
    assert output.partition == partition_of(b"feed", 7)
    assert FeedPages.from_bytes(output.value or b"") == pages
