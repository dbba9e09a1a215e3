"""What a file of JSON Lines contains, and who can read it."""

import subprocess
from pathlib import Path

import cramjam
import pyarrow as pa
import pytest
import zstandard
from dateline_schemas import EnrichedArticle
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.jsonl.json_lines_format import BLOCK, JsonLinesFormat
from support.articles import an_article
from support.file_batches import LINES, a_file_place, a_record

COVERED = FileRange.of(a_file_place(), 5, 8)


def written(path: Path, *values: bytes, level: int = 3) -> Path:
    with path.open("wb") as file:
        JsonLinesFormat(level).write(file, [a_record(5 + number, each) for number, each in enumerate(values)], COVERED)
    return path


def text_of(path: Path) -> bytes:
    with zstandard.open(path) as file:
        return bytes(file.read())


def a_value(body: str) -> bytes:
    return EnrichedArticle(article=an_article(body=body), revision=1).to_bytes()


def test_lines_are_the_values_of_the_records_as_they_are(tmp_path: Path) -> None:
    values = [a_value(body) for body in ("one", "two\nlines\r\n", "გამარჯობა \N{GRINNING FACE} \u2028 \x00")]
    path = written(tmp_path / "file", *values)
    assert text_of(path) == b"".join(value + b"\n" for value in values)
    assert LINES.read_range(path) == COVERED


def test_a_value_with_line_breaks_between_its_parts_becomes_one_line(tmp_path: Path) -> None:
    value = a_value("two\nlines").replace(b",", b",\r\n ")
    line, end, rest = text_of(written(tmp_path / "file", value)).partition(b"\n")
    assert (end, rest) == (b"\n", b"")
    assert EnrichedArticle.from_bytes(line) == EnrichedArticle.from_bytes(value)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_the_range_at_the_end_of_a_file_disturbs_no_reader(tmp_path: Path, count: int) -> None:
    values = [a_value("x" * (BLOCK // 10) + str(number)) for number in range(count)]
    path = written(tmp_path / "file.jsonl.zst", *values)
    content = path.read_bytes()
    expected = b"".join(value + b"\n" for value in values)
    assert bytes(cramjam.zstd.decompress(content)) == expected
    assert text_of(path) == expected
    with zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True) as reader:
        assert reader.read() == expected
    assert pa.input_stream(str(path), compression="zstd").read() == expected
    try:
        assert subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout == expected
    except FileNotFoundError:
        pytest.skip("the command zstd is not installed")


def test_a_higher_level_makes_a_smaller_file(tmp_path: Path) -> None:
    values = [a_value(f"The ferry sails again on Monday. {number * 7919}" * 20) for number in range(50)]
    sizes = [written(tmp_path / str(level), *values, level=level).stat().st_size for level in (1, 19)]
    assert sizes[1] < sizes[0]
