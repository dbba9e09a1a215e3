"""OPML: intact, damaged and hostile documents, read in pieces of any size."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.catalog.opml.folder_spool import FolderSpool
from dateline_ingest.catalog.opml.reader import OpmlReader
from dateline_ingest.catalog.opml.writer import OpmlWriter, opml_outline
from dateline_schemas import Feed
from dateline_web.address import without_credentials
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


def written(feeds: list[Feed], most_bytes: int = 1000) -> str:
    with FolderSpool.open(most_bytes) as spool:
        writer = OpmlWriter(spool, NOW)
        return b"".join([writer.start(), *map(writer.add, feeds), *writer.end()]).decode()


def paths(feed: Feed) -> list[str]:
    return ["/".join(names) for names in feed.folders]


def names(*outlines: str) -> list[tuple[str, str | None]]:
    feeds, problems = read(HEAD + "\n".join(outlines) + TAIL)
    assert problems == []
    return [(feed.url, feed.name) for feed in feeds]


def test_feeds_in_folders_at_any_depth_are_found() -> None:
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
        assert [feed.folders for feed in feeds] == [[["World", "Europe"]], [["World"]]]
        assert [feed.home_page for feed in feeds] == ["https://a.example/", None]
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
FOLDER_NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
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
    home_page=st.one_of(st.none(), ADDRESSES.map(without_credentials)),
    folders=st.lists(st.lists(FOLDER_NAMES, min_size=1, max_size=3), max_size=3),
)


def tree_of(feeds: Iterable[Feed]) -> dict[str, tuple[Feed, set[tuple[str, ...]]]]:
    """Return each feed without its folders, and the folders that any entry of it names."""
    found: dict[str, tuple[Feed, set[tuple[str, ...]]]] = {}
    for feed in feeds:
        _, folders = found.setdefault(feed.url, (feed.model_copy(update={"folders": []}), set()))
        folders.update(map(tuple, feed.folders))
    return found


def folders_of(*outlines: str) -> list[list[str]]:
    feeds, _ = read(HEAD + "\n".join(outlines) + TAIL)
    return [paths(feed) for feed in feeds]


FEED = '<outline xmlUrl="https://a.example/f"/>'


@pytest.mark.parametrize(
    ("outlines", "expected"),
    [
        (f'<outline title="A">{FEED}</outline>{FEED}', [["A"], []]),
        (f'<outline text=" A  &amp;\nB ">{FEED}</outline>', [["A & B"]]),
        (f'<OUTLINE TEXT=A>{FEED}<outline text="B" />{FEED}</OUTLINE >{FEED}', [["A"], ["A"], []]),
        (f'<outline text="A"><outline>{FEED}</outline></outline>', [["A"]]),
        (f'<outline text="A"/>{FEED}', [[]]),
        (f'</outline></outline><outline text="A">{FEED}</outline></outline>{FEED}', [["A"], []]),
        (
            f'<outline text="A"><outline text="F" xmlUrl="https://b.example/f">{FEED}</outline></outline>',
            [["A"], ["A"]],
        ),
        (f'<outline text="A"><outline text="x" xmlUrl="">{FEED}</outline>{FEED}</outline>{FEED}', [["A"], ["A"], []]),
        (f'<outline text="A"><!-- </outline> -->{FEED}</outline>', [["A"]]),
        (
            '<outline xmlUrl="https://a.example/f" category="/World/Europe,News, /World/ Europe /,,/"/>',
            [["World/Europe", "News"]],
        ),
        ('<outline text="News"><outline xmlUrl="https://a.example/f" category="News"/></outline>', [["News"]]),
        (f'<outline text="{"x" * 300}">{FEED}</outline>', [["x" * 200]]),
        ('<outline text="n">' * 300 + FEED + "</outline>" * 300 + FEED, [["/".join("n" * 16)], []]),
    ],
)
def test_a_feed_is_in_the_folders_around_it_and_in_its_categories(outlines: str, expected: list[list[str]]) -> None:
    assert folders_of(outlines) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://ann:sesame@a.example/", "https://a.example/"),
        ("javascript:alert(1)", None),
        ("a.example", None),
        ("", None),
    ],
)
def test_a_home_page_is_an_address_of_the_web_without_credentials(stated: str, expected: str | None) -> None:
    feeds, problems = read(f'{HEAD}<outline xmlUrl="https://a.example/f" htmlUrl="{stated}"/>{TAIL}')
    assert (problems, [feed.home_page for feed in feeds]) == ([], [expected])


def test_folders_of_any_depth_and_number_take_bounded_memory() -> None:
    pieces = [f"<outline text='{number}'>".encode() * 100 for number in range(30)]
    tracemalloc.start()
    try:
        found = list(read_all([b"<opml>", *pieces, FEED.encode()]))
        assert tracemalloc.get_traced_memory()[1] < 600_000
    finally:
        tracemalloc.stop()
    assert [len(feed.folders[0]) for feed in found if isinstance(feed, Feed)] == [16]


def test_the_tree_of_folders_is_written_once_whatever_the_order_of_feeds() -> None:
    where: list[list[list[str]]] = [[["B"]], [["A", "C"]], [], [["a"], ["B"]], [["A"]], [["A", "C"]], [["B", "A"]]]
    feeds = [Feed(url=f"https://{at}.example/", added=NOW, folders=names) for at, names in enumerate(where)]
    for most_bytes in (1, 1_000_000):
        body = ElementTree.fromstring(written(feeds, most_bytes).encode())[1]

        def tree(element: ElementTree.Element) -> list[object]:
            return [
                each.get("xmlUrl", "")[8:9] or (each.get("text"), tree(each)) for each in element.findall("outline")
            ]

        assert tree(body) == [
            "2",
            ("A", ["4", ("C", ["1", "5"])]),
            ("a", ["3"]),
            ("B", ["0", "3", ("A", ["6"])]),
        ]


@given(st.lists(FEEDS, max_size=5, unique_by=lambda feed: feed.url), st.integers(1, 100), st.integers(1, 2000))
def test_written_documents_are_read_back_unchanged(feeds: list[Feed], size: int, most_bytes: int) -> None:
    found, problems = read(written(feeds, most_bytes), size)
    assert problems == []
    assert tree_of(found) == tree_of(feeds)


@given(
    st.lists(
        st.builds(
            Feed,
            url=ADDRESSES,
            name=st.text(),
            added=st.just(NOW),
            folders=st.one_of(st.just([]), st.lists(st.lists(st.text(), max_size=20), max_size=1)),
        ),
        max_size=5,
    )
)
def test_written_documents_are_valid_opml_2_with_any_names(feeds: list[Feed]) -> None:
    document = written(feeds).encode()
    root = ElementTree.fromstring(document)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    assert all(outline.get("text") is not None for outline in root.iter("outline"))
    outlines = root.findall(".//outline[@xmlUrl]")
    assert sorted(outline.get("xmlUrl", "") for outline in outlines) == sorted(feed.url for feed in feeds)
    assert all(outline.get("type") == "rss" for outline in outlines)


@given(st.binary(max_size=500), st.integers(1, 50))
def test_any_bytes_are_read(document: bytes, size: int) -> None:
    whole = b"<opml><outline xmlUrl=" + document
    assert read(whole, size) == read(whole)
    read(document, size)
