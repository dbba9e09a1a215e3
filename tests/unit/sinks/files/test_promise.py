"""Both kinds of files keep the promise of sinks."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow.dataset as ds
import pytest
from dateline.errors import StageError
from dateline.sink.batch import SinkRecord
from dateline.sink.kit import SinkKit, a_place
from dateline.sink.sink import Sink
from dateline.sink.suite import SinkLab, SinkSuite, an_enriched, batch, begun, ids, reopened, some
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.files.file_sink import TOGETHER, FileSink, prepare_folder
from dateline_sinks.jsonl.kind import KIND as JSONL
from dateline_sinks.jsonl.kind import JsonLinesOptions
from dateline_sinks.parquet.kind import KIND as PARQUET
from dateline_sinks.parquet.kind import ParquetOptions
from support.file_batches import LINES, lines
from support.relay_lab import eventually


def json_lines_lab(target: Path) -> SinkLab:
    options = JsonLinesOptions()
    return SinkLab(
        make=lambda: JSONL.make(str(target), options),
        stored=lambda: [(line["article"]["id"], line["article"]["title"]) for line in lines(target)],
        prepare=lambda: prepare_folder(target),
        replaces=False,
    )


def parquet_lab(target: Path) -> SinkLab:
    options = ParquetOptions()

    def stored() -> list[tuple[str, str]]:
        files = list(target.rglob("*.parquet"))
        rows = ds.dataset(files).to_table(columns=["id", "title"]).to_pylist() if files else []
        return [(row["id"], row["title"]) for row in rows]

    return SinkLab(
        make=lambda: PARQUET.make(str(target), options),
        stored=stored,
        prepare=lambda: prepare_folder(target),
        replaces=False,
    )


class FileSuite(SinkSuite):
    def test_groups_topics_and_partitions_have_positions_of_their_own(self, lab: SinkLab) -> None:
        """Groups have folders of their own: a reader of one folder would otherwise find every article twice."""
        places = [a_place(), a_place(partition=1), a_place(partition=11), a_place(topic=a_place().topic + ".kit")]

        async def work() -> None:
            for number, place in enumerate(places):
                sink = await begun(lab, place, at=10 * number)
                await sink.write(batch(10 * number, some(10 * number, 1)))
                await sink.close()
            for number, place in enumerate(places):
                sink, position = await reopened(lab, place)
                await sink.close()
                assert position == 10 * number + 1, place.name
            with pytest.raises(StageError, match="belongs to one group"):
                await lab.make().open(a_place(group="kit-1"))

        self.run(lab, work)


class TestJsonLines(FileSuite):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> SinkLab:
        return json_lines_lab(tmp_path / "target")


class TestParquet(FileSuite):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> SinkLab:
        return parquet_lab(tmp_path / "target")


def files(target: Path) -> list[Path]:
    return [path for path in target.rglob("0*") if path.is_file()]


@pytest.mark.parametrize("make_lab", [json_lines_lab, parquet_lab])
async def test_control_records_and_records_that_are_left_out_cost_no_file(
    tmp_path: Path, make_lab: Callable[[Path], SinkLab]
) -> None:
    lab = make_lab(tmp_path)
    kit = SinkKit(lab.make)
    await kit.feed(*some(0, 2))
    kit.append_control()
    await kit.run()
    assert len(files(tmp_path)) == 1
    await kit.feed(an_enriched("article-0003"))
    assert kit.position == 4
    assert await lab.ids() == [*ids(0, 2), "article-0003"]
    found: Sink = lab.make()
    assert await found.open(kit.place) == 4


class Crowd:
    """A format that counts how many files are written at the same time."""

    suffix = LINES.suffix

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.released = threading.Event()
        self._lock = threading.Lock()

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.released.wait(60)
        LINES.write(file, records, covered)
        with self._lock:
            self.inside -= 1

    def read_range(self, path: Path) -> FileRange:
        return LINES.read_range(path)


async def test_a_process_writes_few_files_at_the_same_time(tmp_path: Path) -> None:
    crowd = Crowd()
    sinks = [FileSink(tmp_path, crowd) for _ in range(8)]
    for number, sink in enumerate(sinks):
        assert await sink.open(a_place(partition=number)) is None
        await sink.write(batch(0, []))
    writing = asyncio.gather(*(sink.write(batch(0, some(0, 2))) for sink in sinks))
    await eventually("some are inside", lambda: crowd.inside >= TOGETHER)
    crowd.released.set()
    await writing
    assert crowd.most == TOGETHER
    assert len(files(tmp_path)) == 8
