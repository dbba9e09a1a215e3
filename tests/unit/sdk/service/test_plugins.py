"""Finding a consumer by its name."""

from pathlib import Path

import pytest
from dateline import Context, DatelineError, Event, Record, consumer
from dateline.service.plugins import find_consumer
from dateline.testkit import ConsumerKit
from dateline_schemas import Contract, EnrichedArticle, Entity
from support.articles import an_article


def test_a_stage_is_found_by_its_name() -> None:
    assert find_consumer("enrich").group == "enrich"


def test_a_consumer_is_found_by_module_and_name() -> None:
    found = find_consumer("examples.headlines:headlines")
    assert found.group == "headlines"
    assert found.output is not None
    assert found.output.name == "headlines"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nothing", "no stage 'nothing'"),
        ("no_such_module:x", "no module 'no_such_module'"),
        ("examples.headlines:nothing", "it has: headlines"),
        ("examples.headlines:Headline", "no consumer"),
    ],
)
def test_a_consumer_that_is_not_found_is_an_error_that_names_the_alternatives(name: str, problem: str) -> None:
    with pytest.raises(DatelineError, match=problem):
        find_consumer(name)


def test_a_module_that_cannot_be_imported_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_consumer.py").write_text("def (")
    (tmp_path / "needy_consumer.py").write_text("import not_installed_anywhere")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DatelineError, match="broken_consumer cannot be imported"):
        find_consumer("broken_consumer:x")
    with pytest.raises(DatelineError, match="not_installed_anywhere"):
        find_consumer("needy_consumer:x")


async def test_the_example_of_the_readme_works() -> None:
    kit = ConsumerKit(find_consumer("examples.headlines:headlines"))
    plain = EnrichedArticle(article=an_article("Nowhere"), revision=1)
    placed = EnrichedArticle(
        article=an_article("Somewhere"), revision=1, entities=[Entity(id="x", type="location", name="Tbilisi")]
    )
    await kit.feed(plain, placed)
    (found,) = kit.values()
    assert (found.title, found.places) == ("Somewhere", ["Tbilisi"])
    assert kit.offset == 2


def test_a_function_without_a_type_is_refused() -> None:
    with pytest.raises(DatelineError, match="needs a type"):

        @consumer(topic="articles.enriched", group="g")
        async def untyped(article) -> None:  # type: ignore[no-untyped-def]
            ...


def test_a_topic_that_is_not_in_the_registry_is_refused() -> None:
    with pytest.raises(DatelineError, match="no topic 'articles'"):

        @consumer(topic="articles", group="g")
        async def wrong(article: EnrichedArticle) -> None: ...


class Total(Contract):
    """A state."""

    count: int


async def test_a_consumer_with_state_and_context_sees_both() -> None:
    @consumer(topic="articles.enriched", group="g", state=Total, output="totals")
    def count(article: EnrichedArticle, context: Context) -> list[Event]:
        assert context.state is not None
        before = context.state.get(b"all")
        total = Total(count=before.count + 1 if before else 1)
        context.state.put(b"all", total)
        return [Event(value=total, key="all"), Event(value=None)]

    kit = ConsumerKit(count)
    await kit.feed(*[EnrichedArticle(article=an_article(), revision=1)] * 3)
    assert [output.key for output in kit.outputs[:2]] == [b"all", an_article().id.encode()]
    assert [output.value for output in kit.outputs[-2:]] == [b'{"count":3}', None]
    assert kit.outputs[0].partition is None, "another key decides on another partition"
    assert kit.outputs[1].partition == 0
    assert count.state is not None
    assert count.state.name == "g.total"
    assert set(kit.by_topic()) == {"dateline.totals"}


async def test_a_consumer_may_read_raw_records() -> None:
    @consumer(topic="articles.enriched", group="g", output="copies")
    async def copy(record: Record) -> bytes:
        return record.value or b""

    kit = ConsumerKit(copy)
    await kit.feed(b"\xff", key="k")
    assert kit.outputs[0].value == b"\xff"


def test_a_consumer_can_be_called_like_its_function() -> None:
    @consumer(topic="articles.enriched", group="g")
    def length(article: EnrichedArticle) -> None:
        assert article.revision == 1

    length(EnrichedArticle(article=an_article(), revision=1))
