"""What the `meta`, `link` and `title` elements of a page state."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from dateline_pages.metadata.plain import element_line, one_line

__all__ = ["HeadValues", "head_values"]

MAX_ELEMENTS = 2_000
"""Further `meta` elements of a page are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadValues:
    """What the elements of a page's head state."""

    values: dict[str, list[str]] = field(default_factory=dict)
    """Contents of the `meta` elements by `property`, `name` or `itemprop` in lower case, in the order of the page."""
    title: str = ""
    """The text of the `title` element."""
    canonical: str | None = None
    """The address of `link rel=canonical`, as written."""
    language: str | None = None
    """The `lang` of the document, as written."""
    base: str | None = None
    """The address of the `base` element, as written."""

    def first(self, names: Iterable[str]) -> str | None:
        """Return the first value of the first name that has one."""
        return next((values[0] for name in names if (values := self.values.get(name))), None)

    def all(self, names: Iterable[str]) -> list[str]:
        """Return all values of the names, in the order of the names."""
        return [value for name in names for value in self.values.get(name, ())]


def head_values(tree: HtmlElement) -> HeadValues:
    """Read the `meta`, `link` and `title` elements, wherever a broken head has left them."""
    values: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number >= MAX_ELEMENTS:
            break
        content = one_line(element.get("content"))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            for name in (element.get(attribute) or "").lower().split()[:3]:
                values.setdefault(name, []).append(content)
    title = next((each for each in tree.iter("title") if _is_of_page(each)), None)
    links = (each for each in tree.iter("link") if "canonical" in (each.get("rel") or "").lower().split())
    canonical = next((href for each in links if (href := one_line(each.get("href")))), None)
    root = tree.getroottree().getroot()
    base = next(tree.iter("base"), None)
    return HeadValues(
        values=values,
        title="" if title is None else one_line(element_line(title)),
        canonical=canonical,
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        base=None if base is None else one_line(base.get("href")) or None,
    )


def _is_of_page(title: HtmlElement) -> bool:
    # Drawings have titles too.
    parent = title.getparent()
    return parent is None or parent.tag in ("head", "html", "body")
