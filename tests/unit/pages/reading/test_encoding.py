"""In which encoding a page is read."""

import codecs

import pytest
from dateline_pages.reading.encoding import to_utf8
from hypothesis import given
from hypothesis import strategies as st

TEXT = "Grüße aus Zürich – „heute“"


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None, TEXT),
        (("<p>" + TEXT).encode("utf-16-le"), None, "<p>" + TEXT),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (TEXT.encode("cp1252"), 'text/html; charset="ISO-8859-1"', TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=latin1", TEXT),
        (b'<meta charset="windows-1251">' + "Новости дня".encode("cp1251"), "text/html", None),
        (
            b'<META http-equiv=Content-Type content="text/html; charset=Shift_JIS">' + "新聞の記事".encode("cp932"),
            "text/html",
            None,
        ),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>' + "Zażółć gęślą".encode("iso-8859-2"), None, None),
        (b"<meta charset=gb2312>" + "新闻报道".encode("gb18030"), None, None),
        ("日本の新聞".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "日本の新聞"),
        (b"plain ASCII", "text/html; charset=utf-16", "plain ASCII"),
    ],
)
def test_mark_validity_header_and_declaration_decide_in_this_order(
    data: bytes, content_type: str | None, text: str | None
) -> None:
    read = to_utf8(data, content_type).decode()

    if text is None:
        ending = read.rpartition(">")[2]
        assert ending in ("Новости дня", "新聞の記事", "Zażółć gęślą", "新闻报道")
    else:
        assert read == text


def test_a_page_that_names_no_encoding_is_read_as_the_one_its_letters_suggest() -> None:
    russian = "Президент подписал закон о государственном бюджете на следующий год. " * 20

    assert to_utf8(russian.encode("cp1251")).decode() == russian


def test_a_few_stray_bytes_do_not_make_a_page_of_another_encoding() -> None:
    assert to_utf8("Zürich".encode() + b" \x93quoted\x94", "text/html").decode() == "Zürich \ufffdquoted\ufffd"


def test_a_page_that_was_cut_within_a_character_stays_utf8() -> None:
    assert to_utf8("Zürich".encode() + "ü".encode()[:1]).decode("utf-8", "ignore").startswith("Zürich")


def test_control_characters_are_removed_and_white_space_stays() -> None:
    assert to_utf8(b"a\0b\x08c\x7f\td\r\ne\ff") == b"abc\td\r\ne\ff"


@given(data=st.binary(max_size=300), content_type=st.none() | st.text(max_size=60))
def test_no_bytes_and_no_header_are_refused(data: bytes, content_type: str | None) -> None:
    assert b"\0" not in to_utf8(data, content_type)


@given(
    name=st.sampled_from(["idna", "punycode", "undefined", "hex", "rot13", "utf-7", "unicode-escape", "x\0", "mbcs"])
)
def test_names_that_are_no_encodings_of_documents_are_ignored(name: str) -> None:
    assert to_utf8("Zürich".encode("cp1252") * 200, f"text/html; charset={name}").startswith(b"Z")
