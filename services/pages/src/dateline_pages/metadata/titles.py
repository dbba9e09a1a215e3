"""The title of the article: the headline as the page shows it, without the name of the site."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from lxml.html import HtmlElement

from dateline_pages.metadata.plain import element_line

__all__ = ["StatedTitles", "article_title", "main_heading", "title_key", "without_site"]

MAX_TITLE_CHARS = 1_000
"""Longer titles are cut."""

MAX_PARTS = 20
"""Parts of a title before the last ones are not looked at on their own."""

MAX_HEADINGS = 50
"""Further headings of a page are ignored."""

MAX_ELEMENTS = 3_000
"""On a page without headings, a title is looked for in this many elements."""

LEAST_LIKENESS = {"h1": 0.34, "h2": 0.34, "h3": 0.6}
"""A heading of this level shares more than this part of its words with a title."""

BORDER = re.compile(r"\s+[|–—\-·•:»«*~/⋆‹›<>]+\s+|\s*[|｜：»]\s*|\s+[-–—]{2,}\s+|-{2,}|\s+::\s+")
"""What separates a headline from the name of the site or the section."""

BYLINE_OR_DAY = re.compile(r"by [A-Z].{3,60}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d")
"""A part of a title that is the author or the day."""

MAX_SITE_WORDS = 5
"""The name of a site or a section has at most this many words."""

StatedTitles = Sequence[tuple[str, float]]
"""Titles from the sources of a page with the weights of the sources."""


def main_heading(tree: HtmlElement, titles: Iterable[str], sites: set[str]) -> HtmlElement | None:
    """Return the heading of the article: the `h1`, else the `h2` or `h3`, that says the same as the other titles.

    A page with a single `h1` has it as its heading even if the other titles say something else, unless it is the
    name of the site.
    """
    wanted = [words for title in titles if (words := _words(title))]
    first: list[HtmlElement] = []
    best: tuple[float, HtmlElement] | None = None
    for tag in ("h1", "h2", "h3"):
        for number, element in enumerate(tree.iter(tag)):
            if number >= MAX_HEADINGS:
                break
            words = _words(text := element_line(element))
            if not words or title_key(text) in sites:
                continue
            if tag == "h1":
                first.append(element)
            likeness = max((_likeness(words, each) for each in wanted), default=0.0)
            if likeness > (best[0] if best else LEAST_LIKENESS[tag]):
                best = (likeness, element)
        if best is not None:
            return best[1]
    if len(first) == 1 or (first and not wanted):
        return first[0]
    return _bold_heading(tree, wanted) if not first else None


def _bold_heading(tree: HtmlElement, wanted: list[set[str]]) -> HtmlElement | None:
    """Return the first element of bold or large letters that says the same as a title, on pages without headings."""
    for number, element in enumerate(tree.iter("b", "strong", "font", "span", "p", "div", "td", "a")):
        if number >= MAX_ELEMENTS:
            break
        text = (element.text or "").strip()
        if 2 < len(text.split()) <= MAX_TITLE_CHARS and any(_likeness(_words(text), each) > 0.7 for each in wanted):
            return element
    return None


def _likeness(words: set[str], others: set[str]) -> float:
    return len(words & others) / len(words | others) if words or others else 0.0


def article_title(stated: StatedTitles, sites: set[str]) -> str | None:
    """Return the title on which the sources agree most.

    Each source has a weight; sources whose titles differ in nothing but case, quotation marks and punctuation agree,
    and so does a heading that begins with a label: `Live: Storm over London` beside `Storm over London`. Of those that
    agree, the longest gives the wording, else the first.

    Args:
        stated: titles of the sources with their weights, in the order in which their wording is preferred.
        sites: keys of the names of the site (`title_key`).
    """
    stated = [(text[:MAX_TITLE_CHARS], weight) for text, weight in stated]
    others = {title_key(text) for text, _ in stated}
    clean = [(title, weight) for text, weight in stated if (title := without_site(text, sites, others))]
    votes: dict[str, float] = {}
    wordings: dict[str, str] = {}
    for title, weight in clean:
        key = title_key(title)
        if not key or key in sites:
            continue
        votes[key] = votes.get(key, 0.0) + weight
        # The heading's own elements may stand for the colon behind a label; another source writes it.
        wordings[key] = max(wordings.get(key, ""), title, key=len)
    if not votes:
        return None
    for key in votes:
        # A heading with a label in front of it counts for what follows the label.
        longer = [other for other in votes if other != key and other.endswith(key) and len(key) > 12]
        votes[key] += sum(votes[other] / 2 for other in longer)
    best = max(votes, key=lambda key: votes[key])
    return wordings[best][:MAX_TITLE_CHARS].strip()


def without_site(title: str, sites: set[str], others: AbstractSet[str] = frozenset()) -> str:
    """Return a title without the name of the site, the section, the author and the day around it.

    Args:
        title: as the page states it.
        sites: keys of the names of the site (`title_key`).
        others: keys of the other titles: a title that is another one with something around it is that other one.
    """
    title = title[:MAX_TITLE_CHARS]
    borders = list(BORDER.finditer(title))[-MAX_PARTS:]
    for border in borders:
        head = title[: border.start()].strip()
        if len(head.split()) > 1 and title_key(head) in others and title_key(head) != title_key(title):
            return head
    for border in borders:
        tail = title[border.end() :].strip()
        if len(tail.split()) > 2 and title_key(tail) in others and _is_site(title[: border.start()], sites):
            return tail
    if (start := _tail_start(title, borders, sites)) is not None:
        title = title[:start].strip()
    elif borders and _is_site(title[: borders[0].start()], sites):
        title = title[borders[0].end() :].strip()
    return title


def title_key(title: str) -> str:
    """Return the letters and digits of a title, for comparison."""
    return "".join(filter(str.isalnum, title.casefold()))


def _tail_start(title: str, borders: list[re.Match[str]], sites: set[str]) -> int | None:
    """Return where the name of the site begins, with everything behind it and with the sections before it."""
    for border in borders:
        parts = [part.strip() for part in BORDER.split(title[border.end() :])]
        if any(_is_site(part, sites) for part in parts) and all(
            len(part.split()) <= MAX_SITE_WORDS or BYLINE_OR_DAY.fullmatch(part) for part in parts
        ):
            strong = "|" in border[0] or border is _last_before(borders, title, sites)
            if strong and len(title[: border.start()].split()) > 1:
                return border.start()
    # A single short part behind a bar is a site whose name the page does not state.
    if borders and "|" in borders[-1][0]:
        head, tail = title[: borders[-1].start()], title[borders[-1].end() :]
        if 0 < len(tail.split()) <= MAX_SITE_WORDS < len(head.split()):
            return borders[-1].start()
    return None


def _last_before(borders: list[re.Match[str]], title: str, sites: set[str]) -> re.Match[str] | None:
    for border in borders:
        part = BORDER.split(title[border.end() :])[0]
        if _is_site(part, sites):
            return border
    return None


def _is_site(part: str, sites: set[str]) -> bool:
    key = title_key(part)
    return bool(key) and (key in sites or key.removeprefix("the") in sites or f"the{key}" in sites)


def _words(title: str) -> set[str]:
    words = set(re.findall(r"\w+", title.casefold()))
    # Scripts without spaces are compared by their characters.
    return words if title.isascii() or len(words) > 3 else words | set(filter(str.isalnum, title))
