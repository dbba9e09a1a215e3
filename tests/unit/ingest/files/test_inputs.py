"""The arguments of `dateline ingest`."""

import io
import os
from pathlib import Path

import pytest
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.files.inputs import FeedAddress, Input, inputs


def test_a_folder_is_read_recursively_sorted_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", ".hidden", ".git/config", "a/.swp"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = [each.path for each in inputs([str(tmp_path)]) if isinstance(each, Input)]
    assert found == [f"{tmp_path}/b.txt", f"{tmp_path}/a/1.txt", f"{tmp_path}/a/2.txt"]


def test_arguments_keep_their_order() -> None:
    assert list(inputs(["-", "https://news.example/rss"])) == [Input("-"), FeedAddress("https://news.example/rss")]


@pytest.mark.parametrize(
    ("argument", "what"),
    [
        ("missing", "there is no such file or folder"),
        ("ftp://news.example/", "this kind of address is not supported"),
        ("empty", "the folder holds no files"),
        ("socket", "not a file or folder"),
    ],
)
def test_an_unreadable_input_is_a_problem(
    argument: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        (found,) = inputs([argument])
    assert isinstance(found, InputProblem)
    assert found.what == what


def test_standard_input_has_a_source_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    with os.fdopen(reading, "rb") as stdin:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stdin))
        document = Input("-")
        with document.open() as stream:
            assert stream.read() == b"text"
    assert (document.source.kind, document.where) == ("stdin", "<stdin>")
