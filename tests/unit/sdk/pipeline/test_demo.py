"""What the demo checks: the articles that came out, and the database that they were written to."""

import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from dateline.errors import DatelineError
from dateline.pipeline.demo.articles import DeliveredArticles, SeedArticles
from dateline.pipeline.demo.database import DemoDatabase
from dateline_schemas import DateMention, EnrichedArticle, Entity, Mention
from dateline_schemas.records.date_mention import Interval
from dateline_schemas.records.entity import Link
from dateline_sinks.sqlite.kind import KIND
from dateline_sinks.sqlite.options import SqliteOptions
from rich.console import Console
from support.sink_batches import BEGINNING, a_batch, a_place, a_revision

SEEDS = Path(__file__).parents[4] / "seeds"


def expecting(*titles: str) -> SeedArticles:
    return SeedArticles(titles=Counter(titles), ends={})


async def written(path: Path, articles: Sequence[EnrichedArticle]) -> DemoDatabase:
    options = SqliteOptions()
    assert KIND.prepare is not None
    await KIND.prepare(str(path), options)
    sink = KIND.make(str(path), options)
    await sink.open(a_place())
    await sink.write(a_batch(articles))
    await sink.close()
    return DemoDatabase(path=path)


def test_the_seeds_say_what_is_expected(tmp_path: Path) -> None:
    expected = SeedArticles.read(SEEDS)
    assert expected.count > 20
    assert expected.ends.keys() <= expected.titles.keys()
    with pytest.raises(DatelineError, match=r"expected\.json cannot be read"):
        SeedArticles.read(tmp_path)


def test_each_article_must_come_out_once_with_the_text_of_its_page() -> None:
    delivered = DeliveredArticles()
    delivered.add(a_revision("a", title="A", body="It ends here."))
    delivered.check(SeedArticles(titles=Counter("A"), ends={"A": "ends here."}))
    with pytest.raises(DatelineError, match="'A' does not have the text of its page"):
        delivered.check(SeedArticles(titles=Counter("A"), ends={"A": "elsewhere."}))
    with pytest.raises(DatelineError, match="'B': 0 times instead of 1"):
        delivered.check(expecting("A", "B"))
    with pytest.raises(DatelineError, match="'A': not expected"):
        delivered.check(expecting())
    delivered.add(a_revision("a", title="A"))
    with pytest.raises(DatelineError, match=r"\('a', 1\): 2 times"):
        delivered.check(expecting("A", "A"))


async def test_the_database_must_have_each_article_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite"
    assert not DemoDatabase(path=path).has(expecting("A"))
    database = await written(path, [a_revision("a", title="A"), a_revision("b", title="B")])
    assert database.has(expecting("A", "B"))
    assert not database.has(expecting("A", "B", "C"))
    database.check(expecting("A", "B"))
    for wrong in (expecting("A"), expecting("A", "B", "C"), expecting("A", "B", "B")):
        with pytest.raises(DatelineError, match="table articles"):
            database.check(wrong)


async def test_the_questions_are_answered_with_their_sql(tmp_path: Path) -> None:
    body = "Nino [b] spoke in Georgia on July 15."
    link = Link(scheme="iso3166", id="GE")
    day = DateMention(
        field="body",
        start=29,
        end=36,
        text="July 15",
        type="DATE",
        value="2024-07-15",
        interval=Interval(start="2024-07-15", end="2024-07-16"),
    )
    entities = [
        Entity(
            id="p", type="person", name="Nino [b]", mentions=[Mention(field="body", start=0, end=8, text="Nino [b]")]
        ),
        Entity(id="g", type="location", name="Georgia", links=[link]),
    ]
    article = a_revision(body=body, entities=entities, dates=[day], published=BEGINNING, published_precision="day")
    database = await written(tmp_path / "demo.sqlite", [article])
    shown = io.StringIO()
    database.answer(Console(file=shown, width=200))
    lines = [" ".join(line.split()) for line in shown.getvalue().splitlines()]
    assert "Nino [b] Ferry service resumes" in lines
    assert "2024-07-15 July 15 Ferry service resumes" in lines
    assert "FROM links" in lines


async def test_the_file_of_the_last_run_is_deleted_with_its_log(tmp_path: Path) -> None:
    database = await written(tmp_path / "demo.sqlite", [])
    for suffix in ("-wal", "-shm"):
        database.path.with_name(f"demo.sqlite{suffix}").touch()
    (tmp_path / "demo").mkdir()
    database.remove()
    database.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]  # noqa: ASYNC240 - nothing else runs
