"""Links in HTML: those of tags are resolved, what only looks like one stays."""

import pytest
from dateline_ingest.feeds.html.links import absolute_links
from dateline_ingest.feeds.problems import Problems


@pytest.mark.parametrize(
    ("html", "resolved"),
    [
        ('<a href="/x">', '<a href="https://e.example/x">'),
        ("<img src='y.png'>", "<img src='https://e.example/d/y.png'>"),
        ("<a href=z>", "<a href=https://e.example/d/z>"),
        ("<A HREF='/x'>", "<A HREF='https://e.example/x'>"),
        ('<a href="#n">', '<a href="#n">'),
        ('<a href="mailto:a@b.org">', '<a href="mailto:a@b.org">'),
        ('<a href="https://o.example">', '<a href="https://o.example">'),
        ('<a href="tel:1">', '<a href="tel:1">'),
        ('<a href="">', '<a href="">'),
    ],
)
def test_relative_links_become_absolute(html: str, resolved: str) -> None:
    assert absolute_links(html, "https://e.example/d/f", Problems()) == resolved


@pytest.mark.parametrize(
    "html",
    [
        '<code>&lt;a href="page.html"&gt;</code>',
        "<p>then set src=logo.png in the <b>file</b></p>",
        "<script>link.href = 'x'</script>",
        "Map<href=x, V>",
        "<a\nname='x'>href=y</a>",
    ],
)
def test_attributes_outside_of_tags_are_not_links(html: str) -> None:
    assert absolute_links(html, "https://e.example/d/f", Problems()) == html


def test_links_are_resolved_beside_text_that_looks_like_them() -> None:
    html = "<p>href=a <a class=k data-src='b' href='c>d'>Map<K, src=V></a></p>"
    resolved = "<p>href=a <a class=k data-src='https://e.example/b' href='https://e.example/c>d'>Map<K, src=V></a></p>"
    assert absolute_links(html, "https://e.example/", Problems()) == resolved


def test_links_stay_when_the_document_has_too_many() -> None:
    problems = Problems()
    html = "<a href=x>" * 100_000
    assert absolute_links(html, "https://e.example/", problems) == html
    assert problems.as_list()
