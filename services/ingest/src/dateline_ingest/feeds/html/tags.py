"""Decide which angle brackets of a text are tags of HTML.

A browser takes any letter after `<` for the start of a tag, and does not show what it does not know. In feeds most such
brackets that are not HTML are text that somebody did not escape: type parameters, mail addresses, remarks, formulas.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dateline_ingest.feeds.html.elements import ATTRIBUTES, BARE_ATTRIBUTES, ELEMENTS, UNCLOSED

__all__ = ["TAG", "TagJudge", "are_attributes"]

TAG = re.compile(
    r"""<(?:(/?)([A-Za-z][^\s/<>]*+)"""
    r"""((?:[^<>=]++|=\s*+(?:"[^"]*+"(?=[\s/>])|'[^']*+'(?=[\s/>]))?+)*+)(>?)"""
    r"""|!--|![-\[][^<>]*+>|!(?:(?i:doctype|entity|element|attlist|notation))\b[^<>]*+>|\?[A-Za-z][^<>]*+>)"""
)
"""A tag with its groups slash, name, attributes and closing bracket, or the start of a comment, or a declaration.

It matches at each `<` with a letter behind it, and consumes whatever it looks at, except that each quotation mark after
`=` is looked at twice. So a search takes linear time on any text. Without a closing bracket there is no tag.
"""

NAMED_TAG = re.compile(r"<(/?[A-Za-z][^\s/<>]*)")
ATTRIBUTE = re.compile(r"""([^\s=/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']*))?|/""")
QUOTED_VALUE = re.compile(r"""=\s*["']""")
STYLED = re.compile(r"""(?:^|\s)(?:class|style|id|data-[\w-]+)\s*=\s*["']""", re.I)
PREFIXED = re.compile(r"[a-z][a-z0-9]*:[a-z][\w.-]*", re.I)
CUSTOM = re.compile(r"[a-z][a-z0-9._]*-[a-z0-9._-]*")
OTHER_ATTRIBUTE = re.compile(r"on|[^-:]*[-:]")
"""The beginnings of names of attributes that are not in a table: of events, of data, of other vocabularies."""

ATTRIBUTES_AND_BARE = ATTRIBUTES | BARE_ATTRIBUTES
MAX_CACHED_CHARS = 200
WORD_CHARACTER = re.compile(r"\w")


class TagJudge:
    """Tells the tags of one text from text in angle brackets.

    Args:
        html: the text.
        headline: whether an element that needs an end tag and has none is text, as in headlines that name elements.
    """

    def __init__(self, html: str, *, headline: bool = False) -> None:
        self._html = html
        self._headline = headline
        self._present: frozenset[str] | None = None

    def is_tag(self, start: int, slash: str, name: str, attributes: str) -> bool:
        """Return whether what `TAG` found at `start` is a tag of HTML, of an extension of it, or of a component."""
        key = (slash + name).lower()
        attributes = attributes.strip()
        if key in ELEMENTS:
            if attributes and attributes != "/" and not slash:
                return are_attributes(key, attributes)
            return self._is_element(key, start, bare=not attributes)
        if CUSTOM.fullmatch(name) or PREFIXED.fullmatch(name):
            if slash:
                return self._has(key[1:])
            return "=" in attributes or attributes.endswith("/") or self._has(f"/{key}")
        # An element that nobody knows but somebody has styled is markup.
        return STYLED.search(attributes) is not None

    def _is_element(self, key: str, start: int, *, bare: bool) -> bool:
        """Return whether a tag without attributes that has the name of an element is one."""
        if key.startswith("/"):
            return not self._headline or key[1:] in UNCLOSED or self._has(key[1:])
        if not bare or key in UNCLOSED:
            return not self._headline or not bare or key in ("br", "hr", "wbr", "p", "li")
        if self._headline:
            return self._has(f"/{key}")
        # A type parameter that is named like an element: List<A>, Promise<Object>.
        is_type = start > 0 and self._html[start + 1].isupper() and WORD_CHARACTER.match(self._html, start - 1)
        return not is_type or self._has(f"/{key}")

    def _has(self, key: str) -> bool:
        """Return whether the text has a tag of this name, an end tag with a slash."""
        if self._present is None:
            self._present = frozenset(found.lower() for found in NAMED_TAG.findall(self._html))
        return key in self._present


def are_attributes(name: str, text: str) -> bool:
    """Return whether what follows the name of an element in its tag is attributes, not words."""
    if '="' in text or "='" in text:
        return True
    # Behind a letter any word is likelier than an attribute without its value: <b and c>.
    bare = BARE_ATTRIBUTES if len(name) == 1 else ATTRIBUTES_AND_BARE
    return _short_attributes(text, bare) if len(text) < MAX_CACHED_CHARS else _attributes(text, bare)


@lru_cache(maxsize=1024)
def _short_attributes(text: str, bare: frozenset[str]) -> bool:
    return _attributes(text, bare)


def _attributes(text: str, bare: frozenset[str]) -> bool:
    """Return whether a text has an attribute with a value, or only names that may stand `bare`."""
    names = True
    for match in ATTRIBUTE.finditer(text):
        name = (match[1] or "").lower()
        if "=" not in match[0]:
            names = names and (not name or name in bare or "-" in name)
        elif name in ATTRIBUTES or OTHER_ATTRIBUTE.match(name) or QUOTED_VALUE.search(match[0]):
            return True
        else:
            names = False
    return names
