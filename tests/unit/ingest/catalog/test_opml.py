"""OPML: intact, damaged and hostile documents, read in pieces of any size."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.catalog.opml_reader import OpmlReader
from dateline_ingest.catalog.opml_writer import OPML_END, opml_outline, opml_start
from dateline_schemas import Feed
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
HEAD = '<?xml version="1.0"?>\n<opml version="2.0"><head><title>x</title></head><body>\n'
TAIL = "</body></opml>"


def read_all(pieces: Iterable[bytes]) -> Iterator[Feed | InputProblem]:
    reader = OpmlReader("list.opml", NOW)
    for piece in pieces:
        yield from reader.read(piece)
    yield from reader.end()


def read(document: str | bytes, size: int = 1 << 20) -> tuple[list[Feed], list[str]]:
    """Return the feeds and problems of a document that is read in pieces of `size` characters."""
    data = document.encode() if isinstance(document, str) else document
    found = list(read_all(data[start : start + size] for start in range(0, len(data), size)))
    return [each for each in found if isinstance(each, Feed)], [
        str(each) for each in found if isinstance(each, InputProblem)
    ]


def written(feeds: list[Feed]) -> str:
    return "\n".join([opml_start(NOW), *map(opml_outline, feeds), OPML_END])


def names(*outlines: str) -> list[tuple[str, str | None]]:
    feeds, problems = read(HEAD + "\n".join(outlines) + TAIL)
    assert problems == []
    return [(feed.url, feed.name) for feed in feeds]


def test_feeds_in_categories_at_any_depth_are_found() -> None:
    document = f"""{HEAD}<outline text="World"><outline text="Europe">
    <outline type="rss" text="A" xmlUrl="https://a.example/f" htmlUrl="https://a.example/"/></outline>
    <outline text="B" title="The B" xmlUrl='https://b.example/f'></outline>
    </outline><outline text="Notes"/>{TAIL}"""
    for size in (1, 7, 1 << 20):
        feeds, problems = read(document, size)
        assert problems == []
        assert [(feed.url, feed.name) for feed in feeds] == [
            ("https://a.example/f", "A"),
            ("https://b.example/f", "The B"),
        ]
        assert {feed.added for feed in feeds} == {NOW}


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ('<outline XMLURL="https://a.example/f" TEXT="A"/>', "A"),
        ("<OUTLINE xmlurl=https://a.example/f text=A />", "A"),
        ('<outline\n text="A"\n\txmlUrl = "https://a.example/f"\r\n/>', "A"),
        ('<outline type="rss" url="https://a.example/f" text="A"/>', "A"),
        ('<outline xmlUrl="feed:https://a.example/f" text="A"/>', "A"),
        ('<outline xmlUrl=" https://a.example/f#top " text="A"/>', "A"),
        ('<outline xmlUrl="https://a.example/f" text="https://a.example/f"/>', None),
        ('<outline xmlUrl="https://a.example/f"/>', None),
        ('<outline xmlUrl="https://a.example/f" text="  Caf&eacute; &#38; &lt;Bar&gt;\n2 "/>', "Café & <Bar> 2"),
        ('<outline xmlUrl="https://a.example/f" text="1 > 0"/>', "1 > 0"),
        ('<outline text="A"xmlUrl="https://a.example/f"/>', "A"),
        ('<outline text="A" text="B" xmlUrl="https://a.example/f"/>', "A"),
        (f'<outline text="{"x" * 600}" xmlUrl="https://a.example/f"/>', "x" * 500),
    ],
)
def test_an_outline_is_read_however_it_is_written(outline: str, expected: str | None) -> None:
    assert names(outline) == [("https://a.example/f", expected)]


def test_bare_ampersands_in_addresses_are_read() -> None:
    outline = '<outline text="A & B" xmlUrl="https://a.example/f?a=1&copy=2&amp;lang=en"/>'
    assert names(outline) == [("https://a.example/f?a=1&copy=2&lang=en", "A & B")]


def test_outlines_in_comments_and_cdata_are_ignored() -> None:
    outline = '<outline text="no" xmlUrl="https://no.example/"/>'
    assert names(f"<!-- {outline} -->", f"<![CDATA[{outline}]]>", f"<?x {outline}?>", f"<!-->{outline}-->") == []


def test_a_feed_without_a_choice_of_full_text_gets_that_of_new_feeds_and_an_exported_one_keeps_its_own() -> None:
    reader = OpmlReader("list.opml", NOW, "auto")
    old = Feed(url="https://old.example/f", added=NOW)
    document = HEAD + '<outline xmlUrl="https://a.example/f"/>' + opml_outline(old) + TAIL
    found = [*reader.read(document.encode()), *reader.end()]
    assert [feed.full_text for feed in found if isinstance(feed, Feed)] == ["auto", "never"]


@pytest.mark.parametrize(
    ("outline", "what"),
    [
        ('<outline xmlUrl=""/>', "xmlUrl is empty; correct it, or remove the outline"),
        ('<outline xmlUrl="ftp://a.example/"/>', "must begin with http:// or https://"),
        ('<outline xmlUrl="https:///f"/>', "the address is not a URL"),
        ('<outline xmlUrl="https://[::1/f"/>', "the address is not a URL"),
        ('<outline xmlUrl="https://a.example:x/f"/>', "the address is not a URL"),
        (f'<outline xmlUrl="https://a.example/{"f" * 5000}"/>', "longer than 4096 characters"),
        ('<outline xmlUrl="https://a.example/f text="A"/>', "lacks a quotation mark"),
        ('<outline xmlUrl="https://a.example/f" dateline:interval="soon"/>', "dateline:interval is not a number"),
        ('<outline xmlUrl="https://a.example/f" dateline:interval="nan"/>', "dateline:interval is not a number"),
        ('<outline xmlUrl="https://a.example/f" dateline:full-text="some"/>', "dateline:full-text is not never, auto"),
        (f'<outline text="{"x" * 70_000}" xmlUrl="https://a.example/f"/>', "the tag is longer than 65536 characters"),
    ],
)
def test_an_invalid_outline_is_reported_with_its_line_and_the_rest_is_read(outline: str, what: str) -> None:
    document = f'{HEAD}\n{outline}\n<outline xmlUrl="https://b.example/f"/>{TAIL}'
    for size in (11, 1 << 20):
        feeds, problems = read(document, size)
        assert [feed.url for feed in feeds] == ["https://b.example/f"]
        (problem,) = problems
        assert problem.startswith("list.opml:4: ")
        assert what in problem


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ("", "this is not OPML"),
        ("https://a.example/f\n", "this is not OPML"),
        ('<rss><outline xmlUrl="https://a.example/f"/></rss>', "this is not OPML"),
        (HEAD + '<outline xmlUrl="https://a.exam', "ends within a tag"),
        (HEAD + "<!-- and so on", "ends within a tag or comment"),
        ("<!DOCTYPE opml [ <!ENTITY", "this is not OPML"),
    ],
)
def test_a_truncated_or_other_document_is_reported(document: str, what: str) -> None:
    for size in (3, 1 << 20):
        feeds, problems = read(document, size)
        assert feeds == []
        (problem,) = problems
        assert what in problem


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16-be"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-8"),
        ("<?xml version='1.0' encoding='unicode_escape'?>", "utf-8"),
        ("<?xml version='1.0' encoding='punycode'?>", "utf-8"),
        ("<?xml version='1.0' encoding='zip'?>", "utf-8"),
        ("<?xml version='1.0' encoding='nonesuch'?>", "utf-8"),
    ],
)
def test_documents_may_have_any_encoding(declaration: str, encoding: str) -> None:
    name = "“Цена”" if "125" in declaration and "1" in encoding[-1:] else "“ö”"
    document = f'{declaration}<opml><outline text="{name}" xmlUrl="https://a.example/f"/></opml>'.encode(encoding)
    for size in (1, 1 << 20):
        feeds, problems = read(document, size)
        assert (problems, [feed.name for feed in feeds]) == ([], [name])


def test_entities_are_never_expanded_and_nothing_is_loaded() -> None:
    document = """<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY o "<outline xmlUrl='https://no.example/'/>"><!ENTITY x SYSTEM "file:///etc/passwd">]>
    <opml><outline text="&b;&x;" xmlUrl="https://a.example/f"/>&o;</opml>"""
    for size in (5, 1 << 20):
        feeds, problems = read(document, size)
        assert problems == []
        assert [(feed.url, feed.name) for feed in feeds] == [("https://a.example/f", "&b;&x;")]


@pytest.mark.parametrize(
    "part", ["<", "<outline ", '<outline a="', "<outline a=", "<!--", "<!DOCTYPE ", "<opml ", "\n", "&"]
)
def test_hostile_documents_take_linear_time_and_bounded_memory(part: str) -> None:
    def seconds(size: int) -> float:
        times = []
        for _ in range(2):
            pieces = ((part * 1000).encode() for _ in range(size // len(part) // 1000))
            began = time.process_time()
            for _ in read_all([b"<opml>", *pieces]):
                pass
            times.append(time.process_time() - began)
        return min(times)

    assert seconds(500_000) < 30 * seconds(50_000) + 0.05
    tracemalloc.start()
    try:
        for _ in read_all((part * 1000).encode() for _ in range(300_000 // len(part) // 1000)):
            pass
        assert tracemalloc.get_traced_memory()[1] < 600_000
    finally:
        tracemalloc.stop()


ADDRESSES = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["a.example", "bücher.example:8080", "[2001:db8::1]", "ann:pw@b.example"]),
    st.from_regex(r"(/[^#\s\x00-\x1f\x7f]{0,40})?", fullmatch=True).filter(str.isprintable),
)
NAMES = st.one_of(st.none(), st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
SECONDS = st.one_of(st.none(), st.floats(min_value=1, max_value=1e9))
FEEDS = st.builds(
    Feed,
    url=ADDRESSES,
    name=NAMES,
    added=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0)
    ),
    paused=st.booleans(),
    interval_seconds=SECONDS,
    full_text=st.sampled_from(["never", "auto", "always"]),
)


@given(st.lists(FEEDS, max_size=5), st.integers(1, 100))
def test_written_documents_are_read_back_unchanged(feeds: list[Feed], size: int) -> None:
    document = written(feeds)
    assert read(document, size) == (feeds, [])


@given(st.lists(st.builds(Feed, url=ADDRESSES, name=st.text(), added=st.just(NOW)), max_size=5))
def test_written_documents_are_valid_opml_2_with_any_names(feeds: list[Feed]) -> None:
    document = written(feeds).encode()
    root = ElementTree.fromstring(document)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    outlines = root.findall("body/outline")
    assert [outline.get("xmlUrl") for outline in outlines] == [feed.url for feed in feeds]
    assert all(outline.get("type") == "rss" and outline.get("text") is not None for outline in outlines)


@given(st.binary(max_size=500), st.integers(1, 50))
def test_any_bytes_are_read(document: bytes, size: int) -> None:
    whole = b"<opml><outline xmlUrl=" + document
    assert read(whole, size) == read(whole)
    read(document, size)
