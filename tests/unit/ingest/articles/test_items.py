"""The identity of feed items across the documents of their feed."""

from datetime import UTC, datetime

from dateline_ingest.articles.items import FeedItem, feed_items
from dateline_ingest.articles.media import MAX_MEDIA
from dateline_ingest.feeds import ParsedFeed, parse_feed
from dateline_schemas import Media, Source

FETCHED = datetime(2024, 6, 28, tzinfo=UTC)


def item(guid: str | None = None, link: str | None = None, title: str = "Title", more: str = "") -> str:
    parts = f"<title>{title}</title>{more}"
    parts += f"<link>{link}</link>" if link else ""
    parts += f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item>{parts}</item>"


def document(*entries: str) -> ParsedFeed:
    channel = f"<title>The &lt;b&gt;News&lt;/b&gt;</title><link>https://news.example/</link>{''.join(entries)}"
    return parse_feed(f"<rss version='2.0'><channel>{channel}</channel></rss>".encode())


def items(*entries: str, uri: str = "https://news.example/rss") -> list[FeedItem]:
    return feed_items(document(*entries), Source(kind="feed", uri=uri), FETCHED)


def test_an_item_becomes_an_article_of_its_feed() -> None:
    more = (
        "<description>&lt;p&gt;Short.&lt;/p&gt;</description><author>ann@news.example (Ann Lee)</author>"
        "<pubDate>Thu, 27 Jun 2024 10:00:00 GMT</pubDate><category>Local</category>"
    )
    (found,) = items(item("1", "https://news.example/1", more=more))
    article = found.article
    assert article.source == Source(kind="feed", uri="https://news.example/rss", name="The News")
    assert (article.title, article.body, article.summary) == ("Title", "Short.", None)
    assert article.url == "https://news.example/1"
    assert article.published == datetime(2024, 6, 27, 10, tzinfo=UTC)
    assert article.categories == ["Local"]


def test_the_same_link_in_another_feed_is_the_same_article() -> None:
    (one,) = items(item("1", "https://news.example/1?utm_source=rss"))
    (other,) = items(item("9", "https://news.example/1"), uri="https://other.example/rss")
    assert one.article.id == other.article.id


def test_a_link_repeated_within_the_document_does_not_identify_items() -> None:
    first, second = items(item("1", "https://news.example/live"), item("2", "https://news.example/live"))
    assert first.article.id != second.article.id


def test_a_link_to_the_site_itself_does_not_identify_items() -> None:
    (first,) = items(item("1", "https://news.example/"))
    (second,) = items(item("2", "https://news.example/"))
    assert first.article.id != second.article.id


def test_an_item_keeps_its_key_when_another_item_gets_its_link() -> None:
    (alone,) = items(item("1", "https://news.example/live"))
    beside = items(item("1", "https://news.example/live"), item("2", "https://news.example/live"))
    assert alone.key == beside[0].key


def test_duplicate_guid_is_published_once() -> None:
    found = items(item("1", "https://news.example/1"), item("1", "https://news.example/1", "Later"))
    assert [each.article.title for each in found] == ["Title"]
    (alone,) = items(item("1", "https://news.example/1"))
    assert alone == found[0]


def test_a_guid_shared_by_different_items_is_ignored() -> None:
    found = items(item("0", "https://news.example/1"), item("0", "https://news.example/2"))
    assert len({each.key for each in found}) == 2
    assert len({each.article.id for each in found}) == 2


def test_items_without_link_and_guid_are_identified_by_content() -> None:
    assert len(items(item(title="One"), item(title="Two"), item(title="One"))) == 2


def test_items_without_text_are_left_out() -> None:
    assert items(item("1", "https://news.example/1", title="")) == []


def test_atom_entries_without_published_use_updated() -> None:
    feed = parse_feed(
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>1</id><title>T</title>"
        b"<updated>2024-06-27T10:00:00Z</updated></entry></feed>"
    )
    (found,) = feed_items(feed, Source(kind="file", uri="a.xml"), FETCHED)
    assert found.article.published == datetime(2024, 6, 27, 10, tzinfo=UTC)
    assert found.article.published_precision == "second"


def test_credentials_of_a_feed_are_not_published() -> None:
    (found,) = items(item("1"), uri="https://ann:sesame@news.example/rss")
    assert b"sesame" not in found.article.to_bytes()


def test_media_are_enclosures_and_the_picture_once_each() -> None:
    more = (
        "<enclosure url='https://news.example/1.mp3' type='Audio/MPEG' length='5'/>"
        "<enclosure url='https://news.example/1.mp3' type='audio/mp3'/>"
        "<enclosure url='javascript:f()'/><enclosure url='https://user:word@news.example/2.jpg' type='image/jpeg'/>"
        "<image>https://news.example/3.png</image>"
    )
    (found,) = items(item("1", "https://news.example/1", more=more))
    assert found.article.media == [
        Media(url="https://news.example/1.mp3", type="audio/mpeg"),
        Media(url="https://news.example/2.jpg", type="image/jpeg"),
        Media(url="https://news.example/3.png", type="image"),
    ]


def test_media_of_one_article_are_limited() -> None:
    more = "".join(f"<enclosure url='https://news.example/{number}'/>" for number in range(500))
    more += f"<enclosure url='https://news.example/{'x' * 100_000}'/>"
    (found,) = items(item("1", more=more))
    assert len(found.article.media) == MAX_MEDIA


def test_invisible_characters_go_from_texts_but_not_from_identifiers() -> None:
    more = (
        "<description>\u200bOne\ufeff two.</description><author>Ann\u00ad Lee</author><category>T\u200bide</category>"
    )
    (found,) = items(item("g\u200b", title="\ufeffA ti\u00adde", more=more))
    article = found.article
    assert (article.title, article.body) == ("A tide", "One two.")
    assert (article.authors, article.categories) == (["Ann Lee"], ["Tide"])
    (plain,) = items(item("g", title="A tide", more=more))
    assert found.key != plain.key
    assert found.article.id != plain.article.id


def test_an_item_with_another_address_than_of_the_web_is_known_by_its_guid() -> None:
    (script,) = items(item("g", "javascript:f()"))
    (bare,) = items(item("g"))
    assert script.article.url is None
    assert script.article.id == bare.article.id
