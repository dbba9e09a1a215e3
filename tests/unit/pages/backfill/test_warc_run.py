"""Reading archives: order, limits, places that are kept only for what has arrived, and the verb itself."""

import json
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from dateline_pages.backfill.warc_archive import WarcArchive, archives_in
from dateline_pages.backfill.warc_places import WarcPlace, WarcPlaces
from dateline_pages.backfill.warc_progress import WarcProgress
from dateline_pages.backfill.warc_records import WarcPosition
from dateline_pages.backfill.warc_run import WarcRun, WarcSelection
from dateline_pages.commands.backfill import backfill
from dateline_pages.reading.pool import ReaderPool
from dateline_schemas import Article
from support.warc import compressed, page_record, warc_record


@dataclass
class FakePublisher:
    """Takes articles; fails at the one with this number."""

    fails_at: int | None = None
    taken: list[Article] = field(default_factory=list)
    arrived: int = 0

    async def publish(self, article: Article) -> None:
        if len(self.taken) == self.fails_at:
            raise ConnectionError("no Kafka")
        self.taken.append(article)

    async def flush(self) -> None:
        self.arrived = len(self.taken)

    @property
    def titles(self) -> list[str]:
        return [article.title for article in self.taken]


@pytest.fixture
async def pool() -> AsyncIterator[ReaderPool]:
    async with ReaderPool.open(processes=1) as pool:
        yield pool


@pytest.fixture
def archive(tmp_path: Path) -> WarcArchive:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(compressed([page_record(number) for number in range(8)]))
    return archives_in(path)[0]


def a_run(pool: ReaderPool, publisher: FakePublisher, places: WarcPlaces, **changes: Any) -> WarcRun:
    """Return a run whose clock shows a checkpoint after each record."""
    times = iter(range(0, 100_000, 20))
    values: dict[str, Any] = {
        "progress": WarcProgress(total_bytes=1, started=0.0),
        "selection": WarcSelection(),
        "jobs": 1,
        "report": lambda _line: None,
        "clock": lambda: float(next(times)),
    }
    return WarcRun(pool=pool, publisher=publisher, places=places, **(values | changes))


TITLES = [f"Title {number}" for number in range(8)]


async def test_articles_are_published_in_the_order_of_the_archive(
    pool: ReaderPool, archive: WarcArchive, tmp_path: Path
) -> None:
    publisher, places = FakePublisher(), WarcPlaces(tmp_path)

    await a_run(pool, publisher, places).read(archive, WarcPosition())

    assert publisher.titles == TITLES
    assert publisher.arrived == len(TITLES)
    assert places.load(archive).is_done


@pytest.mark.parametrize(("agent", "count"), [("gazette", 0), ("dateline", 1)])
async def test_directives_in_archives_count_by_the_name_of_the_program(
    pool: ReaderPool, tmp_path: Path, agent: str, count: int
) -> None:
    page = page_record(1).partition(b"\r\n\r\n<html>")[2]
    http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: gazette: noindex\r\n"
    path = tmp_path / "b.warc"
    path.write_bytes(warc_record("https://news.example/1", b"<html>" + page.strip(), http=http))
    publisher = FakePublisher()

    await a_run(pool, publisher, WarcPlaces(tmp_path), agent=agent).read(archives_in(path)[0], WarcPosition())

    assert len(publisher.taken) == count


async def test_a_run_that_was_stopped_continues_without_a_gap(
    pool: ReaderPool, archive: WarcArchive, tmp_path: Path
) -> None:
    first, second, places = FakePublisher(fails_at=5), FakePublisher(), WarcPlaces(tmp_path)

    with pytest.raises(ConnectionError):
        await a_run(pool, first, places).read(archive, WarcPosition())
    place = places.load(archive)
    await a_run(pool, second, places).read(archive, place.position)

    assert not place.is_done
    assert 0 < place.position.records <= first.arrived
    assert second.titles == TITLES[place.position.records :]


async def test_at_most_as_many_articles_are_published_as_were_asked_for(
    pool: ReaderPool, archive: WarcArchive, tmp_path: Path
) -> None:
    publisher, places = FakePublisher(), WarcPlaces(tmp_path)

    await a_run(pool, publisher, places, selection=WarcSelection(limit=3)).read(archive, WarcPosition())

    assert publisher.titles == TITLES[:3]
    assert places.load(archive) == WarcPlace(position=places.load(archive).position)
    assert places.load(archive).position.records == 2


def test_pages_are_selected_by_site_and_by_the_time_of_their_capture() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    later = datetime(2026, 1, 3, tzinfo=UTC)
    selection = WarcSelection(since=moment, until=later, sites=frozenset({"news.example"}))

    assert selection.wants("https://www.news.example/a", moment)
    assert not selection.wants("https://www.news.example/a", later)
    assert not selection.wants("https://news.example/a", datetime(2026, 1, 1, tzinfo=UTC))
    assert not selection.wants("https://other.example/a", moment)
    assert WarcSelection().wants("https://other.example/a", moment)


def test_progress_tells_the_rate_and_the_time_left_of_what_this_run_reads() -> None:
    progress = WarcProgress(total_bytes=1000, started=100.0, known_bytes=500, offset=750, records=1200, articles=300)

    assert progress.line(110.0) == "75%, 1,200 records, 300 articles, 120 records/s, 10 s left"


def test_the_summary_counts_what_was_left_out_by_its_reason() -> None:
    progress = WarcProgress(total_bytes=0, started=0.0, records=9, articles=3, broken=1)
    progress.left_out = Counter({"not html": 4, "status 404": 1})

    assert (
        progress.summary("published") == "9 records, 3 articles published, 1 broken; left out: 4 not html, 1 status 404"
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(backfill, ["warc", "--dry-run", "--jobs", "1", *arguments], catch_exceptions=False)


def test_the_verb_prints_articles_and_reports_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused = warc_record("https://news.example/404", b"<p>x", http="HTTP/1.1 404 No\r\nContent-Type: text/html\r\n")
    with zipfile.ZipFile("a.wacz", "w") as container:
        container.writestr("archive/a.warc.gz", compressed([page_record(1), refused]) + b"garbage")

    result = run("a.wacz", "missing.warc.gz")
    (article,) = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 1
    assert (article["title"], article["via"], article["observed"]) == ("Title 1", "warc", "2026-01-02T03:04:05Z")
    assert article["source"] == {"kind": "file", "uri": "a.wacz!archive/a.warc.gz", "name": None}
    assert "missing.warc.gz: No such file or directory" in result.stderr
    assert "a.wacz!archive/a.warc.gz: broken at byte" in result.stderr
    assert "1 articles read, 1 broken; left out: 1 status 404" in result.stderr
    assert not Path(".dateline").exists()


def test_an_invalid_site_is_refused() -> None:
    assert "--site //: not a site" in run("a.warc", "--site", "//").stderr
