"""The `Link` header (RFC 8288)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["HeaderLink", "read_links"]

TARGET = re.compile(r"[\s,]*<([^<>]*)>\s*")
"""The target of a link, after the commas that separate it from the link before."""

PARAMETER = re.compile(r""";\s*(?:([\w!#$&+.^`|~-]+\*?)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?\s*)?""")
"""One parameter, which may be empty; its value is a quoted string or a token."""

QUOTED_PAIR = re.compile(r"\\(.)")
"""An escaped character of a quoted string."""


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """One link of a `Link` header."""

    target: str
    """The target as it is written; it may be relative to the address of the answer."""
    parameters: dict[str, str]
    """The parameters by name in lower case; the first of several with one name counts."""

    @property
    def relations(self) -> tuple[str, ...]:
        """The relation types, in lower case."""
        return tuple(self.parameters.get("rel", "").lower().split())


def read_links(headers: Iterable[str]) -> Iterator[HeaderLink]:
    """Yield the links of an answer.

    Links with an `anchor` are left out, because they belong to another document. Where the syntax is invalid,
    the rest of that header is ignored.

    Args:
        headers: the values of the `Link` headers, each of which may hold several links.
    """
    for header in headers:
        position = 0
        while target := TARGET.match(header, position):
            position = target.end()
            parameters: dict[str, str] = {}
            while parameter := PARAMETER.match(header, position):
                position = parameter.end()
                name, quoted, token = parameter.groups()
                if name is not None:
                    value = QUOTED_PAIR.sub(r"\1", quoted) if quoted else token or ""
                    parameters.setdefault(name.lower(), value)
            if "anchor" not in parameters:
                yield HeaderLink(target[1].strip(), parameters)
