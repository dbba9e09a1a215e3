import json
from datetime import UTC, datetime

import pytest
from dateline_pages.metadata.composition import page_metadata
from dateline_pages.metadata.page_metadata import PageMetadata
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(head: str, body: str = "", url: str | None = None, lang: str = "") -> PageMetadata:
    page = f'<html lang="{lang}"><head>{head}</head><body>{body}<p>text</p></body></html>'
    return page_metadata(html.document_fromstring(page), url, now=NOW)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_reading_does_not_change_the_page() -> None:
    page = (
        "<html><head><title>Storm | Site</title></head><body><h1>Storm</h1><p>By Jane Doe</p><p>3 May</p></body></html>"
    )
    tree = html.document_fromstring(page)
    before = etree.tostring(tree)
    page_metadata(tree, now=NOW)
    assert etree.tostring(tree) == before


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        ("https://news.test/storm", None, "https://news.test/storm"),
        ("/storm", "https://news.test/storm?ref=feed", "https://news.test/storm"),
        ("//news.test/storm#top", "https://news.test/x", "https://news.test/storm"),
        ("https://www.news.test/storm", "https://m.news.test/storm", "https://www.news.test/storm"),
        ("https://news.test/", "https://news.test/storm", None),
        ("https://news.test", None, None),
        ("https://other.test/storm", "https://news.test/storm", None),
        ("javascript:alert(1)", "https://news.test/storm", None),
        ("/storm", None, None),
        ("https://user:secret@news.test/storm", None, "https://news.test/storm"),
        ("https://news.test/" + "x" * 5_000, None, None),
    ],
)
def test_the_canonical_address_is_absolute_and_that_of_an_article(
    canonical: str, url: str | None, expected: str
) -> None:
    assert read(f'<link rel="canonical" href="{canonical}">', url=url).canonical_url == expected


def test_another_site_s_address_counts_if_it_is_stated_twice() -> None:
    address = "https://agency.test/storm"
    head = f'<link rel="canonical" href="{address}">' + meta("og:url", address)
    assert read(head, url="https://news.test/storm").canonical_url == address


def test_the_address_of_opengraph_counts_if_there_is_no_canonical_one() -> None:
    assert read(meta("og:url", "https://news.test/storm")).canonical_url == "https://news.test/storm"


@pytest.mark.parametrize(
    "image",
    ["https://news.test/a.jpg", {"@type": "ImageObject", "url": "https://news.test/a.jpg"}, ["https://news.test/a.jpg"],
     [{"contentUrl": "https://news.test/a.jpg"}], {"@id": "https://news.test/a.jpg"}],
)  # fmt: skip
def test_the_picture_is_stated_in_many_forms(image: object) -> None:
    script = json.dumps({"@type": "NewsArticle", "headline": "Storm", "image": image})
    assert read(f'<script type="application/ld+json">{script}</script>').image == "https://news.test/a.jpg"


def test_a_relative_picture_belongs_to_the_page_s_address() -> None:
    assert read(meta("og:image", "/a.jpg"), url="https://news.test/storm").image == "https://news.test/a.jpg"
    assert read(meta("og:image", "/a.jpg")).image is None


@pytest.mark.parametrize(
    ("lang", "head", "expected"),
    [
        ("pt-BR", "", "pt-BR"),
        ("", meta("og:locale", "en_GB"), "en-GB"),
        ("", '<meta http-equiv="content-language" name="language" content="de">', "de"),
        (
            "",
            '<script type="application/ld+json">{"@type": "Article", "headline": "S", "inLanguage": "fr"}</script>',
            "fr",
        ),
        ("not a language", meta("og:locale", "en_GB"), "en-GB"),
        ("", "", None),
    ],
)
def test_the_language_is_a_tag_of_bcp_47(lang: str, head: str, expected: str | None) -> None:
    assert read(head, lang=lang).language == expected


def test_section_and_tags_are_read_without_repetitions() -> None:
    head = meta("article:section", "World") + meta("article:tag", "Storm") + meta("article:tag", "storm, London")
    found = read(head)
    assert (found.section, found.tags) == ("World", ("Storm", "London"))


def test_keywords_are_the_tags_if_nothing_else_is_stated() -> None:
    assert read('<meta name="keywords" content="Storm, London,, news">').tags == ("Storm", "London")


@pytest.mark.parametrize(("tier", "paywalled"), [("locked", True), ("free", False), ("metered", None), ("", None)])
def test_the_tier_of_the_content_says_whether_it_is_paywalled(tier: str, paywalled: bool | None) -> None:
    assert read(meta("article:content_tier", tier)).paywalled is paywalled


def test_json_ld_decides_whether_the_text_is_free() -> None:
    script = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": "False"}</script>'
    assert read(script + meta("article:content_tier", "free")).paywalled is True


def test_the_site_and_the_description_are_read() -> None:
    found = read(meta("og:site_name", "Daily Planet") + meta("og:description", "Two people <b>died</b>."))
    assert (found.site_name, found.description) == ("Daily Planet", "Two people died .")


TEXT = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner, max_size=4), max_leaves=6
)
NODE = st.dictionaries(
    st.sampled_from(
        ["@type", "@id", "headline", "author", "datePublished", "dateModified", "image", "url", "keywords", "hasPart",
         "isAccessibleForFree", "publisher", "inLanguage", "articleSection", "mainEntityOfPage", "name"]
    ),
    JSON | st.dictionaries(st.sampled_from(["@type", "@id", "name", "url", "@value"]), JSON, max_size=3),
)  # fmt: skip


@given(NODE, TEXT, TEXT, TEXT)
def test_whatever_a_page_states_is_read_without_an_error(
    node: dict[str, object], title: str, date: str, name: str
) -> None:
    tree = html.document_fromstring("<html><head></head><body><h1>Storm</h1></body></html>")
    script = etree.SubElement(tree[0], "script", type="application/ld+json")
    script.text = json.dumps({**node, "@type": "NewsArticle"})
    for property_name, content in (("og:title", title), ("article:published_time", date), ("author", name)):
        element = etree.SubElement(tree[0], "meta", property=property_name)
        element.set("content", "".join(filter(str.isprintable, content)))
    found = page_metadata(tree, "https://news.test/storm", now=NOW)
    assert found.title
    assert (found.published is None) == (found.published_precision is None)
    assert found.published is None or found.published.tzinfo is not None


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000,
        "<h1>Storm</h1>" + "<span>By </span>" * 20_000,
        "<h1>" * 5_000,
        "<meta property='og:title' content='" + "| - " * 50_000 + "'><h1>Storm</h1>",
        "<meta name=author content='" + "A, " * 50_000 + "'>",
        "<title>" + "x - " * 50_000,
        "<h1>Storm</h1><p>" + "1/1/" * 50_000,
        "<a rel=author>" * 20_000,
        '<script type=\'application/ld+json\'>{"a": "b"' + "\n" * 200_000 + "x</script>",
        "<script type='application/ld+json'>{-->" + " " * 200_000 + "x</script>",
        "<script type='application/ld+json'>" + "[[]," * 100_000 + "</script>",
        "<script type='application/ld+json'>" + '{"@type": "Article", "author": [' * 10_000 + "</script>",
    ],
)
def test_hostile_pages_are_read(page: str) -> None:
    tree = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=True))
    assert page_metadata(tree, now=NOW).canonical_url is None


def test_an_empty_page_says_nothing() -> None:
    assert page_metadata(html.document_fromstring("<html></html>"), now=NOW) == PageMetadata()
