"""The authors that the page shows beside its headline, or marks in its text."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from dateline_pages.metadata.names import author_names
from dateline_pages.metadata.plain import element_line
from dateline_pages.metadata.surroundings import elements_after

__all__ = ["shown_authors"]

MAX_BYLINE_CHARS = 250
"""Longer texts are not bylines."""

CLASSES = frozenset(
    {
        "byline", "bylines", "author", "authors", "autor", "autoren", "autores", "autore", "auteur", "auteurs",
        "writer", "writers", "by", "journalist", "reporter", "contributor", "contributors", "byl", "bylinename",
        "authorname", "dtauthor",
    }
)  # fmt: skip
"""Words of class names that mark a byline."""

OTHER_CLASSES = frozenset(
    {
        "comment", "comments", "bio", "biography", "avatar", "image", "img", "photo", "picture", "share", "social",
        "follow", "date", "time", "timestamp", "job", "role", "twitter", "email", "related", "teaser", "card",
        "newsletter", "recommended", "caption", "credit", "copyright", "more",
    }
)  # fmt: skip
"""Words of class names that mark something else of the author, or the author of something else."""

BY = re.compile(
    r"^(?:(?:story|words?|texte?|report(?:ed|ing)?|written|posted)\s+)?(?:by|von|par|por|door|av|af|di|da)(?::$|[:\s]\s*(?=[^\W\d_]))|"
    r"^(?:author|autore?|autorin|auteur|автор|作者|记者|記者|责编|編集)\s*[:：]",
    re.IGNORECASE,
)
"""The beginning of a visible byline."""

PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|autori|profiles?|people|person|staff|team|contributors?|by|journalists?|"
    r"reporters?|columnists?|redaktion|users?|writers?|bio|korrespondenten|meet-the-team|firmas?)/"
)
"""The path of an author's own page."""

MICRODATA = (
    "//*[@itemprop='author' or @itemprop='creator' or @rel='author' or contains(@class,'p-author') or "
    "@property='author' or @property='schema:author'][not(self::link or self::meta)]"
)
EDITORS = re.compile(r"[（(]\s*(?:责任?编辑?|責任編輯|作者|记者|文)\s*[:：]\s*([^（()）]{2,60})[）)]")


def shown_authors(tree: HtmlElement, heading: HtmlElement | None, site_names: list[str]) -> list[str]:
    """Return the people whom the page shows as authors, empty if there are none.

    Authors marked by microdata, microformats or `rel=author` come before those of a byline beside the headline.
    """
    for source in (_beside(heading, marked_only=True), _marked(tree), _beside(heading, marked_only=False)):
        for texts in source:
            if people := author_names(texts, site_names, declared=False).people:
                return people
    return _editors(tree)


def _marked(tree: HtmlElement) -> Iterator[list[str]]:
    """Yield the names of the first marked author together with those of its neighbours."""
    found = tree.xpath(MICRODATA)
    if not isinstance(found, list):
        return
    elements = [each for each in found[:30] if _speaks_of_article(each)]
    for first in elements[:3]:
        parent = first.getparent()
        group = [each for each in elements if each is first or each.getparent() is parent]
        yield [text for each in group for text in _names_in(each)]


def _beside(heading: HtmlElement | None, *, marked_only: bool) -> Iterator[list[str]]:
    if heading is None:
        return
    for element in elements_after(heading):
        words = set(re.split(r"[^a-z]+", _class_words(element)))
        if words & CLASSES and not words & OTHER_CLASSES:
            yield list(_names_in(element))
        elif not marked_only:
            if element.tag == "a" and PROFILE.search(element.get("href") or ""):
                yield [element_line(element, MAX_BYLINE_CHARS)]
            elif BY.match((element.text or "").strip()):
                text = element_line(element, MAX_BYLINE_CHARS)
                if len(text) <= MAX_BYLINE_CHARS and len(text.split()) > 2:
                    yield [BY.sub("", text)]
                elif (parent := element.getparent()) is not None:
                    text = element_line(parent, MAX_BYLINE_CHARS)
                    if len(text) <= MAX_BYLINE_CHARS and BY.match(text):
                        yield [BY.sub("", text)]


def _names_in(element: HtmlElement) -> Iterator[str]:
    """Yield the names of a marked element: those of its links to authors' pages, or its text."""
    names = [each for each in element.iter("a", "span", "div", "meta") if each.get("itemprop") == "name"]
    links = [each for each in element.iter("a") if PROFILE.search(each.get("href") or "")]
    for each in names or links or [element]:
        text = (each.get("content") or "") if each.tag == "meta" else element_line(each, MAX_BYLINE_CHARS)
        if len(text) <= MAX_BYLINE_CHARS:
            yield BY.sub("", text)


def _class_words(element: HtmlElement) -> str:
    name = f"{element.get('class') or ''} {element.get('data-testid') or ''} {element.get('rel') or ''}"[:300]
    return re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()


def _speaks_of_article(element: HtmlElement) -> bool:
    for each in (element, *element.iterancestors()):
        words = set(re.split(r"[^a-z]+", _class_words(each)))
        if each.tag in ("figure", "aside", "footer", "nav") or words & {
            "comment",
            "comments",
            "related",
            "caption",
            "credit",
        }:
            return False
    return True


def _editors(tree: HtmlElement) -> list[str]:
    """Return the people of a Chinese note at the end of the text."""
    body = tree.find(".//body")
    tail = "" if body is None else "".join(body.itertext("p", "div", "span"))[-20_000:]
    found = EDITORS.findall(tail)
    return author_names(found).people if found else []
