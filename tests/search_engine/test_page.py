"""What the page on OpenSearch says about questions and rebuilding is true."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dateline_schemas import DateMention, EnrichedArticle, Entity, Interval, Link, Mention
from search_engine.target import OpenSearchTarget
from support.sink_batches import a_batch, a_place, a_revision

PAGE = Path(__file__).parents[2] / "docs/sinks-opensearch.md"
BLOCK = re.compile(r"^ *```http\n *(\w+) (\S+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def requests(method: str, path: str) -> list[dict[str, Any]]:
    return [json.loads(body) for *found, body in BLOCK.findall(PAGE.read_text("utf-8")) if found == [method, path]]


def an_entity(name: str, kind: str, salience: float = 0.1, *links: Link) -> Entity:
    mention = Mention(field="body", start=0, end=3, text="The")
    return Entity.model_validate(
        {"id": name, "type": kind, "name": name, "salience": salience, "mentions": [mention], "links": links}
    )


def a_date(start: str, end: str) -> DateMention:
    return DateMention(
        field="body", start=0, end=3, text="The", type="DATE", value=start, interval=Interval(start=start, end=end)
    )


TBILISI = an_entity("Tbilisi", "location", 0.8, Link(scheme="wikidata", id="Q994"))
ARTICLES: list[EnrichedArticle] = [
    a_revision("ferry", published=datetime(2024, 7, 1, tzinfo=UTC), published_precision="day", language="en"),
    a_revision(
        "parliament",
        title="Parliament meets",
        body="The session begins next week.",
        published=datetime(2024, 7, 2, tzinfo=UTC),
        published_precision="day",
        language="en",
        entities=[TBILISI, an_entity("Nino", "person"), an_entity("Salome", "person")],
        dates=[a_date("2024-07-08", "2024-07-15"), a_date("-0050", "0014")],
    ),
    a_revision(
        "novel",
        title="A novel by Tbilisi",
        body="The writer calls herself so.",
        published=datetime(2024, 7, 2, tzinfo=UTC),
        published_precision="day",
        language="ka",
        entities=[an_entity("Tbilisi", "person", 0.9), an_entity("Nino", "person"), an_entity("Paris", "location")],
        dates=[a_date("2024", "2025")],
    ),
]


@pytest.fixture
async def filled(target: OpenSearchTarget) -> OpenSearchTarget:
    await target.prepare()
    sink = target.make()
    await sink.open(a_place())
    await sink.write(a_batch(ARTICLES))
    await sink.close()
    return target


def found(answer: Any) -> list[str]:
    return [hit["_id"] for hit in answer["hits"]["hits"]]


async def test_the_questions_have_their_answers(filled: OpenSearchTarget) -> None:
    words, named, linked, overlapping, within, together, days = [
        filled.search(**body) for body in requests("POST", "articles/_search")
    ]
    assert found(words) == ["ferry"]
    assert found(named) == ["parliament"]
    assert found(linked) == ["parliament"]
    assert sorted(found(overlapping)) == ["novel", "parliament"]
    assert found(within) == ["parliament"]
    people = together["aggregations"]["entities"]["people"]["names"]["buckets"]
    assert {each["key"]: each["doc_count"] for each in people} == {"Nino": 2, "Salome": 1, "Tbilisi": 1}
    assert [each["doc_count"] for each in days["aggregations"]["days"]["buckets"]] == [1, 2]


async def test_an_annotation_is_found_once_it_is_mapped(filled: OpenSearchTarget) -> None:
    (mapping,) = requests("PUT", "articles/_mapping")
    filled.client.indices.put_mapping(index=filled.options.index, body=mapping)
    sink = filled.make()
    await sink.open(a_place())
    await sink.write(a_batch([a_revision("tagged", annotations={"topics": {"names": ["ferries"]}})], first_offset=3))
    await sink.close()
    assert found(filled.search(query={"term": {"annotations.topics.names": "ferries"}})) == ["tagged"]


async def test_a_second_sink_fills_a_new_index_and_the_alias_moves_to_it(filled: OpenSearchTarget) -> None:
    name, new = filled.options.index, f"{filled.options.index}-new"
    rebuild = OpenSearchTarget(filled.url, filled.options.model_copy(update={"index": new}), filled.client)
    await rebuild.prepare()
    first, second = filled.make(), rebuild.make()
    assert await first.open(a_place()) == 3
    assert await second.open(a_place(group="rebuild")) is None
    await second.write(a_batch(ARTICLES))
    text = json.dumps(requests("POST", "_aliases")[0]).replace('"articles', f'"{name}')
    filled.client.indices.update_aliases(body=json.loads(text))
    # Both sinks write the next article, and it is there once.
    for sink in (first, second):
        await sink.write(a_batch([a_revision("last")], first_offset=3))
        await sink.close()
    assert found(filled.search(query={"match_all": {}}, sort=["revised_at"])) != []
    assert sorted(filled.documents()) == sorted([*(each.id for each in ARTICLES), "last"])
    assert list(filled.client.indices.get_alias(name=name)) == [f"{new}-1"]
