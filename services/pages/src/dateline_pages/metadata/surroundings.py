"""The elements around a heading, where authors and dates stand."""

from collections.abc import Iterator

from lxml.html import HtmlElement

__all__ = ["elements_after"]

MAX_ELEMENTS = 250
"""The search ends after this many elements."""

MAX_TEXT_CHARS = 2_500
"""The search ends after this many characters of text: there the article has begun."""

SKIPPED = frozenset(
    {"script", "style", "svg", "noscript", "template", "nav", "footer", "aside", "form", "figure", "iframe"}
)
"""Elements whose content does not speak of the article."""


def elements_after(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that follow a heading in the order of the page, up to the first paragraphs of the text."""
    count = chars = 0
    # An article within the heading's own article is another one; beside a heading outside it is the heading's own.
    skipped = SKIPPED | {"article"} if next(heading.iterancestors("article"), None) is not None else SKIPPED
    for start in (heading, *heading.iterancestors()):
        for sibling in start.itersiblings():
            waiting = [sibling]
            while waiting:
                element = waiting.pop()
                if not isinstance(element.tag, str) or element.tag in skipped:
                    continue
                yield element
                count += 1
                chars += len(element.text or "") + len(element.tail or "")
                if count >= MAX_ELEMENTS or chars > MAX_TEXT_CHARS:
                    return
                waiting.extend(element.iterchildren(reversed=True))
