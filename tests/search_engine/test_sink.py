"""Late revisions, retractions, outages of the server, and what a person is told."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from dateline.errors import StageError, TransientError
from dateline.sink.kit import SinkKit
from dateline_schemas import DateMention, Interval
from dateline_sinks.opensearch.kind import KIND
from dateline_sinks.opensearch.options import OpenSearchOptions
from dateline_sinks.servers.opensearch.server import OpenSearchServer
from opensearchpy import OpenSearch
from search_engine.target import OpenSearchTarget
from support.sink_batches import a_batch, a_place, a_retraction, a_revision


@pytest.fixture
def own_server() -> Iterator[OpenSearchServer]:
    """A server that the test may kill."""
    with OpenSearchServer() as running:
        yield running


async def test_a_retraction_removes_the_text_and_hides_the_article_from_searches(target: OpenSearchTarget) -> None:
    await target.prepare()
    sink = target.make()
    await sink.open(a_place())
    await sink.write(a_batch([a_revision(), a_retraction(revision=3)]))
    await sink.write(a_batch([a_revision(revision=2, title="Late")], first_offset=2))
    await sink.close()
    assert target.search(query={"match_all": {}})["hits"]["hits"] == []
    (document,) = target.documents().values()
    assert not document.keys() & {"title", "body", "summary", "entities", "dates", "annotations"}
    assert document["retracted"] == "2024-07-01T14:00:00Z"


async def test_an_article_that_comes_back_after_its_retraction_is_found(target: OpenSearchTarget) -> None:
    await target.prepare()
    sink = target.make()
    await sink.open(a_place())
    await sink.write(a_batch([a_retraction(revision=1), a_revision(revision=2)]))
    await sink.close()
    assert len(target.search(query={"match": {"title": "ferry"}})["hits"]["hits"]) == 1


def a_long_date(start: str, end: str) -> DateMention:
    interval = Interval(start=start, end=end)
    return DateMention(field="body", start=0, end=3, text="x" * 40_000, type="DATE", value=start, interval=interval)


async def test_what_an_article_may_have_fits_the_mapping(target: OpenSearchTarget) -> None:
    await target.prepare()
    close = ("2024-01-01T00:00:00.0001", "2024-01-01T00:00:00.0002")
    dates = [a_long_date(*interval) for interval in [("-0050", "0014"), ("1999", "12000"), close]]
    odd = {"": 1, "a..b": {".": [1, {"x": "y"}]}, "n": float("nan"), "long": "z" * 40_000}
    kit = SinkKit(target.make)
    await kit.feed(
        a_revision("界" * 255, title="\0", body="b" * 100_000, url="https://news.example/" + "p" * 40_000, dates=dates),
        a_revision("odd", annotations={"mine": odd}),
    )
    assert kit.dead_letters == []
    assert len(target.documents()) == 2


async def test_a_server_that_was_killed_has_what_it_confirmed(own_server: OpenSearchServer) -> None:
    options = OpenSearchOptions(replicas=0)
    client = OpenSearch([own_server.url], timeout=60)
    target = OpenSearchTarget(own_server.url, options, client)
    await target.prepare()
    sink = target.make()
    await sink.open(a_place())
    for number in range(20):
        await sink.write(a_batch([a_revision(f"article-{number}")], first_offset=number))
    late = a_batch([a_revision(f"late-{n}") for n in range(200)], first_offset=20)
    writing = asyncio.ensure_future(sink.write(late))
    await asyncio.to_thread(own_server.kill)
    # It may have been written before the server ended.
    with suppress(TransientError):
        await writing
    with pytest.raises(TransientError, match="does not answer"):
        await target.make().open(a_place())
    await sink.close()
    await asyncio.to_thread(own_server.start)
    sink = target.make()
    position = await sink.open(a_place())
    assert position in (20, 220)
    if position == 20:
        await sink.write(late)
    await sink.close()
    expected = {f"article-{n}" for n in range(20)} | {f"late-{n}" for n in range(200)}
    assert set(target.documents()) == expected
    client.close()


async def test_an_index_that_was_deleted_is_not_made_without_its_mapping(target: OpenSearchTarget) -> None:
    await target.prepare()
    sink = target.make()
    await sink.open(a_place())
    target.client.indices.delete(index=f"{target.options.index}-1")
    with pytest.raises(TransientError, match="not an alias"):
        await sink.write(a_batch([a_revision()]))
    await sink.close()
    assert not target.client.indices.exists(index=target.options.index)


async def test_preparing_twice_at_the_same_time_makes_one_index(target: OpenSearchTarget) -> None:
    await asyncio.gather(*(target.prepare() for _ in range(4)))
    assert list(target.client.indices.get_alias(name=target.options.index)) == [f"{target.options.index}-1"]


async def test_an_older_index_gets_the_new_fields(target: OpenSearchTarget) -> None:
    name = target.options.index
    body = {"mappings": {"dynamic": False, "properties": {"id": {"type": "keyword", "ignore_above": 8000}}}}
    target.client.indices.create(index=f"{name}-1", body=body | {"aliases": {name: {}}})
    await target.prepare()
    mapping = target.client.indices.get_mapping(index=name)[f"{name}-1"]["mappings"]
    assert mapping["_meta"] == {"dateline_mapping": 1}
    assert mapping["properties"]["entities"]["type"] == "nested"


async def test_an_index_of_the_name_of_the_alias_is_not_touched(target: OpenSearchTarget) -> None:
    target.client.indices.create(index=target.options.index)
    try:
        with pytest.raises(StageError, match="is an index"):
            await target.prepare()
    finally:
        target.client.indices.delete(index=target.options.index)


async def test_a_group_is_forgotten_and_its_articles_stay(target: OpenSearchTarget) -> None:
    assert KIND.forget is not None
    assert (await KIND.forget(target.url, target.options, "sink-test")).startswith("0 positions")
    await target.prepare()
    for partition, group in [(0, "sink-test"), (1, "sink-test"), (0, "other")]:
        sink = target.make()
        await sink.open(a_place(partition, group=group))
        await sink.write(a_batch([a_revision(f"{group}-{partition}")]))
        await sink.close()
    assert (await KIND.forget(target.url, target.options, "sink-test")).startswith("2 positions of sink-test")
    assert len(target.documents()) == 3
    for group, position in [("sink-test", None), ("other", 1)]:
        sink = target.make()
        assert await sink.open(a_place(group=group)) == position
        await sink.close()


async def test_secrets_are_read_from_files_and_never_shown(target: OpenSearchTarget, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hidden\n")
    options = target.options.model_copy(update={"user": "someone", "password_file": file})
    secret = target.url.replace("://", "://someone:hidden@")
    # This server does not ask for a password, and takes any.
    assert await OpenSearchTarget(target.url, options, target.client).make().open(a_place()) is None
    assert KIND.shown(secret) == target.url
    with pytest.raises(TransientError) as caught:
        await OpenSearchTarget("http://someone:hidden@127.0.0.1:1", options, target.client).prepare()
    assert "hidden" not in str(caught.value)
    missing = options.model_copy(update={"password_file": tmp_path / "missing"})
    with pytest.raises(StageError, match="cannot be used"):
        await OpenSearchTarget(target.url, missing, target.client).make().open(a_place())
