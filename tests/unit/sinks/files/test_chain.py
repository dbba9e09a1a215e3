"""The files of a partition: owners and former owners, where each continues, and what is refused."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import pytest
from dateline.errors import FencedError, StageError, TransientError
from dateline.sink.batch import SinkRecord
from dateline_sinks.files.chain import FileChain
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.files.file_sink import prepare_folder
from dateline_sinks.files.new_file import NewFile, remove_abandoned
from dateline_sinks.jsonl.json_lines_format import JsonLinesFormat
from support.file_batches import LINES, TOPIC, a_file_batch, a_file_place, nothing, ranges, written_offsets


def a_chain(target: Path, owner: str = "first", **changes: str) -> FileChain:
    return FileChain(target, LINES, a_file_place(owner, **changes))


def begun(target: Path, first: int = 100) -> FileChain:
    chain = a_chain(target)
    assert chain.open() is None
    chain.append(nothing(first))
    return chain


def partition(target: Path) -> Path:
    return target / f"topic={TOPIC}" / "partition=3"


def work(target: Path) -> Path:
    return partition(target) / ".dateline-jsonl"


def test_each_file_is_named_by_its_first_offset_and_begins_where_the_one_before_ends(tmp_path: Path) -> None:
    chain = begun(tmp_path)
    chain.append(a_file_batch(100, 110))
    chain.append(a_file_batch(110, 115))
    assert [path.name for path in sorted(partition(tmp_path).glob("*"))] == [
        ".dateline-jsonl",
        "00000000000000000100.jsonl.zst",
        "00000000000000000110.jsonl.zst",
    ]
    assert [(each.first_offset, each.next_offset) for each in ranges(tmp_path)] == [(100, 110), (110, 115)]
    assert written_offsets(tmp_path) == list(range(100, 115))
    assert a_chain(tmp_path).open() == 115


def test_a_start_is_remembered_before_there_is_a_file(tmp_path: Path) -> None:
    begun(tmp_path, 100)
    assert a_chain(tmp_path, "second").open() == 100


def test_of_two_that_state_the_start_one_is_fenced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileChain, "_check_owner", lambda _: None)
    first, second = a_chain(tmp_path), a_chain(tmp_path, "second")
    assert first.open() is second.open() is None
    second.append(nothing(120))
    with pytest.raises(FencedError):
        first.append(nothing(100))
    assert a_chain(tmp_path).open() == 120


def test_a_batch_without_records_moves_the_position_without_a_file(tmp_path: Path) -> None:
    chain = begun(tmp_path)
    chain.append(a_file_batch(100, 110))
    chain.append(nothing(110, 500))
    assert a_chain(tmp_path, "second").open() == 500
    assert len(ranges(tmp_path)) == 1


def test_offsets_without_records_belong_to_the_next_file(tmp_path: Path) -> None:
    chain = begun(tmp_path)
    chain.append(nothing(100, 500))
    chain = a_chain(tmp_path, "second")
    assert chain.open() == 500
    chain.append(a_file_batch(500, 510))
    assert [(each.first_offset, each.next_offset) for each in ranges(tmp_path)] == [(100, 510)]
    assert a_chain(tmp_path).open() == 510


def test_a_former_owner_writes_nothing(tmp_path: Path) -> None:
    first = begun(tmp_path)
    second = a_chain(tmp_path, "second")
    assert second.open() == 100
    for batch in (a_file_batch(100, 110), nothing(100, 200)):
        with pytest.raises(FencedError, match="second"):
            first.append(batch)
    assert a_chain(tmp_path).open() == 100


def test_who_loses_the_link_goes_on_from_the_end_of_the_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the former owner had checked that it is the owner just before another one opened the partition."""
    monkeypatch.setattr(FileChain, "_check_owner", lambda _: None)
    former = begun(tmp_path)
    present = a_chain(tmp_path, "second")
    assert present.open() == 100
    former.append(a_file_batch(100, 150))
    with pytest.raises(FencedError, match="another process wrote"):
        present.append(a_file_batch(100, 120))
    again = a_chain(tmp_path, "third")
    assert again.open() == 150
    again.append(a_file_batch(150, 160))
    with pytest.raises(FencedError):
        former.append(a_file_batch(150, 190))
    assert written_offsets(tmp_path) == list(range(100, 160))


