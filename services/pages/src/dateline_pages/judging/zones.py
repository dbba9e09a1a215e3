"""Parts of a page: its own part, what every page of a site has, and what lies over it."""

import re
from typing import Literal

from lxml.html import HtmlElement

__all__ = ["Zone", "zone_of"]

Zone = Literal["main", "overlay", "chrome", "fallback", "hidden"]
"""Where an element stands.

- main: in the page's own part, as far as its markup says.
- overlay: in a dialog or a banner, such as those of platforms for consent, which innocent pages have as well.
- chrome: in navigation, a footer, a sidebar, or the comments.
- fallback: for browsers without scripts.
- hidden: where nobody sees it.
"""

OVERLAY = re.compile(r"cookie|consent|onetrust|didomi|usercentrics|\b(cmp|gdpr|tcf)\b|modal|popup|overlay", re.I)

CHROME = re.compile(
    r"\bnav|\bmenu|breadcrumb|footer|sidebar|newsletter|widget|comment|kommentar|related|recommend", re.I
)

HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

CHROME_TAGS = frozenset({"nav", "footer", "aside"})

CONTAINERS = frozenset({"div", "section", "aside", "form", "ul", "ol", "dialog", "header", "footer", "nav"})
"""Elements whose class and id are read."""


def zone_of(element: HtmlElement, outer: Zone) -> Zone:
    """Return where an element stands, given where the element around it stands."""
    tag = element.tag
    # Scripts that move a page's parts about hide the whole page while they work.
    if tag != "body" and (element.get("hidden") is not None or HIDDEN.search(element.get("style") or "")):
        return "hidden"
    if tag == "noscript" and outer == "main":
        return "fallback"
    if outer != "main" or tag not in CONTAINERS:
        return outer
    if tag in CHROME_TAGS:
        return "chrome"
    if tag == "dialog" or element.get("role") in ("dialog", "alertdialog"):
        return "overlay"
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    if len(names) > 1:
        # Containers of the whole page say what it has: `with-sidebar`, `modal-open`.
        if OVERLAY.search(names) and element.find(".//article") is None:
            return "overlay"
        if CHROME.search(names) and element.find(".//h1") is None and element.find(".//article") is None:
            return "chrome"
    return outer
