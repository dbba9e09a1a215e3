"""`dateline ingest --dry-run` and the problems it reports; the checks of `dateline feeds`."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from dateline.errors import DatelineError
from dateline_ingest.catalog.commands import feeds
from dateline_ingest.files.commands import ingest
from support.news_site import Story, rss


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Restore logging, because commands direct logs to the standard error stream of their test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(ingest, [*arguments, "--dry-run"], input=stdin, catch_exceptions=False)


def test_a_folder_is_read_and_each_problem_is_reported_while_the_rest_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/1-good.txt").write_text(" date 2024-06-27 Good\nBody")
    Path("in/2-empty.txt").write_bytes(b"")
    Path("in/3-binary.txt").write_bytes(b"\x00\x01")
    Path("in/4-latin.txt").write_bytes(" date 2024-06-27 Müller\n".encode("latin-1"))
    Path("in/5-date.txt").write_text(" date 2024-02-30 Title\nBody")
    Path("in/6-lines.jsonl").write_text('{"title": "1"}\n{"title": "2"}\n{oops\n{"title": "4"}\n{"title": "5"}\n')
    Path("in/7-no-text.json").write_text('{"published": "2024-06-27"}')
    Path("in/8-no-date.json").write_text('{"title": "Undated"}')
    result = run("in", "missing")
    assert result.exit_code == 1
    articles = [json.loads(line) for line in result.stdout.splitlines()]
    assert [article["title"] for article in articles] == ["Good", "1", "2", "4", "5", "Undated"]
    assert (articles[-1]["published"], articles[-1]["published_precision"]) == (None, None)
    assert result.stderr.splitlines() == [
        "dateline ingest: in/2-empty.txt: the file is empty; remove it, or write an article into it",
        "dateline ingest: in/3-binary.txt: this is a binary file; give text, JSON or a feed",
        "dateline ingest: in/4-latin.txt:1: byte 0xfc is not UTF-8; "
        "convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
        "dateline ingest: in/5-date.txt:1: the date 2024-02-30 does not exist (day is out of range for month); "
        "write it as YYYY-MM-DD, or - if it is not known",
        "dateline ingest: in/6-lines.jsonl:3: invalid JSON: Expecting property name enclosed in double quotes "
        "at column 2; correct it there",
        "dateline ingest: in/7-no-text.json:1: the article has neither title nor body; give it one of them",
        "dateline ingest: missing: there is no such file or folder; check the path",
        "dateline ingest: 6 read, 7 failed",
    ]


def test_a_file_of_50_mb_is_refused_and_the_limit_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.write(b" date 2024-06-27 Title\n")
        file.truncate(50 * 1024 * 1024)
    result = run(str(large))
    assert result.exit_code == 1
    assert "larger than 10,485,760 bytes" in result.stderr
    monkeypatch.setenv("DATELINE_INGEST__MAX_DOCUMENT_BYTES", "60000000")
    assert "larger" not in run(str(large)).stderr


def test_a_feed_document_is_printed_as_one_object(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss([Story(1), Story(2)]))
    result = run(str(path))
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["format"] == "rss 2.0"
    assert len(json.loads(line)["entries"]) == 2


def test_an_address_that_cannot_be_fetched_is_a_problem_without_its_credentials() -> None:
    result = run("http://ann:sesame@127.0.0.1:1/rss")
    assert result.exit_code == 1
    assert "http://127.0.0.1:1/rss: cannot connect" in result.stderr
    assert "sesame" not in result.stderr


def test_no_arguments_is_a_usage_error() -> None:
    assert CliRunner().invoke(ingest, []).exit_code == 2


@pytest.mark.parametrize("command", ["add", "list", "show", "remove", "pause", "resume", "import", "export"])
def test_each_verb_of_feeds_shows_an_example(command: str) -> None:
    assert f"dateline feeds {command}" in CliRunner().invoke(feeds, [command, "--help"]).output


def test_an_invalid_feed_address_is_refused_before_kafka_is_contacted() -> None:
    with pytest.raises(DatelineError, match="must begin with http"):
        CliRunner().invoke(feeds, ["add", "ftp://news.example/rss"], catch_exceptions=False)