def test_a_batch_that_does_not_begin_at_the_position_is_refused(tmp_path: Path) -> None:
    chain = begun(tmp_path)
    with pytest.raises(FencedError, match="100"):
        chain.append(a_file_batch(105, 110))
    assert not ranges(tmp_path)


@pytest.mark.parametrize(
    "hint", [None, b"", b"[]", b'{"last": 100, "end": 110, "until": 110}', b'{"last": 7, "end": 9}']
)
def test_the_position_is_that_of_the_files_whatever_the_hint_says(tmp_path: Path, hint: bytes | None) -> None:
    chain = begun(tmp_path)
    for first in (100, 110, 120):
        chain.append(a_file_batch(first, first + 10))
    path = work(tmp_path) / "position"
    path.unlink() if hint is None else path.write_bytes(hint)
    assert a_chain(tmp_path).open() == 130


def test_opening_reads_as_many_files_among_two_hundred_as_among_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    read_range = JsonLinesFormat.read_range

    def counted(self: JsonLinesFormat, path: Path) -> FileRange:
        read.append(path)
        return read_range(self, path)

    monkeypatch.setattr(JsonLinesFormat, "read_range", counted)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    chain = begun(tmp_path, 0)
    counts = []
    for number in range(200):
        chain.append(a_file_batch(number, number + 1))
        if number in (2, 199):
            read.clear()
            chain = a_chain(tmp_path)
            assert chain.open() == number + 1
            counts.append(len(read))
    assert counts == [1, 1]


def test_files_can_be_moved_away_while_the_last_one_stays(tmp_path: Path) -> None:
    chain = begun(tmp_path)
    for first in (100, 110, 120):
        chain.append(a_file_batch(first, first + 10))
    for path in sorted(partition(tmp_path).glob("*.zst"))[:2]:
        path.unlink()
    assert a_chain(tmp_path).open() == 130


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cluster_id": "other"}, "Kafka cluster cluster, and this is other"),
        ({"group": "other"}, "belongs to one group"),
    ],
)
@pytest.mark.parametrize("has_files", [True, False])
def test_files_of_another_cluster_or_group_are_refused(
    tmp_path: Path, changes: dict[str, str], message: str, has_files: bool
) -> None:
    chain = begun(tmp_path)
    if has_files:
        chain.append(a_file_batch(100, 110))
    with pytest.raises(StageError, match=message):
        a_chain(tmp_path, **changes).open()


def test_after_the_folder_of_another_cluster_is_moved_away_the_sink_begins_anew(tmp_path: Path) -> None:
    begun(tmp_path).append(a_file_batch(100, 110))
    with pytest.raises(StageError, match=f"move the folder {partition(tmp_path)} away"):
        a_chain(tmp_path, cluster_id="other").open()
    partition(tmp_path).rename(tmp_path.with_name("former"))
    assert a_chain(tmp_path, cluster_id="other").open() is None


def test_a_file_of_another_partition_is_refused(tmp_path: Path) -> None:
    begun(tmp_path).append(a_file_batch(100, 110))
    partition(tmp_path).rename(partition(tmp_path).with_name("partition=4"))
    with pytest.raises(StageError, match="move it back"):
        FileChain(tmp_path, LINES, a_file_place(partition=4)).open()


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda _: b"x" * 1000, lambda whole: whole[:-5], lambda whole: whole + b"x"]
)
def test_a_damaged_last_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    begun(tmp_path).append(a_file_batch(100, 110))
    path = partition(tmp_path) / "00000000000000000100.jsonl.zst"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StageError, match=r"0100.jsonl.zst is damaged"):
        a_chain(tmp_path).open()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}"])
