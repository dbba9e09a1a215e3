import pytest
from dateline_schemas import EnrichedArticle
from dateline_status.recent.index import ArticleIndex
from dateline_status.recent.summary import indexed_article
from dateline_status.recent.words import folded
from support.articles import an_article
from support.enriched_records import TRACE, an_entity, enriched, record_of, withdrawn


def put(index: ArticleIndex, *values: EnrichedArticle, first: int = 0) -> None:
    for offset, value in enumerate(values, first):
        article = indexed_article(record_of(value, offset), index.entities)
        assert article is not None
        index.add([article])


def titles(index: ArticleIndex) -> list[str]:
    return [each.title for each in index.newest(10)]


def a_library() -> ArticleIndex:
    index = ArticleIndex(100)
    merkel = an_entity("", name="Angela Merkel", type="person", links=[("wikidata", "Q567")])
    put(
        index,
        enriched(an_article("Störm hits Lviv", url="https://news.example/storm"), number=1, entities=[an_entity("")]),
        enriched(an_article("Budget of 2024", url="https://other.example/b?x=1"), number=2, entities=[merkel]),
        enriched(an_article("北京天气 today", url=None), number=3),
        enriched(an_article("Storms", url="https://news.example/storm2"), number=4, entities=[merkel]),
    )
    return index


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("storm", ["Storms", "Störm hits Lviv"]),
        ("STÖRM lviv", ["Störm hits Lviv"]),
        ("torm", []),
        ('"hits lviv"', ["Störm hits Lviv"]),
        ('"lviv hits"', []),
        ("天气", ["北京天气 today"]),
        ("2024", ["Budget of 2024"]),
        ("202", []),
        ("angela", ["Storms", "Budget of 2024"]),
        ('"angela merkel" storm', ["Storms"]),
        ("Q64", ["Störm hits Lviv"]),
        ("q6", []),
        ("wikidata:Q567", ["Storms", "Budget of 2024"]),
        ("2950159", ["Störm hits Lviv"]),
        ("geonames:2950159", ["Störm hits Lviv"]),
        ("wikidata:2950159", []),
        ("https://news.example/storm", ["Storms", "Störm hits Lviv"]),
        ("https://other.example/b?x=1", ["Budget of 2024"]),
        ("other.example", ["Budget of 2024"]),
        ('"', []),
        ("...", []),
        ("  ", []),
    ],
)
async def test_a_question_finds(question: str, found: list[str]) -> None:
    assert [each.title for each in await a_library().search(question)] == found


async def test_an_id_finds_its_article_alone() -> None:
    article = an_article("By id", url="https://news.example/id")
    index = a_library()
    put(index, enriched(article, number=9), first=9)
    for question in (article.id, article.id.upper(), f" {article.id} "):
        assert [each.title for each in await index.search(question)] == ["By id"]


def test_words_have_neither_case_nor_accents() -> None:
    assert folded("Él—Niño's STRAẞE") == " el nino s strasse "


def test_only_the_newest_articles_are_kept_and_entities_go_with_the_last_article() -> None:
    index = ArticleIndex(3)
    put(index, *(enriched(number=n, entities=[an_entity("", name=f"E{n}"), an_entity("")]) for n in (5, 1, 4, 2, 3)))
    assert titles(index) == ["Article 5", "Article 4", "Article 3"]
    assert sorted(each.name for each in index.entities.all()) == ["Berlin", "E3", "E4", "E5"]
    assert index.dropped is not None
    assert index.dropped[2] == 3  # the offset of Article 2
    put(index, enriched(number=0), first=7)
    assert titles(index) == ["Article 5", "Article 4", "Article 3"]
    assert index.dropped[2] == 3


def test_many_articles_at_once_are_in_order_too() -> None:
    index = ArticleIndex(500)
    records = [record_of(enriched(number=n), n) for n in range(300)]
    index.add(article for each in records[::-1] if (article := indexed_article(each, index.entities)) is not None)
    assert [each.offset for each in index.newest(300)] == list(range(299, -1, -1))
    place = index.newest(10)[-1].order
    assert [each.offset for each in index.newest(2, before=place)] == [289, 288]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 1, 0)])
def test_the_newest_revision_stays_in_whatever_order_revisions_come(order: tuple[int, ...]) -> None:
    versions = [
        enriched(an_article(f"Version {n}", url="https://news.example/v"), revision=n + 1, seconds=n) for n in range(3)
    ]
    index = ArticleIndex(10)
    for n in order:
        put(index, versions[n], first=n)
    (article,) = index.newest(10)
    newest, *earlier = sorted(set(order), reverse=True)
    assert (article.title, article.revision, article.offset) == (f"Version {newest}", newest + 1, newest)
    assert article.earlier == tuple((0, n) for n in earlier)
    assert index.get(article.id) is article


def test_a_retraction_takes_the_text_of_the_article_with_it() -> None:
    value = enriched(an_article("Wrong", url="https://news.example/w"), entities=[an_entity("")])
    index = ArticleIndex(10)
    put(index, value, withdrawn(value, seconds=5))
    (article,) = index.newest(10)
    assert (article.is_retracted, article.title, article.revision) == (True, "", 2)
    assert len(index.entities) == 0


def test_the_trace_comes_from_the_header() -> None:
    index = ArticleIndex(10)
    put(index, enriched())
    assert index.newest(1)[0].trace_id == TRACE


@pytest.mark.parametrize("value", [None, b"", b"{}", b'{"article": 1}', b"\xff"])
def test_an_invalid_record_is_skipped(value: bytes | None) -> None:
    index = ArticleIndex(10)
    assert indexed_article(record_of(enriched(), 0)._replace(value=value), index.entities) is None
    assert len(index.entities) == 0


def test_what_a_hostile_record_keeps_is_bounded() -> None:
    entities = [an_entity("", name=f"{n}" + "e" * 10_000) for n in range(500)]
    value = enriched(an_article("t" * 100_000, url="https://h.example/" + "p" * 100_000), entities=entities)
    index = ArticleIndex(10)
    put(index, value)
    (article,) = index.newest(1)
    assert len(article.title) + len(article.url or "") + len(article.words) < 3000
    assert len(article.entities) == 100
    assert sum(len(each.key) for each in article.entities) < 20_000


async def test_a_search_lets_others_run_and_survives_what_they_change() -> None:
    index = a_library()
    search = index.search("storm")
    # After one step of the search, everything that it looks at is removed.
    search.send(None)
    index.remove_partition(0)
    assert (len(index), len(index.entities)) == (0, 0)
    result = None
    while result is None:
        try:
            search.send(None)
        except StopIteration as ended:
            result = ended.value
    assert [each.title for each in result] == ["Storms", "Störm hits Lviv"]
