"""The examples of docs/web.md work, and its tables are complete."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from dateline_web import ClientOptions, FetchError, Hosts, Trouble, WebClient
from support.hostile_server import local_options
from support.news_site import NewsSite, Story, news_site, rss

PAGE = (Path(__file__).parents[3] / "docs/web.md").read_text(encoding="utf-8")


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as made:
        made.documents["a"] = rss([Story(1)])
        yield made


def example(number: int) -> dict[str, Any]:
    """Return the names that an example of the page defines."""
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[number]
    names: dict[str, Any] = {"__name__": "shown"}
    exec(compile(code, "docs/web.md", "exec"), names)
    return names


async def test_the_first_example_fetches_a_document_once(site: NewsSite, capsys: pytest.CaptureFixture[str]) -> None:
    show = example(0)["show"]
    await show(site.url("a"), local_options())
    await show(site.url("nothing"), local_options())
    size = len(site.documents["a"])
    assert capsys.readouterr().out.splitlines() == [
        f"{size} bytes; changed since: False",
        "missing: the server answered 404 Not Found",
    ]


async def test_the_second_example_fetches_a_document_politely(site: NewsSite) -> None:
    polite = example(1)["polite"]
    hosts = Hosts(limit=1, pause_seconds=0.2)
    async with WebClient.open(local_options()) as client:
        began = time.monotonic()
        for _ in range(2):
            assert (await polite(client, hosts, site.url("a"))).body == site.documents["a"]
        assert time.monotonic() - began >= 0.2
        with pytest.raises(FetchError, match="404"):
            await polite(client, hosts, site.url("nothing"))


def test_the_third_example_reads_a_sitemap() -> None:
    headlines = example(2)["headlines"]
    document = b"<urlset><url><loc>/1</loc><news><title>Rain</title></news></url><url><loc>/2</loc></url>"
    assert headlines(document, "https://news.example/sitemap.xml") == [
        "Rain",
        "https://news.example/2",
        "what follows an error in the markup was left out: no element found: line 1, column 88",
    ]
    assert headlines(b"<html/>", "https://news.example/") == ["this is an HTML page, not a sitemap"]


def test_the_page_lists_every_option_with_its_default_and_every_kind_of_trouble() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) ?\|", PAGE, re.MULTILINE))
    assert rows.keys() == {each.name for each in fields(ClientOptions)} | {*get_args(Trouble)}
    units = {"KiB": 2**10, "MiB": 2**20}
    for each in fields(ClientOptions):
        if isinstance(each.default, int | float):
            number, _, unit = rows[each.name].partition(" ")
            assert float(number) * units.get(unit, 1) == each.default