def test_a_damaged_start_is_named(tmp_path: Path, content: bytes) -> None:
    begun(tmp_path)
    (work(tmp_path) / "start").write_bytes(content)
    with pytest.raises(StageError, match="start is damaged"):
        a_chain(tmp_path).open()


def test_a_file_under_the_name_of_another_offset_is_refused(tmp_path: Path) -> None:
    begun(tmp_path).append(a_file_batch(100, 110))
    path = partition(tmp_path) / "00000000000000000100.jsonl.zst"
    path.rename(path.with_name("00000000000000000200.jsonl.zst"))
    with pytest.raises(StageError, match="states the offsets 100 to 110"):
        a_chain(tmp_path).open()


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    begun(tmp_path).append(a_file_batch(100, 110))
    others = ["00000000000000000200.parquet", "README", "99999999999999999999.jsonl.zst.bak", "~lock"]
    for name in others:
        (partition(tmp_path) / name).write_text("mine")
    assert a_chain(tmp_path).open() == 110
    assert all((partition(tmp_path) / name).read_text() == "mine" for name in others)


def test_unfinished_files_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    begun(tmp_path)
    (work(tmp_path) / "dead.part").write_bytes(b"half")
    with NewFile(work(tmp_path)) as living:
        living.file.write(b"content")
        assert a_chain(tmp_path, "second").open() == 100
        assert len(list(work(tmp_path).glob("*.part"))) == 1
        living.finish()
        living.publish(tmp_path / "published")
    assert (tmp_path / "published").read_bytes() == b"content"
    assert not list(work(tmp_path).glob("*.part"))
    assert not remove_abandoned(work(tmp_path))


class Failing:
    """A format whose disk fails in the middle of the file."""

    suffix = LINES.suffix

    def __init__(self, error: OSError) -> None:
        self._error = error

    def write(self, file: BinaryIO, records: Sequence[SinkRecord], covered: FileRange) -> None:
        file.write(b"half")
        raise self._error

    def read_range(self, path: Path) -> FileRange:
        return LINES.read_range(path)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, TransientError),
        (errno.EDQUOT, TransientError),
        (errno.EIO, TransientError),
        (errno.ESTALE, TransientError),
        (errno.EROFS, StageError),
        (errno.EACCES, StageError),
    ],
)
def test_a_disk_that_fails_leaves_nothing_behind(tmp_path: Path, number: int, expected: type[Exception]) -> None:
    begun(tmp_path)
    chain = FileChain(tmp_path, Failing(OSError(number, os.strerror(number))), a_file_place())
    assert chain.open() == 100
    with pytest.raises(expected, match=os.strerror(number)):
        chain.append(a_file_batch(100, 110))
    assert not list(work(tmp_path).glob("*.part"))
    assert not ranges(tmp_path)
    again = a_chain(tmp_path)
    assert again.open() == 100
    again.append(a_file_batch(100, 110))
    assert written_offsets(tmp_path) == list(range(100, 110))


def test_a_target_that_is_missing_is_not_created_again(tmp_path: Path) -> None:
    """It may be a disk that is not mounted; what was written there would be hidden once it is."""
    with pytest.raises(TransientError):
        a_chain(tmp_path / "missing").open()
    assert not (tmp_path / "missing").exists()


async def test_a_file_system_without_links_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    with pytest.raises(StageError, match="without hard links"):
        await prepare_folder(tmp_path / "new" / "target")
    assert not list((tmp_path / "new" / "target").iterdir())


async def test_preparing_creates_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    for _ in range(2):
        await prepare_folder(tmp_path / "new" / "target")
    assert not list((tmp_path / "new" / "target").iterdir())


async def test_a_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StageError, match="is a file"):
        await prepare_folder(tmp_path / "file")
