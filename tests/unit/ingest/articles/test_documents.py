"""Documents of all kinds, and the problems reported for invalid ones."""

import io
import json
from pathlib import Path

import pytest
from dateline_ingest.articles.documents import Content, read_document
from dateline_ingest.articles.draft import ArticleDraft
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.feeds import ParsedFeed
from hypothesis import given
from hypothesis import strategies as st
from support.news_site import Story, rss

LIMIT = 100_000


def read(data: bytes, name: str = "file") -> list[Content]:
    return list(read_document(io.BytesIO(data), name, max_bytes=LIMIT))


def problem(data: bytes, name: str = "file") -> InputProblem:
    (found,) = read(data, name)
    assert isinstance(found, InputProblem)
    assert found.remedy
    return found


def titles(contents: list[Content]) -> list[str]:
    return [each.title for each in contents if isinstance(each, ArticleDraft)]


def test_each_kind_of_document_is_recognised_by_its_content() -> None:
    assert titles(read(b" date 2024-06-27 Dated\nBody")) == ["Dated"]
    assert titles(read(b'{"title": "One"}')) == ["One"]
    assert titles(read(b'{\n"title": "Over\\nlines"\n}')) == ["Over lines"]
    assert titles(read(b'[{"title": "One"}, {"title": "Two"}]')) == ["One", "Two"]
    assert titles(read(b'{"title": "One"}\n{"title": "Two"}\n')) == ["One", "Two"]
    (feed,) = read(rss([Story(1)]))
    assert isinstance(feed, ParsedFeed)
    (feed,) = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": []}).encode())
    assert isinstance(feed, ParsedFeed)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_ignored(codec: str) -> None:
    assert titles(read(" date 2024-06-27 Müller\nBody".encode(codec))) == ["Müller"]


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_problem(data: bytes) -> None:
    assert problem(data).what == "the file is empty"
    assert problem(data, "file.jsonl").what == "the file is empty"


def test_a_binary_file_is_a_problem() -> None:
    assert problem(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR").what == "this is a binary file"


def test_text_that_is_not_utf_8_is_reported_with_line_and_byte() -> None:
    found = problem(" date 2024-06-27 Title\nGood line\nMüller".encode("latin-1"))
    assert (found.line, found.what) == (3, "byte 0xfc is not UTF-8")
    assert "iconv" in found.remedy


def test_a_file_beyond_the_limit_is_reported_with_the_setting() -> None:
    found = problem(b" date 2024-06-27 Title\n" + b"word " * LIMIT)
    assert "100,000 bytes" in found.what
    assert "DATELINE_INGEST__MAX_DOCUMENT_BYTES" in found.remedy


def test_a_50_mb_file_is_refused_without_reading_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write(b" date 2024-06-27 Title\n")
        file.truncate(50 * 1024 * 1024)
    with path.open("rb") as stream:
        (found,) = read_document(stream, str(path), max_bytes=LIMIT)
        assert stream.tell() <= LIMIT + 1
    assert isinstance(found, InputProblem)


def test_json_lines_may_exceed_the_limit_but_a_single_line_may_not() -> None:
    line = json.dumps({"title": "Title", "body": "word " * 1000}).encode() + b"\n"
    long = json.dumps({"title": "Long", "body": "word " * LIMIT}).encode() + b"\n"
    contents = read(line * 30 + long + line)
    assert len(titles(contents)) == 31
    (found,) = [each for each in contents if isinstance(each, InputProblem)]
    assert (found.line, "larger than" in found.what) == (31, True)


def test_invalid_json_on_line_3_of_5_leaves_the_other_four() -> None:
    lines = [b'{"title": "%d"}' % number for number in range(1, 6)]
    lines[2] = b'{"title": "3"'
    contents = read(b"\n".join(lines), "articles.jsonl")
    assert titles(contents) == ["1", "2", "4", "5"]
    (found,) = [each for each in contents if isinstance(each, InputProblem)]
    assert (found.line, found.what.startswith("invalid JSON")) == (3, True)
    assert str(found).startswith("articles.jsonl:3: invalid JSON")


def test_json_lines_are_recognised_even_if_the_first_is_broken() -> None:
    contents = read(b'{"title": \n{"title": "2"}\n{"title": "3"}\n')
    assert titles(contents) == ["2", "3"]
    assert [each.line for each in contents if isinstance(each, InputProblem)] == [1]


def test_broken_json_on_several_lines_is_one_problem() -> None:
    found = problem(b'{\n  "title": "x",\n  "body": oops\n}')
    assert found.line == 3


def test_json_lines_are_read_as_they_arrive() -> None:
    class Pipe(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("reading must not wait for the whole input")

    contents = read_document(Pipe(b'{"title": "1"}\n{"title": "2"}\n'), "<stdin>", max_bytes=LIMIT)
    assert [each.title for each in contents if isinstance(each, ArticleDraft)] == ["1", "2"]


def test_an_invalid_article_of_a_list_is_reported_and_the_rest_is_read() -> None:
    contents = read(b'[{"title": "1"}, 7, {"title": ""}, {"title": "4"}]')
    assert titles(contents) == ["1", "4"]
    assert [each.what for each in contents if isinstance(each, InputProblem)] == [
        "article 2 of the list: an article is a JSON object, not a number",
        "article 3 of the list: the article has neither title nor body",
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Just a note", "this is not dated text, JSON or a feed"),
        (b"<!DOCTYPE html><html></html>", "this is HTML or XML, but not a feed"),
        (b"[]", "the list is empty"),
        (b'{"a": NaN}', "invalid JSON: NaN is not a JSON number"),
        (b"[" * 50_000, "invalid JSON: it is nested too deeply"),
    ],
)
def test_invalid_documents_are_reported_with_the_reason(data: bytes, what: str) -> None:
    assert problem(data).what == what


def test_a_file_that_cannot_be_read_is_a_problem() -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    (found,) = read_document(Broken(), "file", max_bytes=LIMIT)
    assert isinstance(found, InputProblem)
    assert found.what == "Input/output error"


@given(st.binary(max_size=500), st.sampled_from(["file", "file.jsonl"]))
def test_any_bytes_are_read_or_refused_with_a_message(data: bytes, name: str) -> None:
    contents = read(data, name)
    assert contents
    for each in contents:
        assert not isinstance(each, InputProblem) or (each.what and each.remedy)


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9)), min_size=1, max_size=9))
def test_every_line_of_json_lines_is_read_once(objects: list[dict[str, str]]) -> None:
    lines = "\n".join(json.dumps({**each, "title": f"t{n}"}) for n, each in enumerate(objects))
    contents = read(lines.encode(), "x.jsonl")
    assert len(contents) == len(objects)


@given(st.sampled_from([" date 2024-06-27 T\nB", '{"title": "T", "body": "B"}']), st.text(alphabet=" \n\t", max_size=5))
def test_white_space_before_a_document_does_not_change_what_it_is(text: str, space: str) -> None:
    assert titles(read((space + text).encode())) == ["T"]
