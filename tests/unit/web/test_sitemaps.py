"""Sitemaps are read as far as they can be, and hostile ones cost little."""

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from dateline_web import SitemapEntry, SitemapError, SitemapLimits, SitemapNews, read_sitemap
from dateline_web.sitemaps.date import sitemap_date
from hypothesis import given, settings
from hypothesis import strategies as st

HOME = "https://news.example/sitemap.xml"
XMLNS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = """<url><loc>https://news.example/1</loc><lastmod>2024-05-02</lastmod>
<news:news><news:publication><news:name>The Example</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-05-01T12:30:00+02:00</news:publication_date>
<news:title>Rain &amp; snow</news:title><news:keywords>Rain, snow , ,Rain</news:keywords></news:news>
<image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>No title</image:title></image:image></url>"""


def urlset(inner: str, attributes: str = XMLNS) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {attributes}>{inner}</urlset>'.encode()


def url(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def read(data: bytes, **limits: int) -> tuple[list[SitemapEntry], list[str]]:
    problems: list[str] = []
    return list(read_sitemap(data, url=HOME, limits=SitemapLimits(**limits), problems=problems)), problems


def addresses(data: bytes, **limits: int) -> list[str]:
    return [entry.url for entry in read(data, **limits)[0]]


def test_the_news_extension_is_read() -> None:
    entries, problems = read(urlset(NEWS))
    assert problems == []
    assert entries == [
        SitemapEntry(
            url="https://news.example/1",
            modified=datetime(2024, 5, 2, tzinfo=UTC),
            modified_precision="day",
            news=SitemapNews(
                title="Rain & snow",
                published=datetime(2024, 5, 1, 10, 30, tzinfo=UTC),
                published_precision="second",
                language="en",
                publication="The Example",
                keywords=("Rain", "snow"),
            ),
        )
    ]


@pytest.mark.parametrize("attributes", ["", 'xmlns="http://wrong.example/"', XMLNS.replace("0.9", "0.84")])
def test_namespaces_that_are_wrong_or_missing_change_nothing(attributes: str) -> None:
    assert read(urlset(NEWS, attributes)) == read(urlset(NEWS))


def test_an_index_names_sitemaps() -> None:
    inner = "<sitemap><loc>a.xml.gz</loc><lastmod>2024-05-01</lastmod></sitemap><sitemap><loc>/b.xml</loc></sitemap>"
    entries, _ = read(f"<sitemapindex {XMLNS}>{inner}</sitemapindex>".encode())
    assert [(entry.url, entry.is_sitemap) for entry in entries] == [
        ("https://news.example/a.xml.gz", True),
        ("https://news.example/b.xml", True),
    ]
    assert entries[0].modified == datetime(2024, 5, 1, tzinfo=UTC)


def test_gzip_is_undone_also_twice_and_in_several_members() -> None:
    plain = urlset(NEWS)
    half = len(plain) // 2
    for data in (gzip.compress(plain), gzip.compress(gzip.compress(plain))):
        assert read(data) == read(plain)
    assert read(gzip.compress(plain[:half]) + gzip.compress(plain[half:])) == read(plain)


def test_damaged_gzip_is_read_up_to_the_damage() -> None:
    data = gzip.compress(urlset("".join(url(f"https://news.example/{zlib.crc32(b'%d' % n)}") for n in range(2000))))
    entries, problems = read(data[: len(data) // 2])
    assert 500 < len(entries) < 2000
    assert problems[0] == "the gzip data ends early"
    with pytest.raises(SitemapError, match="damaged gzip"):
        read(b"\x1f\x8b" + b"x" * 100)


def test_a_text_sitemap_has_one_address_per_line() -> None:
    data = b"\xef\xbb\xbfhttps://news.example/1\r\nhttps://news.example/2\r\n\n  https://news.example/3?a=b&c=d"
    assert addresses(data) == [
        "https://news.example/1",
        "https://news.example/2",
        "https://news.example/3?a=b&c=d",
    ]


@pytest.mark.parametrize("data", [b"User-agent: *\nDisallow: /", b'{"items": []}', b"x" * 100_000, b"/a\n/b"])
def test_other_text_is_no_sitemap(data: bytes) -> None:
    with pytest.raises(SitemapError, match="neither XML nor a list of addresses"):
        read(data)


@pytest.mark.parametrize("data", [b"", b" \n\t", gzip.compress(b"", mtime=0)])
def test_an_empty_document_is_no_sitemap(data: bytes) -> None:
    with pytest.raises(SitemapError, match="empty"):
        read(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML page"),
        (b"<rss version='2.0'><channel/></rss>", "this is a feed"),
        (b"<note/>", "root element <note>"),
        (b"<<<", "not a sitemap"),
    ],
)
def test_other_documents_are_named(data: bytes, reason: str) -> None:
    with pytest.raises(SitemapError, match=reason):
        read(data)


def test_declared_entities_are_refused() -> None:
    bomb = (
        '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    )
    with pytest.raises(SitemapError, match="declares entities"):
        read(bomb.encode())


def test_external_document_types_are_not_loaded() -> None:
    data = b'<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset><url><loc>https://news.example/1</loc></url></urlset>'
    assert addresses(data) == ["https://news.example/1"]


def test_bare_ampersands_unknown_entities_and_control_characters_are_repaired() -> None:
    titled = "<news:news><news:title>Caf&eacute; \x01 A&B <![CDATA[C & D]]> &#0;&#xD800;</news:title></news:news>"
    entries, problems = read(urlset(url("https://news.example/?a=1&b=2", titled)))
    assert problems == []
    assert entries[0].url == "https://news.example/?a=1&b=2"
    assert entries[0].news is not None
    assert entries[0].news.title == "Café A&B C & D"


def test_a_document_without_end_gives_what_is_complete() -> None:
    whole = urlset(url("https://news.example/1") + NEWS.replace("/1<", "/2<"))
    cut = whole[: whole.index(b"<news:title>") + 14]
    entries, problems = read(cut)
    assert [entry.url for entry in entries] == ["https://news.example/1", "https://news.example/2"]
    assert entries[1].news is not None
    assert entries[1].news.title is None
    assert entries[1].news.publication == "The Example"
    assert "an error in the markup" in problems[0]


def test_what_follows_the_end_is_ignored() -> None:
    assert read(urlset(NEWS) + b"<script>junk</script>") == read(urlset(NEWS))


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_decoded(encoding: str) -> None:
    text = urlset(url("https://news.example/é")).decode().replace("UTF-8", encoding)
    assert addresses(text.encode(encoding)) == ["https://news.example/é"]


@pytest.mark.parametrize("encoding", ["utf-7", "idna", "zlib", "unknown-1", "iso-8859-99"])
def test_strange_encodings_count_as_utf_8(encoding: str) -> None:
    text = urlset(url("https://news.example/é")).decode().replace("UTF-8", encoding)
    assert addresses(text.encode()) == ["https://news.example/é"]


def test_invalid_bytes_cost_no_entry() -> None:
    data = urlset(url("https://news.example/1") + url("https://news.example/X") + url("https://news.example/3"))
    assert addresses(data.replace(b"X", b"\xff"))[::2] == ["https://news.example/1", "https://news.example/3"]


def test_addresses_are_checked_and_other_hosts_flagged() -> None:
    hostile = ["javascript:alert(1)", "ftp://news.example/a", "https://", "//[", "https://news.example:x/", "x" * 5000]
    good = ["https://NEWS.example/1#top", "http://news.example/2", "/3", "https://user:secret@other.example/4"]
    entries, problems = read(urlset("".join(map(url, hostile + good))))
    assert [(entry.url, entry.foreign) for entry in entries] == [
        ("https://NEWS.example/1", False),
        ("http://news.example/2", False),
        ("https://news.example/3", False),
        ("https://other.example/4", True),
    ]
    assert problems
    assert "secret" not in str(problems)


def test_an_entry_without_address_is_left_out() -> None:
    assert addresses(urlset("<url><lastmod>2024</lastmod></url><url><loc> </loc></url>" + url("/1"))) == [
        "https://news.example/1"
    ]


def test_limits_stop_the_reading_and_are_reported() -> None:
    data = urlset("".join(url(f"https://news.example/{n}") for n in range(100)))
    assert len(addresses(data, max_entries=10)) == 10
    assert read(data, max_entries=10)[1] == ["only the first 10 entries were read"]
    entries, problems = read(data, max_bytes=1000)
    assert 0 < len(entries) < 30
    assert problems[0] == "only the first 1000 bytes were read"
    entries, problems = read(data, max_elements=21)
    assert len(entries) == 10
    assert problems == ["only the first 21 elements were read"]


def test_hostile_markup_is_stopped() -> None:
    deep = urlset(url("/1") + "<url>" + "<a>" * 100_000)
    assert read(deep)[1] == ["elements are nested deeper than 50"]
    long = urlset(url("/1") + f'<url a="{"x" * 1_000_000}">')
    assert read(long)[1] == ["a tag or comment is longer than 65536 bytes"]
    field = urlset(url("/1") + url("/" + "x" * 1_000_000) + url("/2"))
    entries, problems = read(field)
    assert [entry.url for entry in entries] == ["https://news.example/1", "https://news.example/2"]
    assert problems == ["a field is longer than 8192 characters"]


def test_a_gzip_bomb_is_read_up_to_the_limit_in_constant_memory() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join([packer.compress(b"<urlset>"), *(packer.compress(b" " * 10**6) for _ in range(60)), packer.flush()])
    tracemalloc.start()
    try:
        entries, problems = read(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (entries, problems[0]) == ([], "only the first 52428800 bytes were read")
    assert peak < 4_000_000


def test_entries_take_constant_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield f"<urlset {XMLNS}>".encode()
        entry = url(f"https://news.example/{'x' * 200}", "<lastmod>2024-05-01T00:00:00Z</lastmod>").encode()
        yield from [entry * 100] * 150
        yield b"</urlset>"

    tracemalloc.start()
    try:
        count = sum(1 for _ in read_sitemap(chunks(), url=HOME))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 15_000
    # One integer that is kept for each entry would be too much.
    assert peak < 600_000


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), "year"),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC), "month"),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC), "day"),
        ("2024-05-01T10:30Z", datetime(2024, 5, 1, 10, 30, tzinfo=UTC), "minute"),
        ("2024-05-01T10:30:15.123456789-05:00", datetime(2024, 5, 1, 15, 30, 15, tzinfo=UTC), "second"),
        ("2024-05-01 10:30:15", datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC), "second"),
        ("2024-05-01T10:30:15+0530", datetime(2024, 5, 1, 5, 0, 15, tzinfo=UTC), "second"),
        ("Wed, 01 May 2024 10:30:15 GMT", datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC), "second"),
    ],
)
def test_dates_have_the_precision_that_they_state(text: str, moment: datetime, precision: str) -> None:
    assert sitemap_date(text) == (moment, precision)


