from __future__ import annotations

import pytest
from dateline_ingest.feeds import html_to_text
from dateline_ingest.feeds.html import absolute_links
from dateline_ingest.feeds.problems import Problems
from hypothesis import given
from hypothesis import strategies as st

MARKS = ["<p>", "</p>", "<br/>", "<", ">", '"', "='", "&amp;", "&", "<!--", "-->", "<script>", "</script>", "<pre>"]
PIECES = st.lists(
    st.sampled_from([*MARKS, "</pre>", "\n", " ", "text", "<a href=", "é", "<IMG SRC=x>", "]]>", "<![CDATA["])
).map("".join)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one\ntwo</p>\n\n\n<p>three</p>", "one two\n\nthree"),
        ("one<br>two<br/><br />three", "one\ntwo\n\nthree"),
        ("<h2>Title</h2>text", "Title\n\ntext"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("a <b>bold</b>, <i>it</i>.", "a bold, it."),
        ("a&nbsp;b &lt;c&gt; &eacute; &#8217;", "a b <c> é ’"),
        ("a<script>if (x < y) { z() }</script>b<style>p {}</style>c", "a b c"),
        ("a<SCRIPT>x</SCRIPT>b", "a b"),
        ("a<!-- <p>no</p> -->b", "ab"),
        ("a<!-- no end", "a<!-- no end"),
        ("<pre>x = 1\n  y = 2</pre>z", "x = 1\ny = 2\n\nz"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ('<img alt="a > b" src="x">text', "text"),
        ("<P>upper</P><P>case</P>", "upper\n\ncase"),
        ("<p>cut <a href='x", "cut <a href='x"),
        ("&lt;p&gt;escaped&lt;/p&gt;", "<p>escaped</p>"),
    ],
)
def test_text_keeps_paragraphs_and_words(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(PIECES)
def test_text_of_any_fragment_is_tidy(html: str) -> None:
    text = html_to_text(html)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text


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
