"""Pages of many layouts, written for this test, with the text that has to be found on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from dateline_pages.extraction.extractor import extract_text
from lxml import html

GOLD = Path(__file__).parents[3] / "gold" / "pages"

NAMES = sorted(path.stem for path in GOLD.glob("*.html"))


def test_there_are_pages() -> None:
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_text_of_a_page_is_found(name: str) -> None:
    tree = html.fromstring((GOLD / f"{name}.html").read_text("utf-8"))
    found = extract_text(tree).body
    assert found.splitlines() == (GOLD / f"{name}.txt").read_text("utf-8").splitlines()