@pytest.mark.parametrize("text", [None, "", "today", "2024-13-01", "0001-01-01", "9999-12-31T23:59:59-23:59", "9" * 99])
def test_an_invalid_date_is_none(text: str | None) -> None:
    assert sitemap_date(text) is None


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                NEWS,
                "<url>",
                "</url>",
                "<loc>",
                "</loc>",
                "&",
                "<![CDATA[",
                "]]>",
                "\x00",
                "https://a.example/",
                "<!--",
                "é",
                ";",
                "</urlset>",
            ]
        )
    ),
    st.integers(1, 40),
)
def test_any_document_gives_valid_entries_or_an_error_however_it_is_cut(parts: list[str], size: int) -> None:
    data = urlset("".join(parts))
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    problems: list[str] = []
    try:
        whole, streamed = read(data), (list(read_sitemap(chunks, url=HOME, problems=problems)), problems)
    except SitemapError:
        return
    assert whole[0] == streamed[0]
    assert all(entry.url.startswith(("https://", "http://")) for entry in whole[0])


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_entries_or_an_error(data: bytes) -> None:
    for document in (data, b"<urlset>" + data, gzip.compress(b"<urlset><url><loc>/1</loc>" + data)):
        with contextlib.suppress(SitemapError):
            list(read_sitemap(document, url=HOME))
