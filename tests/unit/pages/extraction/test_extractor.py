"""The text of single pages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from dateline_pages.extraction.extractor import extract_text
from dateline_pages.extraction.lines.blocks import blocks_of
from dateline_pages.extraction.lines.clean_text import clean_line
from dateline_schemas import content_hash
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

PARAGRAPHS = [
    "The harbour was frozen for eleven days, and the ships waited beyond the breakwater until the wind changed.",
    "Pilots walked across the ice to the lighthouse, where the keeper had bread for two weeks and coal for three.",
    "On the twelfth day a tug from the capital broke a channel that was hardly wider than the tug itself.",
    "Eighteen ships entered before dusk. The last of them carried oranges, which had survived the frost below deck.",
    "The mayor thanked the crew of the tug with a dinner at which there was, as everybody expected, duck in orange.",
    "Insurers put the damage at four million crowns, most of it for fish that had been waiting on the wrong side.",
]


def page(content: str, *, head: str = "", title: str = "Frozen harbour opens") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a> <a href='/n'>News</a></nav>"
        f"<article><h1>{title}</h1><div class='entry-content'>{content}</div></article></body></html>"
    )


def paragraphs(*, first: str = "", middle: str = "", last: str = "") -> str:
    written = [f"<p>{each}</p>" for each in PARAGRAPHS]
    return "".join([first, *written[:3], middle, *written[3:], last])


def body(text: str) -> str:
    return extract_text(html.fromstring(text)).body


def test_paragraphs_are_lines() -> None:
    assert body(page(paragraphs())).split("\n") == PARAGRAPHS


def test_tree_is_not_changed() -> None:
    tree = html.fromstring(page(paragraphs(middle="<blockquote class='twitter-tweet'>What a dinner</blockquote>")))
    before = html.tostring(tree)
    extract_text(tree)
    assert html.tostring(tree) == before


def test_same_page_gives_the_same_text_again_and_again() -> None:
    text = page(paragraphs())
    assert len({body(text) for _ in range(5)}) == 1


def test_same_page_gives_the_same_text_in_another_process() -> None:
    text = page(paragraphs(middle="<ul><li>Ships: eighteen</li><li>Oranges: forty tons, all of them eatable</li></ul>"))
    program = (
        "import sys; from lxml import html; from dateline_pages.extraction.extractor import extract_text; "
        "found = extract_text(html.fromstring(sys.argv[1])); print(found.body); print(found.lesson.to_bytes())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program, text], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert body(text).encode() in runs.pop()


@pytest.mark.parametrize(
    "furniture",
    [
        "<p><strong>READ MORE:</strong> <a href='/x'>Duck in orange, a recipe for forty people and one tug</a></p>",
        "<p><a href='/x'>Why the lighthouse keeper has refused to leave since the autumn of last year</a></p>",
        "<p>Click here to subscribe to our newsletter</p>",
        "<p>Advertisement</p>",
        "<div class='related-posts'><h3>Related</h3><p>The lighthouse keeper and his forty-one cats.</p></div>",
        "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>A tug before the town</p></div>",
        "<blockquote class='instagram-media'><p>Oranges! Come while there are some left.</p></blockquote>",
        "<ul><li><a href='/1'>All tugs of the capital</a></li><li><a href='/2'>All mayors of the town</a></li></ul>",
        "<p>The mayor thanked the crew of the tug with a dinner</p>",
    ],
)
def test_furniture_between_paragraphs_is_left_out(furniture: str) -> None:
    assert body(page(paragraphs(middle=furniture))).split("\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "innocent",
    [
        "<p>Subscribers of the local paper read of the tug before it had left, which the mayor could not explain.</p>",
        "<p>By Monday, officials expect, the breakwater will be free of ice as far as the southern lighthouse.</p>",
        "<p>See you in spring, the crew wrote on the wall of the town hall before they left, in orange paint.</p>",
        "<p>The <a href='/tug'>tug from the capital</a> will be back in <a href='/m'>March</a>, the mayor said.</p>",
        "<h2>A dinner with consequences</h2>",
        "<blockquote><p>“I have never seen so many oranges on so much ice,” said the keeper.</p></blockquote>",
        "<p>Share prices of the fishing company fell by a tenth before noon.</p>",
    ],
)
def test_innocent_text_stays(innocent: str) -> None:
    expected = clean_line(html.fromstring(innocent).text_content())
    assert expected in body(page(paragraphs(middle=innocent))).split("\n")


def test_short_article_in_a_container_named_after_its_picture_stays() -> None:
    text = page(f"<div class='photo story'><img src='a.jpg'><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div>")
    assert body(text).split("\n") == PARAGRAPHS[:2]


def test_headline_that_is_known_from_elsewhere_is_left_out() -> None:
    text = page(paragraphs(first="<h2>Tug saves the oranges of a whole town</h2>"))
    assert "Tug saves the oranges" in body(text)
    hinted = extract_text(html.fromstring(text), title_hint="Tug saves the oranges of a whole town")
    assert hinted.body.split("\n") == PARAGRAPHS


def test_byline_and_date_before_the_text_are_left_out() -> None:
    first = "<p>By Mary Jane Watson</p><p>January 7, 2025</p><p>4 min read</p>"
    assert body(page(paragraphs(first=first))).split("\n") == PARAGRAPHS


def test_cells_of_a_row_are_one_line() -> None:
    table = "<table><tr><td>Ships</td><td>18</td></tr><tr><td>Tugs</td><td>1</td></tr></table>"
    assert [each.text for each in blocks_of(html.fromstring(table))] == ["Ships | 18", "Tugs | 1"]


def test_page_without_text_is_empty() -> None:
    assert body("<html><body></body></html>") == ""


@pytest.mark.parametrize("script", ["{", "[]", "null", '{"articleBody": 7}', '{"headline": ["a", 1]}', "[" * 5000])
def test_broken_data_in_scripts_does_no_harm(script: str) -> None:
    head = f"<script type='application/ld+json'>{script}, headline articleBody</script>"
    assert body(page(paragraphs(), head=head)).split("\n") == PARAGRAPHS


def test_deeply_nested_page_has_a_text() -> None:
    assert "frozen for eleven days" in body("<div>" * 200 + paragraphs() + "</div>" * 200)


def test_page_nested_beyond_reason_is_read_without_an_error() -> None:
    assert "oranges" not in body("<div>" * 20_000 + "frozen" + "</div>" * 20_000)


@given(st.text())
def test_cleaning_is_idempotent_and_changes_no_content(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert "\n" not in once
    assert content_hash("", once) == content_hash("", clean_line(f" {text}\u00a0"))


def test_a_list_of_boxes_with_linked_headings_stays_if_a_paragraph_introduces_it() -> None:
    names = ["Otter ferry of the north", "Beacon café on the pier", "Museum of knots and ropes", "Swimming hall"]
    boxes = "".join(
        f"<div class='i'><h3><a href='/{number}'>{name} in the harbour</a></h3><p>{text}</p></div>"
        for number, (name, text) in enumerate(zip(names, PARAGRAPHS[1:], strict=False))
    )
    body = extract_text(html.fromstring(page(f"<p>{PARAGRAPHS[0]}</p>{boxes}"))).body
    assert all(text in body for text in PARAGRAPHS[:5])
