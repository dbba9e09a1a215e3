"""The plain text of HTML: paragraphs, what is markup, and what only looks like it."""

import time

import pytest
from dateline_ingest.feeds.html.text import html_to_text, looks_like_html
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
    "text",
    [
        "A Future<T, Error> fails late",
        "Write to <news@harbour.example> or <https://harbour.example/desk>.",
        "If $n<m$ and $m<k$, then $n<k$.",
        "where a<b and c>d holds",
        "for (i=0; i<a.length && b>0; i++)",
        "List<A> is a Promise<Object>",
        "Well done </irony>",
        "<illegible> was in the minutes, and <address withheld>",
        "fill in <your-name> and <o:name>",
        "one <b",
        "I </3 it <3",
        "#include <vector.h>",
        "set <port>8080</port> there",
    ],
)
def test_angle_brackets_that_are_not_html_are_text(text: str) -> None:
    assert html_to_text(text) == text
    assert html_to_text(f"<p>{text.replace('</p>', '')}</p>") == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<STRONG>Loud</STRONG> <FONT COLOR=red>and</FONT> red", "Loud and red"),
        ("<p align=center>x</p><td nowrap>y", "x\n\ny"),
        ("<o:p></o:p>x<o:p/>y<v:shape id='1'>z", "xyz"),
        ("<x-gallery>a</x-gallery><amp-img src=i>b", "ab"),
        ('<plaque class="k">a</plaque>', "a</plaque>"),
        ("<noindex>a</noindex>", "a"),
        ('<a title="x <b>y</b> z" href="u">link</a>', "link"),
        ('<a href="u>one</a> and two are 3" wide', 'one and two are 3" wide'),
        ("<h2 id>One</h2>two", "One\n\ntwo"),
        ("<iframe src='v'/>after <svg/>it", "after it"),
        ("a<svg><svg><text>no</text></svg><g>no</g></svg>b", "a b"),
        ("<math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math>", "x<2"),
        ('<span class="katex-mathml"><math><mi>x</mi></math></span><span>x</span>', "x"),
        ("a<!-->b<!doctype html><?xml version='1.0'?>c", "abc"),
        ("<script>if (a<b) { write('<p>') }</script>x", "x"),
        ("<![CDATA[<p>one</p>two]]>", "one\n\ntwo"),
        ("<p>a</p><![CDATA[b", "a\n\nb"),
        ("<p>one\r\ntwo</p>", "one two"),
        ("<code>&lt;![CDATA[x]]&gt;</code>", "<![CDATA[x]]>"),
        ("Har&shy;bour&#8203; <b>news\ufeff</b>", "Harbour news"),
    ],
)
def test_markup_of_every_kind_goes(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>One</p>", True),
        ("one<br>two", True),
        ('see <img src="x">', True),
        ('Write <a href="page.html"> for a link.', False),
        ("a <b c", False),
        ("Future<T>", False),
    ],
)
def test_plain_text_is_taken_for_html_only_on_evidence(text: str, *, found: bool) -> None:
    assert looks_like_html(text) is found


@pytest.mark.parametrize(
    "unit",
    [
        "<b>",
        "<div>x",
        '<a b="',
        "<a ='\"<a =\"'",
        "<!--",
        "<svg>",
        "<math>",
        "<x-y>",
        "<pre>\n",
        "<a b ",
        "<List<A>",
        "<",
    ],
)
def test_the_time_is_linear_in_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        html = unit * (length // len(unit))
        start = time.process_time()
        html_to_text(html)
        return time.process_time() - start

    short = min(seconds(50_000) for _ in range(3))

    # Eight times the text takes eight times as long; in quadratic time it would take 64 times as long.
    assert seconds(400_000) < 24 * max(short, 0.005)
