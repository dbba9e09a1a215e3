"""How a page becomes a tree, and which pages are refused before."""

from typing import Any

import pytest
from dateline_pages.judging.problem import PageProblem
from dateline_pages.reading.document import MAX_DOCUMENT_BYTES, MAX_ELEMENTS, parse_document
from lxml.html import HtmlElement


def parsed(body: bytes, content_type: str | None = None) -> HtmlElement:
    tree = parse_document(body, content_type)
    assert isinstance(tree, HtmlElement)
    return tree


def refused(body: bytes) -> PageProblem:
    problem = parse_document(body)
    assert isinstance(problem, PageProblem)
    return problem


def test_text_keeps_its_letters_and_comments_are_left_out() -> None:
    tree = parsed("<html><body><p>Zürich<!-- no --> now</p>".encode("cp1252"), "text/html; charset=latin1")

    assert tree.text_content() == "Zürich now"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body>" + b"<div>" * 1_000_000 + b"text", "too costly"),
        (b'<html><body><p title="' + b"a" * 50_000_000 + b'">text', "too costly"),
        (b"<p>x</p>" * (MAX_ELEMENTS // 2 + 1), "too costly"),
        (b"x" * (MAX_DOCUMENT_BYTES + 1), "too costly"),
        (b"", "empty"),
        (b" \n\0 ", "empty"),
    ],
)
def test_pages_without_bounds_are_not_parsed(body: bytes, kind: str) -> None:
    assert refused(body).kind == kind


@pytest.mark.parametrize("levels", [300, 1500])
def test_text_below_many_unclosed_elements_is_found(levels: int) -> None:
    assert "below" in parsed(b"<body>" + b"<font>" * levels + b"below").text_content()


def test_what_is_nested_beyond_measure_is_cut_off() -> None:
    *_, deepest = parsed(b"<b><i>" * 100_000).iter()

    assert 1000 < sum(1 for _ in deepest.iterancestors()) <= 2048


def test_a_tag_with_too_many_attributes_loses_them_and_its_text_stays() -> None:
    tree = parsed(b"<body><p " + b" ".join(b"a%d=1" % number for number in range(300_000)) + b">text</p>")

    assert tree.text_content() == "text"
    assert all(len(element.attrib) <= 1 for element in tree.iter())


def test_a_picture_within_an_address_stays() -> None:
    tree = parsed(b'<body><img src="data:image/png;base64,' + b"A" * 200_000 + b'"><p>text')
    pictures: Any = tree.xpath("//img/@src")

    assert len(pictures[0]) > 200_000


def test_entities_are_never_expanded_without_end() -> None:
    bomb = b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;&b;' + b"&amp;" * 1000

    assert len(parsed(bomb).text_content()) < len(bomb)
