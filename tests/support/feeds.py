"""Hostile feed documents, built on demand."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

__all__ = ["HOSTILE"]

RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>%b</channel></rss>'
ITEM = b"<item><title>title %d</title><link>https://example.org/%d</link><description>d</description></item>"
MEGABYTE = 1 << 20


def _rss(inner: bytes) -> bytes:
    return RSS % inner


def _item(inner: bytes) -> bytes:
    return b"<item>%b</item>" % inner * 5000


def _lines(pattern: bytes, count: int) -> bytes:
    return b"".join(pattern % number for number in range(count))


def _declared(entities: bytes, use: bytes) -> bytes:
    return b"<?xml version='1.0'?><!DOCTYPE rss [%b]>" % entities + _rss(b"<item><title>%b</title></item>" % use)


def _laughs() -> bytes:
    levels = b"".join(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 20))
    return _declared(b'<!ENTITY l0 "lol">' + levels, b"&l19;")


def _entity_chain() -> bytes:
    return _declared(
        b'<!ENTITY c0 "x">' + b"".join(b'<!ENTITY c%d "&c%d;">' % (n, n - 1) for n in range(1, 100_000)), b"&c99999;"
    )


def _attribute_laughs() -> bytes:
    levels = b"".join(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 20))
    return b'<!DOCTYPE rss [<!ENTITY l0 "lol">%b]><rss version="&l19;"><channel/></rss>' % levels


def _gzip_bomb() -> bytes:
    """Return 10 MB of gzip data that decompress to 10 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"<rss><channel><title>")
    # A full flush makes the compressed megabyte of zeros independent of the data before it, so it can be repeated.
    head += packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 10_240


