import pytest
from dateline_pages.metadata.markup.json_ld import linked_nodes, node_types
from dateline_pages.metadata.markup.linked_article import linked_article
from lxml import html


def nodes(script: str, kind: str = "application/ld+json") -> list[dict[str, object]]:
    return linked_nodes(html.document_fromstring(f'<html><head><script type="{kind}">{script}</script></head></html>'))


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Storm"}',
        '[{"@type": "NewsArticle", "headline": "Storm"}]',
        '{"@graph": [{"@type": "NewsArticle", "headline": "Storm"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Storm"}}',
        '{"@type": ["NewsArticle", "Article"], "headline": "Storm",}',
        '{"@type": "https://schema.org/NewsArticle", "headline": "Storm"}',
        '<!-- {"@type": "NewsArticle", "headline": "Storm"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Storm"}\n//]]>',
        '{"@type": "NewsArticle",\n "headline": "Storm"\n "description": "a comma is missing"}',
        '{"@type": "NewsArticle", "headline": "Storm", "description": "a\nline\tbreak"};',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Storm&quot;}",
        '{"@type": "NewsArticle", "headline": "Storm"}{"@type": "Person"}',
        '{"@type": "NewsArticle", "headline": "Storm", "description": "an "unescaped" quotation"}',
        '{"@type": "NewsArticle", "headline": "Storm", "datePublished": "2024-05-01", "articleBody": "cut he',
    ],
)
def test_json_ld_is_read_in_its_forms_and_repaired_where_it_is_broken(script: str) -> None:
    assert linked_article(nodes(script), []).headline == "Storm"


@pytest.mark.parametrize("script", ["", "null", "[]", "{", "not JSON", "[" * 100_000, '{"a":' * 100_000, "<!---->"])
def test_what_states_nothing_gives_no_article(script: str) -> None:
    assert linked_article(nodes(script), []).headline == ""


def test_scripts_of_another_type_are_not_read() -> None:
    assert nodes('{"@type": "NewsArticle"}', "application/json") == []


def test_the_article_with_the_page_s_title_is_the_page_s_own() -> None:
    script = (
        '[{"@type": "NewsArticle", "headline": "Other"}, {"@type": "NewsArticle", "headline": "Storm “over” London"}]'
    )
    assert linked_article(nodes(script), ['Storm "over" London']).headline == "Storm “over” London"
    assert linked_article(nodes(script), []).headline == "Other"


def test_works_that_the_article_mentions_are_not_the_page_s_own() -> None:
    script = '{"@type": "CollectionPage", "mentions": [{"@type": "NewsArticle", "headline": "Other"}]}'
    assert linked_article(nodes(script), []).headline == ""


@pytest.mark.parametrize(
    ("fields", "is_free"),
    [
        ('"isAccessibleForFree": false', False),
        ('"isAccessibleForFree": "False"', False),
        ('"isAccessibleForFree": "http://schema.org/False"', False),
        ('"isAccessibleForFree": true', True),
        ('"isAccessibleForFree": "True"', True),
        ('"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".wall"}', False),
        ('"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": false}]', False),
        ('"isAccessibleForFree": "perhaps"', None),
        ('"headline": "Storm"', None),
    ],
)
def test_whether_the_text_is_free_is_stated_in_many_forms(fields: str, is_free: bool | None) -> None:
    assert linked_article(nodes('{"@type": "NewsArticle", ' + fields + "}"), []).is_free is is_free


def test_types_are_read_without_their_vocabulary() -> None:
    assert node_types({"@type": ["http://schema.org/NewsArticle", "schema:Article", 3]}) == ["NewsArticle", "Article"]
