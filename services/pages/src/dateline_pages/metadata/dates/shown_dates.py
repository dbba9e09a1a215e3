"""The date that a page shows beside its headline or at the end of its article."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from dateline_pages.metadata.dates.moments import Moment, moment_in_text
from dateline_pages.metadata.plain import element_line
from dateline_pages.metadata.surroundings import elements_after

__all__ = ["shown_moment"]

MAX_DATE_CHARS = 70
"""A longer text is a sentence, and its date that of an event."""

MAX_MARKED_CHARS = 150
"""Length at most of a text in an element that is marked as a date."""

MAX_TIMES = 50
"""Further `time` elements of an article are ignored."""

MAX_LABEL_WORDS = 5
"""A label of a date has at most this many words; more are the beginning of a sentence."""

CHANGED = re.compile(
    r"updat|modif|edited|revised|aktualis|stand:|geändert|actuali|mis à jour|maj |aggiornat|atuali|bijgewerkt|"
    r"oppdatert|opdateret|uppdaterad|обновл|更新",
    re.IGNORECASE,
)
"""Words beside the time of a change."""

PUBLISHED = re.compile(
    r"publi|posted|veröffentlicht|erstellt|geplaatst|pubbl|julkaistu|опубл|発行|发布|filed|created", re.IGNORECASE
)
"""Words beside the time of publication."""

MARKS = frozenset(
    {"date", "time", "datetime", "timestamp", "datum", "fecha", "data", "published", "pubdate", "posted", "meta"}
)
"""Words of class names that mark a date."""

CAPTIONS = frozenset({"caption", "description", "img", "image", "photo", "credit"})
"""Words of class names of pictures, whose dates are those of the pictures."""


def shown_moment(heading: HtmlElement, *, month_first: bool) -> Moment | None:
    """Return the date beside a heading, else that of the article's own `time` element.

    A date beside a word such as "Updated" counts only if there is no other. Dates within sentences and captions do not
    count.

    Args:
        heading: the heading of the article.
        month_first: whether 4/5/2024 is in April.
    """
    changed: Moment | None = None
    for elements in (elements_after(heading), _times(heading)):
        for text, element in _dated_texts(elements):
            text = _of_publication(text)
            moment = moment_in_text(text, month_first=month_first)
            if moment is None:
                continue
            is_published = (match := PUBLISHED.search(text)) and not CHANGED.search(text[: match.start()])
            if is_published or not (CHANGED.search(text) or CHANGED.search(_label(element))):
                return moment
            changed = changed or moment
    return changed


def _of_publication(text: str) -> str:
    """Return what follows the word for publication if the text has a word for a change before it."""
    published, changed = PUBLISHED.search(text), CHANGED.search(text)
    return text[published.start() :] if published and changed and changed.start() < published.start() else text


def _dated_texts(elements: Iterator[HtmlElement]) -> Iterator[tuple[str, HtmlElement]]:
    for element in elements:
        words = _class_words(element)
        if words & CAPTIONS:
            continue
        if element.tag == "time":
            if _is_in_sentence(element):
                continue
            values = [element.get("datetime") or "", element_line(element, MAX_MARKED_CHARS)]
        else:
            values = [element.text or "", element.tail or ""]
        most = MAX_MARKED_CHARS if words & MARKS or element.tag == "time" else MAX_DATE_CHARS
        for value in values:
            text = value.strip()
            if 6 <= len(text) <= most and re.search(r"\d", text):
                yield text, element


def _is_in_sentence(element: HtmlElement) -> bool:
    label = _label(element)
    return len(label.split()) > MAX_LABEL_WORDS and not PUBLISHED.search(label) and not CHANGED.search(label)


def _times(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the `time` elements of the heading's article that are not in another article within it."""
    article = next(heading.iterancestors("article"), None)
    if article is None:
        return
    for number, element in enumerate(article.iter("time")):
        if number >= MAX_TIMES:
            return
        if next(element.iterancestors("article", "aside", "li", "nav", "footer"), None) is article:
            yield element


def _label(element: HtmlElement) -> str:
    """Return the text before a date, without that of an earlier date, and the names of the element."""
    previous, parent = element.getprevious(), element.getparent()
    own = f"{element.get('class') or ''} {element.get('itemprop') or ''}".replace("-", "").replace("_", "")
    text = f"{previous.text or ''} {previous.tail or ''}" if previous is not None else ""
    if previous is None and parent is not None:
        text = parent.text or ""
    return own if re.search(r"\d", text) else f"{text[-MAX_MARKED_CHARS:]} {own.split(' ')[0]}"


def _class_words(element: HtmlElement) -> set[str]:
    return set(re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", (element.get("class") or "")[:300]).lower()))
