"""`dateline pages extract`: what it prints, in which order, and what it reports."""

import gzip
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from dateline_pages.commands import extraction
from dateline_pages.commands.pages import pages
from dateline_pages.reading.page import PageDocument, PageReading
from dateline_pages.reading.pool import ReaderPool
from dateline_pages.reading.reader import read_page

PAGE = """<html lang="en"><head><title>{title}</title>
<link rel="canonical" href="https://{host}/{title}">
<meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-03-04T05:06:07+02:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>{text}</article></body></html>"""

SENTENCES = (
    "The council met on Tuesday to discuss the new bridge over the river.",
    "Engineers said that the work would take three years and two bridges.",
    "Residents of both banks asked for a ferry during the works.",
    "The mayor promised an answer before the summer, and left.",
)


def page(title: str, host: str = "news.example") -> bytes:
    text = "".join(f"<p>{title}: {sentence}</p>" for sentence in SENTENCES)
    return PAGE.format(title=title, host=host, text=text).encode()


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(pages, ["extract", "--jobs", "1", *arguments], input=stdin, catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


class DirectPool:
    """A pool that reads in this process: starting one takes longer than reading."""

    @classmethod
    @asynccontextmanager
    async def open(cls, *, processes: int) -> AsyncIterator["DirectPool"]:
        yield cls()

    async def read(self, document: PageDocument) -> PageReading:
        return read_page(document)


@pytest.fixture(autouse=True)
def direct_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "ReaderPool", DirectPool)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_page_is_one_object(folder: Path) -> None:
    Path("a.html").write_bytes(page("Bridges"))

    result = run("a.html", "--url", "https://news.example/Bridges")
    (article,) = lines(result)

    assert result.exit_code == 0
    assert article["title"] == "Bridges"
    assert article["published"] == "2026-03-04T05:06:07+02:00"
    assert article["published_precision"] == "second"
    assert article["canonical_url"] == "https://news.example/Bridges"
    assert article["language"] == "en"
    assert all(sentence in article["body"] for sentence in SENTENCES)
    assert "Home" not in article["body"]
    assert article["problem"] is None
    assert "file" not in article


def test_standard_input_and_compressed_files_are_pages_too(folder: Path) -> None:
    Path("b.html.gz").write_bytes(gzip.compress(page("Compressed")))

    articles = lines(run("-", "b.html.gz", stdin=page("Piped")))

    assert [(article["file"], article["title"]) for article in articles] == [
        ("-", "Piped"),
        ("b.html.gz", "Compressed"),
    ]


def test_files_that_cannot_be_read_are_reported_and_the_others_are_printed(folder: Path) -> None:
    Path("a.html").write_bytes(page("First"))
    Path("broken.gz").write_bytes(gzip.compress(page("Broken"))[:40])
    Path("z.html").write_bytes(page("Last"))

    result = run("a.html", "missing.html", "broken.gz", "z.html")

    assert result.exit_code == 1
    assert [article["title"] for article in lines(result)] == ["First", "Last"]
    assert "dateline pages extract: missing.html: No such file or directory" in result.stderr
    assert "dateline pages extract: broken.gz: the file cannot be decompressed" in result.stderr


def test_the_order_of_pages_changes_nothing_but_the_order_of_lines(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "ReaderPool", ReaderPool)
    names = [f"{number}.html" for number in range(6)]
    for number, name in enumerate(names):
        Path(name).write_bytes(page(f"Title{number}", "one.example" if number % 2 else "two.example"))

    forward, backward = lines(run(*names)), lines(run(*reversed(names)))

    assert [article["file"] for article in forward] == names
    assert forward == backward[::-1]


def test_what_is_on_several_pages_of_one_site_goes_and_on_pages_of_no_known_site_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    farewell = "Our newsroom in the harbour is open to visitors on every first Thursday of the month."
    names = ("a.html", "b.html", "c.html")
    for name in names:
        text = page(name).replace(b"</article>", f"<p>{farewell}</p></article>".encode())
        Path(name).write_bytes(text)
        Path(f"unknown-{name}").write_bytes(text.replace(b'rel="canonical"', b'rel="alternate"'))

    learned = lines(run(*names))
    assert not any(farewell in article["body"] for article in learned)
    assert all(farewell in article["body"] for article in lines(run(*(f"unknown-{name}" for name in names))))

    # What was not kept from the first pass is read again.
    monkeypatch.setattr(extraction, "MAX_KEPT_CHARACTERS", 0)
    assert lines(run(*names)) == learned


def test_without_learning_a_page_among_others_is_read_as_if_it_were_alone(folder: Path) -> None:
    for name in ("a.html", "b.html", "c.html"):
        Path(name).write_bytes(page(name))

    alone = lines(run("a.html"))[0]

    assert lines(run("a.html", "b.html", "c.html", "--no-learning"))[0] == {"file": "a.html", **alone}


def test_a_page_that_is_no_article_has_a_problem_with_its_reason(folder: Path) -> None:
    (article,) = lines(run("-", stdin=b"<html><body></body></html>"))

    assert article["problem"]["kind"] == "empty"
    assert article["problem"]["reason"]
    assert article["body"] == ""


def test_a_page_beyond_the_limits_is_a_problem_and_not_an_error(folder: Path) -> None:
    Path("a.html.gz").write_bytes(gzip.compress(b"<p>" + b"a" * 20_000_000))

    result = run("a.html.gz")

    assert result.exit_code == 0
    assert lines(result)[0]["problem"]["kind"] == "too costly"


def test_an_address_for_several_pages_is_refused() -> None:
    result = run("a.html", "b.html", "--url", "https://news.example/a")

    assert result.exit_code == 2
    assert "--url goes with one file" in result.stderr


def test_no_text_breaks_the_output() -> None:
    stream = io.BytesIO(b"<p>" + b"lone \xed\xa0\x80 half and \0 nothing. " * 40)

    assert run("-", stdin=stream.getvalue()).exit_code == 0