def _random_bytes() -> bytes:
    return random.Random(7).randbytes(4 * MEGABYTE)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "billion laughs": _laughs,
    "billion laughs in an attribute": _attribute_laughs,
    "chain of entities": _entity_chain,
    "quadratic entity": lambda: _declared(b'<!ENTITY a "%b">' % (b"x" * 200_000), b"&a;" * 100_000),
    "external entity": lambda: _declared(b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&x;"),
    "external parameter entity": lambda: _declared(b'<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;', b"x"),
    "external document type": lambda: (
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">' + _rss(b"<item><title>&x;</title></item>")[21:]
    ),
    "million nested elements": lambda: _rss(b"<a>" * 1_000_000 + b"</a>" * 1_000_000),
    "million nested elements in a field": lambda: _rss(b"<item><description>" + b"<b>" * 1_000_000),
    "million nested items": lambda: _rss(b"<item>" * 1_000_000),
    "million nested elements, ill-formed": lambda: _rss(b"&nbsp;" + b"<a b=c>" * 1_000_000),
    "million empty elements": lambda: _rss(b"<item>" + b"<title/>" * 1_000_000 + b"</item>"),
    "million unknown elements, ill-formed": lambda: _rss(b"&nbsp;" + b"<x/>" * 1_000_000),
    "million namespaces": lambda: _rss(_lines(b'<x xmlns:a%d="urn:x"/>', 300_000)),
    "nested namespaces": lambda: _rss(_lines(b'<x xmlns:a%d="urn:x">', 300_000)),
    "million attributes": lambda: b"<rss " + _lines(b'a%d="" ', 900_000) + b"><channel/></rss>",
    "million attributes, ill-formed": lambda: b"<rss " + _lines(b"a%d=x ", 900_000) + b"><channel/></rss>",
    "million element names": lambda: _rss(_lines(b"<n%d/>", 900_000)),
    "100,000 items": lambda: _rss(_lines(ITEM.replace(b"%d</link>", b"x</link>"), 100_000)),
    "100,000 items, ill-formed": lambda: _rss(b"&nbsp;" + _lines(ITEM.replace(b"%d</link>", b"x</link>"), 100_000)),
    "ten thousand items without end": lambda: _rss(b"<item><title>x" * 1_000_000),
    "field of 10 MB": lambda: _rss(b"<item><description>" + b"text " * (2 * MEGABYTE) + b"</description></item>"),
    "field of 10 MB beyond the basic plane": lambda: _rss(b"<item><title>" + "\U0001f4f0".encode() * 2_600_000),
    "field of references": lambda: _rss(b"<item><title>" + b"&lt;" * 2_500_000 + b"</title></item>"),
    "field of references, ill-formed": lambda: _rss(b"<item><title>&nbsp;" + b"&lt;" * 2_500_000 + b"</title></item>"),
    "comment without end": lambda: _rss(b"<!--" * 2_500_000),
    "character data without end": lambda: _rss(b"<item><title>" + b"<![CDATA[" * 1_100_000),
    "quotes without end": lambda: _rss(b'<a "' * 2_500_000),
    "odd quotes": lambda: _rss(b'<a ">' * 2_000_000),
    "angle brackets": lambda: _rss(b"<" * (10 * MEGABYTE)),
    "end tags": lambda: _rss(b"</a>" * 2_500_000),
    "declarations": lambda: _rss(b"<!x" * 3_300_000),
    "instructions": lambda: _rss(b"<?x?>" * 2_000_000),
    "document types": lambda: b"<!DOCTYPE x [" * 800_000,
    "ampersands": lambda: _rss(b"<title>" + b"&" * (10 * MEGABYTE) + b"</title>"),
    "white space": lambda: b" " * (10 * MEGABYTE) + b"<rss/>",
    "NUL bytes": lambda: b"\0" * (10 * MEGABYTE),
    "NUL bytes inside": lambda: _rss(b"<item><ti\0tle>a\0b</title></item>" * 1000),
    "random bytes": _random_bytes,
    "random text after a root": lambda: b"<rss>" + _random_bytes(),
    "utf-16 of 10 MB": lambda: _rss(b"<item><title>" + b"x" * (4 * MEGABYTE)).decode().encode("utf-16"),
    "bad bytes of 10 MB": lambda: _rss(b"<item><title>" + b"\xff" * (9 * MEGABYTE)),
    "gzip of 10 GB": _gzip_bomb,
    "gzip cut short": lambda: gzip.compress(_rss(_lines(ITEM.replace(b"%d</link>", b"x</link>"), 1000)))[:-400],
    "nested JSON": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 5_000_000,
    "nested JSON objects": lambda: b'{"items":[' + b'{"a":' * 2_000_000,
    "JSON of three million objects": lambda: b'{"items":[' + b"{}," * 3_000_000 + b"{}]}",
    "JSON of three million values in one item": lambda: b'{"items":[{"x":[' + b"[]," * 3_000_000 + b"[]]}]}",
    "JSON string without end": lambda: b'{"items":[{"id":"' + b'\\"' * 5_000_000,
    "JSON number of a million digits": lambda: b'{"items":[{"id":' + b"9" * 1_000_000 + b"}]}",
    "JSON with 100,000 items": lambda: (
        b'{"version":"1.1","items":[' + _lines(b'{"id":"%d","title":"x"},', 100_000) + b"{}]}"
    ),
    "many dates": lambda: _rss(b"<item>" + b"<pubDate>Thu, 99 Foo 2022 99:99:99 +9999 and so on</pubDate>" * 100_000),
    "long dates": lambda: _rss(b"<item><pubDate>" + b"1:" * 4_000_000 + b"</pubDate></item>"),
    "long author": lambda: _rss(b"<item><author>" + b"a@" * 4_000_000 + b"</author></item>"),
    "long encoding": lambda: b'<?xml version="1.0" encoding="' + b"x" * (9 * MEGABYTE) + b'"?><rss/>',
    "relative links": lambda: _rss(
        b"<link>https://example.org</link><item><description>" + b"&lt;a href=/x&gt;" * 600_000
    ),
    "relative links in every item": lambda: _rss(
        b"<link>https://example.org/a/</link>"
        + _item(b"<description>%b</description>" % (b"&lt;a href=../x&gt;" * 100))
    ),
    "relative links in XHTML": lambda: (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/a/">'
        + b"<entry><content type='html'>%b</content></entry>" % (b"&lt;a href=../x&gt;" * 100) * 5000
        + b"</feed>"
    ),
    "slow dates in every item": lambda: _rss(_item(b"<pubDate>%b 5 avril 2022 10:11</pubDate>" % (b"ab " * 26))),
    "failing dates in every item": lambda: _rss(_item(b"<pubDate>%b</pubDate>" % (b"1 ab " * 19))),
    "authors in every item": lambda: _rss(_item(b"<author>%b@</author>" % (b"(a@b " * 60))),
    "markup in every item": lambda: _rss(_item(b"<title>&lt;p&gt;%b</title>" % (b"&lt;b&gt; &amp;amp;" * 50))),
    "categories in every item": lambda: _rss(_item(b"<category>&lt;b&gt;</category>" * 28)),
}
"""Functions that build hostile documents, by a name that describes the attack."""
