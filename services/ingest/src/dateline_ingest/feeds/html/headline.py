"""The plain text of headlines, which are often escaped once too often."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from dateline_ingest.feeds.html.text import html_to_text, looks_like_html, without_cdata
from dateline_ingest.feeds.invisible import without_invisible

__all__ = ["headline_text"]

REFERENCE = re.compile(r"&(?:#\d{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});")
ABOUT_MARKUP = re.compile(r"\b(?:X?HTML|XML|SGML|ampersands?|markup|entity|entities|unescap\w+|encod\w+)\b", re.I)
"""Words of headlines in which an escaped ampersand may be what the headline is about."""

OPENING, CLOSING = "\"'`([{“‘«", "\"'`)]}”’»"
WORDLIKE = frozenset(["L", "N", "M", "Z"])
"""First letters of the Unicode categories of characters that belong to a word."""


def headline_text(text: str, *, plain: bool = False) -> str:
    """Return a headline as one line of plain text.

    References that remain are decoded too, unless the headline is about them.

    Args:
        text: the headline as its feed states it.
        plain: whether it is declared as plain text.
    """
    if plain and not looks_like_html(text):
        text = without_invisible(without_cdata(text))
    else:
        text = html_to_text(text, headline=True)
    text = " ".join(text.split())
    return " ".join(unescape(text).split()) if _is_escaped(text) else text


def _is_escaped(text: str) -> bool:
    """Return whether the references in a text stand for characters, not for themselves."""
    references = [match for match in REFERENCE.finditer(text) if unescape(match[0]) != match[0]]
    # A headline may well name the references of these three; those of other characters are left by a second escape.
    if all(unescape(match[0]) in "&<>" for match in references):
        return False
    has_numbers = any(match[0].startswith("&#") for match in references)
    if text.count("&") > len(references) and not has_numbers:
        # Whoever leaves an ampersand as it is has not escaped the other ones.
        return False
    return all(_stands_for_character(match, text) for match in references)


def _stands_for_character(match: re.Match[str], text: str) -> bool:
    character = unescape(match[0])
    before, after = (
        text[match.start() - 1 : match.start()] if match.start() else "",
        text[match.end() : match.end() + 1],
    )
    if before and after and before in OPENING and CLOSING[OPENING.index(before)] == after:
        return False
    if character == "&":
        if before.isalnum() and after.isalnum():
            return True
        return before in ("", " ") and after in ("", " ") and ABOUT_MARKUP.search(text) is None
    category = unicodedata.category(character[0])
    if category[0] in WORDLIKE or character in "\"'<>‘’“”„‚":
        # Such a character has a neighbour; alone among spaces, the headline is about the reference.
        return bool(before.strip() or after.strip())
    return True
