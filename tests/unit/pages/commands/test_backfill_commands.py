"""The options of `dateline backfill`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dateline_pages.backfill import sitemap_request
from dateline_pages.commands.backfill import backfill


@pytest.mark.parametrize(
    ("options", "since", "limit"),
    [
        ((), None, None),
        (("--since", "2026-01-01", "--limit", "10"), datetime(2026, 1, 1, tzinfo=UTC), 10),
        (("--since", "2026-01-01T12:30"), datetime(2026, 1, 1, 12, 30, tzinfo=UTC), None),
    ],
)
def test_a_sitemap_is_asked_for_with_its_limits(
    options: tuple[str, ...], since: datetime | None, limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(sitemap_request, "ask_for_sitemap", lambda url, **limits: asked.append((url, limits)))
    result = CliRunner().invoke(backfill, ["sitemap", "https://news.example/s.xml", *options], catch_exceptions=False)
    assert result.exit_code == 0
    assert asked == [("https://news.example/s.xml", {"since": since, "limit": limit})]


@pytest.mark.parametrize("options", [("--since", "yesterday"), ("--limit", "0"), ("--limit", "many")])
def test_invalid_limits_are_refused(options: tuple[str, ...]) -> None:
    assert CliRunner().invoke(backfill, ["sitemap", "https://news.example/s.xml", *options]).exit_code == 2


def test_a_file_that_is_no_archive_is_named_and_the_exit_code_is_1(tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text("<p>The council voted on Tuesday.</p>")
    result = CliRunner().invoke(backfill, ["warc", str(page), "--dry-run", "--jobs", "1"])
    assert result.exit_code == 1
    assert "saved.html: no record of a web archive was found in it" in result.output
