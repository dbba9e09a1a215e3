"""Reads one tag of an OPML document, well-formed or not."""

import re
from dataclasses import dataclass

from dateline_ingest.feeds.xml.entities import decode

__all__ = ["MAX_TAG_CHARS", "OpmlTag"]

MAX_TAG_CHARS = 64 * 1024
"""Longer tags are reported and skipped."""

ATTRIBUTE = re.compile(r"""[\s/=]*([^\s/>=<]+)(?:\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>]+)))?""")
SEPARATORS = re.compile(r"[\s/=]*")


@dataclass(frozen=True, slots=True)
class OpmlTag:
    """The start tag of an element.

    Attributes:
        name: the element, in lower case.
        attributes: their values by name in lower case; the first one of a name counts.
        end: where the tag ends in the text; None if its end has not arrived yet.
        empty: whether the element ends with this tag.
        problem: what is wrong with the tag, and what to do.
    """

    name: str
    attributes: dict[str, str]
    end: int | None
    empty: bool = False
    problem: tuple[str, str] | None = None

    @classmethod
    def read(cls, text: str, start: int, name: str) -> "OpmlTag":
        """Read the tag of element `name` whose attributes begin at `start`."""
        found: dict[str, str] = {}
        position, last = start, start + MAX_TAG_CHARS
        quoted = False
        while match := ATTRIBUTE.match(text, position, last):
            position = match.end()
            attribute, value = match[1].lower(), match[2] or match[3] or match[4] or ""
            quoted = quoted or '"' in attribute or "'" in attribute
            found.setdefault(attribute, decode(value) if "&" in value else value)
        space = SEPARATORS.match(text, position, last)
        empty = space is not None and space[0].endswith("/")
        position = space.end() if space else position
        stop = text[position : position + 1]
        problem = None
        if position >= last:
            problem, empty = (f"the tag is longer than {MAX_TAG_CHARS} characters", "shorten it"), True
        elif stop == "<" or (stop == ">" and quoted):
            problem = ("an attribute lacks a quotation mark or holds a <", "write the < as &lt;")
            empty = empty or stop == "<"
        elif not stop:
            return cls(name.lower(), found, None)
        return cls(name.lower(), found, position + (stop == ">"), empty, problem)
