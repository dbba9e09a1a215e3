from __future__ import annotations

import codecs

import pytest
from dateline_ingest.feeds import parse_feed
from dateline_ingest.feeds.encoding_labels import LABELS

TEXTS = {
    "windows-1251": "Новости дня",
    "koi8-r": "Новости дня",
    "iso-8859-2": "Příliš žluťoučký",
    "windows-1252": "“Café” – 5 €",
    "gb2312": "中文新闻",
    "gb18030": "中文新闻 㐀",
    "big5": "中文新聞",
    "shift_jis": "日本のニュース",
    "euc-jp": "日本のニュース",
    "euc-kr": "한국 뉴스",
    "iso-8859-9": "Türkiye'de şimşek",
    "utf-8": "Ünïcode 📰",
}
LABELS_OF_THE_WEB = {
    "windows-31j": ("cp932", "日本①"),
    "x-cp1251": ("cp1251", "Новости"),
    "windows-874": ("cp874", "ข่าว"),
    "x-mac-cyrillic": ("mac_cyrillic", "Новости"),
    "x-mac-roman": ("mac_roman", "Café"),
    "ks_c_5601-1987": ("cp949", "한국 뉴스"),
    "sun_eu_greek": ("iso8859_7", "Νέα"),
    "iso-8859-8-i": ("iso8859_8", "חדשות"),
    "csisolatin6": ("iso8859_10", "Þing"),
    "x-x-big5": ("big5", "新聞"),
    "gb_2312-80": ("gb18030", "新闻"),
    "x-euc-jp": ("euc_jis_2004", "日本①"),
    "csiso2022jp": ("iso2022_jp", "日本のニュース"),
    "hz-gb-2312": ("hz", "新闻"),
    "csiso2022kr": ("iso2022_kr", "한국"),
    "866": ("cp866", "Новости"),
    "x-user-defined": ("cp1252", "Café"),
}


def document(title: str, declared: str | None = None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f"{declaration}<rss version='2.0'><channel><title>{title}</title></channel></rss>"


@pytest.mark.parametrize("encoding", TEXTS)
def test_declared_encoding_is_used(encoding: str) -> None:
    feed = parse_feed(document(TEXTS[encoding], encoding).encode(encoding))
    assert (feed.title, feed.problems) == (TEXTS[encoding], [])


@pytest.mark.parametrize("encoding", TEXTS)
def test_charset_of_the_server_is_used(encoding: str) -> None:
    feed = parse_feed(document(TEXTS[encoding]).encode(encoding), content_type=f'text/xml; Charset="{encoding}"')
    assert feed.title == TEXTS[encoding]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_wide_encodings_and_byte_order_marks_are_recognised(encoding: str) -> None:
    feed = parse_feed(document("Ünïcode 📰", "utf-16").encode(encoding))
    assert (feed.title, feed.problems) == ("Ünïcode 📰", [])


def test_wrong_utf_16_declaration_is_ignored() -> None:
    assert parse_feed(document("é", "utf-16").encode()).title == "é"


@pytest.mark.parametrize("stated", ["iso-8859-1", "windows-1251", "us-ascii"])
def test_utf_8_is_recognised_despite_another_declared_encoding(stated: str) -> None:
    feed = parse_feed(document("Ünïcode", stated).encode())
    assert feed.title == "Ünïcode"
    assert "is UTF-8" in feed.problems[0]


def test_gb2312_that_is_gb18030_is_read() -> None:
    assert parse_feed(document("㐀 朱镕基", "gb2312").encode("gb18030")).title == "㐀 朱镕基"


def test_latin_1_means_windows_1252() -> None:
    assert parse_feed(document("“x” €", "iso-8859-1").encode("cp1252")).title == "“x” €"


def test_default_charset_of_a_server_yields_to_the_declaration() -> None:
    data = document("Новости", "windows-1251").encode("cp1251")
    assert parse_feed(data, content_type="text/xml; charset=ISO-8859-1").title == "Новости"


def test_other_charset_of_a_server_wins_over_the_declaration() -> None:
    data = document("Новости", "windows-1251").encode("koi8-r")
    assert parse_feed(data, content_type="text/xml; charset=koi8-r").title == "Новости"


def test_bytes_that_no_stated_encoding_decodes_are_replaced() -> None:
    data = document("日本", "shift_jis").encode("euc-jp")
    feed = parse_feed(data, content_type="text/xml; charset=utf-8")
    assert feed.title == "ﾆ�ﾋﾜ"
    assert feed.problems == ["the document is not cp932 as stated", "bytes that are not cp932 were replaced"]


def test_single_invalid_bytes_in_utf_8_are_read_as_windows_1252() -> None:
    feed = parse_feed(document("é ? é").encode().replace(b"?", b"\x93x\x94"))
    assert feed.title == "é “x” é"
    assert feed.problems == ["bytes that are not UTF-8 were read as windows-1252"]


@pytest.mark.parametrize("stated", ["nonsense", "rot13", "hex", "x" * 30])
def test_unknown_encoding_is_reported(stated: str) -> None:
    feed = parse_feed(document("é", stated).encode(), content_type=f"text/xml; charset={stated}")
    assert feed.title == "é"
    assert len(feed.problems) == 2


def test_control_characters_are_removed() -> None:
    feed = parse_feed(document("a\x00b\x08c\x7fd").encode())
    assert (feed.title, feed.problems) == ("abcd", ["3 control characters were removed"])


def test_space_before_the_declaration_is_ignored() -> None:
    assert parse_feed(codecs.BOM_UTF8 + b"\n\n " + document("x", "utf-8").encode()).problems == []


@pytest.mark.parametrize("encoding", ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "rot13"])
def test_encoding_known_only_to_python_is_unknown(encoding: str) -> None:
    feed = parse_feed(document("Caf\xe9", encoding).encode("latin-1"))
    assert feed.title == "Café"
    assert any(encoding in problem for problem in feed.problems)


@pytest.mark.parametrize("label", LABELS_OF_THE_WEB)
def test_labels_of_the_encoding_standard_are_known_in_declaration_and_header(label: str) -> None:
    codec, text = LABELS_OF_THE_WEB[label]
    assert parse_feed(document(text, label).encode(codec)).title == text
    assert parse_feed(document(text).encode(codec), content_type=f"text/xml; charset='{label.upper()}'").title == text


def test_every_label_has_a_codec() -> None:
    assert len(LABELS) > 220
    for label, codec in LABELS.items():
        assert label == label.lower()
        codecs.lookup(codec)
