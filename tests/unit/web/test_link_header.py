"""The `Link` header."""

import time

import pytest
from dateline_web.headers.link_header import HeaderLink, read_links
from hypothesis import given
from hypothesis import strategies as st


def read(*headers: str) -> list[tuple[str, dict[str, str]]]:
    return [(link.target, link.parameters) for link in read_links(headers)]


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ("</a>", [("/a", {})]),
        (
            '<https://a.example/>; rel="next"; title="One, <two>; three"',
            [("https://a.example/", {"rel": "next", "title": "One, <two>; three"})],
        ),
        ("</a>;rel=next,</b>;rel=prev", [("/a", {"rel": "next"}), ("/b", {"rel": "prev"})]),
        (" , </a> ; REL = next , , </b>", [("/a", {"rel": "next"}), ("/b", {})]),
        ('</a>; title="say \\"yes\\""', [("/a", {"title": 'say "yes"'})]),
        ("</a>; rel=next; rel=prev", [("/a", {"rel": "next"})]),
        ("</a>; ; rel=next;, </b>", [("/a", {"rel": "next"}), ("/b", {})]),
        ("</a>; crossorigin; title*=UTF-8'en'%C3%A9", [("/a", {"crossorigin": "", "title*": "UTF-8'en'%C3%A9"})]),
        ('</a>; rel=""', [("/a", {"rel": ""})]),
        ("< /a >", [("/a", {})]),
        ("", []),
        ("/a; rel=next", []),
        ("</a>; rel=next nonsense, </b>", [("/a", {"rel": "next"})]),
        ("</a", []),
    ],
)
def test_links_are_read_with_their_parameters(header: str, links: list[tuple[str, dict[str, str]]]) -> None:
    assert read(header) == links


def test_several_headers_are_read_in_their_order() -> None:
    assert [target for target, _ in read("</a>", "</b>, </c>")] == ["/a", "/b", "/c"]


def test_links_of_other_documents_are_left_out() -> None:
    assert read('</a>; rel=next; anchor="/x", </b>') == [("/b", {})]


def test_a_link_may_have_several_relations() -> None:
    assert HeaderLink("/a", {"rel": "Canonical SELF"}).relations == ("canonical", "self")
    assert HeaderLink("/a", {}).relations == ()


@given(st.text(alphabet='<>;,="\\ relhubsf:/x', max_size=60))
def test_any_header_is_read_without_error(header: str) -> None:
    assert all(target in header and "anchor" not in parameters for target, parameters in read(header))


@pytest.mark.parametrize("unit", ["<a>;", '<a>; rel="', "<a>; x", ", ", "<", ";", '<a>;rel=\\"'])
def test_reading_takes_linear_time(unit: str) -> None:
    begin = time.process_time()
    read(unit * 16_384)
    assert time.process_time() - begin < 2
