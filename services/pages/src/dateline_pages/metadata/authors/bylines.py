"""The authors that the page shows beside its headline, or marks in its text."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from dateline_pages.metadata.authors.names import author_names
from dateline_pages.metadata.authors.vocabulary import ORGANIZATION
from dateline_pages.metadata.plain import element_line
from dateline_pages.metadata.surroundings import elements_after

__all__ = ["shown_authors", "shown_organizations"]

MAX_ORGANIZATION_WORDS = 5
"""A longer text is not the name of an agency."""

MAX_BYLINE_CHARS = 250
"""Longer texts are not bylines."""

MAX_BYLINE_PARTS = 50
"""An element with more children is not a byline."""

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

OTHER_TEXTS = frozenset({"comment", "comments", "related", "caption", "credit"})
"""Words of class names of what is not the article itself."""

MAX_MARKED = 20
"""Further elements that are marked as authors are ignored."""

BY = re.compile(
    r"^(?:(?:story|words?|texte?|report(?:ed|ing)?|written|posted|submitted|published|added|contributed|created|uploaded)"
    r"\s+)?(?:by|von|par|por|door|av|af|di|da)(?::$|[:\s]\s*(?=[^\W\d_]))|"
    r"^(?:author|autore?|autorin|auteur|автор|作者|记者|記者|责编|編集)\s*[:：]",
    re.IGNORECASE,
)
"""The beginning of a visible byline."""

SIGNED = re.compile(
    r"[^\W\d_][\w.'’-]+( [^\W\d_][\w.'’-]*){1,3}, "
    r"(?i:(\w+ ){0,3}(staff|senior|contributing|special|associate|political|news) "
    r"(writer|reporter|correspondent|editor))$"
)
"""A name and the role of a writer."""

PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|autori|profiles?|people|person|staff|team|contributors?|by|journalists?|"
    r"reporters?|columnists?|redaktion|users?|writers?|bio|korrespondenten|meet-the-team|firmas?)/"
)
"""The path of an author's own page."""

MICRODATA = (
    "//*[@itemprop='author' or @itemprop='creator' or @rel='author' or contains(@class,'p-author') or "
    "@property='author' or @property='schema:author' or (contains(@class,'vcard') and "
    "contains(concat(' ',@class,' '),' author '))][not(self::link or self::meta)]"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
EDITORS = re.compile(r"[（(]\s*(?:责任?编辑?|責任編輯|作者|记者|文)\s*[:：]\s*([^（()）]{2,60})[）)]")


def shown_authors(tree: HtmlElement, heading: HtmlElement | None, site_names: list[str]) -> list[str]:
    """Return the people whom the page shows as authors, empty if there are none.

    Authors marked by microdata, microformats or `rel=author` come before those of a byline beside the headline.
    """
    for source in (_marked_beside(heading), _marked(tree), _unmarked_beside(heading)):
        for texts in source:
            if people := author_names(texts, site_names, declared=False).people:
                return people
    return _editors(tree, heading)


def shown_organizations(heading: HtmlElement | None, site_names: list[str]) -> list[str]:
    """Return the organisations, such as an agency, that sign in a marked byline beside the headline."""
    for texts in _marked_beside(heading):
        signing = author_names(texts, site_names, declared=False).organizations
        known = [name for name in signing if ORGANIZATION.search(name) and len(name.split()) <= MAX_ORGANIZATION_WORDS]
        if known:
            return known
    return []


def _marked(tree: HtmlElement) -> Iterator[list[str]]:
    found = tree.xpath(MICRODATA)
    if isinstance(found, list):
        yield from _groups([each for each in found[:MAX_MARKED] if _speaks_of_article(each)])


def _marked_beside(heading: HtmlElement | None) -> Iterator[list[str]]:
    if heading is None:
        return
    yield from _groups([each for each in elements_after(heading) if _is_marked(each)][:MAX_MARKED])


def _is_marked(element: HtmlElement) -> bool:
    words = set(re.split(r"[^a-z]+", _class_words(element)))
    return bool(words & CLASSES) and not words & OTHER_CLASSES


def _groups(marked: list[HtmlElement]) -> Iterator[list[str]]:
    """Yield the names of each marked element together with those of its neighbours: the same article's authors."""
    for number, first in enumerate(marked):
        near = list(first.iterancestors())[:2]
        group = [first, *(each for each in marked[number + 1 :] if near and _is_near(each, near))]
        yield list(dict.fromkeys(text for each in group for text in _names_in(each)))


def _is_near(element: HtmlElement, ancestors: list[HtmlElement]) -> bool:
    parent = element.getparent()
    grandparent = parent.getparent() if parent is not None else None
    return parent in ancestors or (grandparent in ancestors and grandparent is not None and grandparent.tag != "body")


def _unmarked_beside(heading: HtmlElement | None) -> Iterator[list[str]]:
    """Yield the names of links to authors' pages and of texts that begin with a word such as "By"."""
    for element in elements_after(heading) if heading is not None else ():
        if element.tag == "a" and PROFILE.search(element.get("href") or ""):
            yield [element_line(element, MAX_BYLINE_CHARS)]
        elif SIGNED.match(text := (element.text or "").strip()):
            yield [text]
        # The name may be in an element of its own behind the word.
        elif BY.match(f"{text} x"):
            for line in _byline_texts(element):
                if len(line) <= MAX_BYLINE_CHARS and len(line.split()) > 2 and BY.match(line):
                    yield [BY.sub("", line)]
                    break


def _byline_texts(element: HtmlElement) -> Iterator[str]:
    """Yield what may be a byline: the first line of an element, all of its text, that of the element around it."""
    first = next(element.iterchildren(), None)
    if first is not None and first.tag == "br":
        yield (element.text or "").strip()
    for each in (element, element.getparent()):
        if each is not None and len(each) <= MAX_BYLINE_PARTS:
            yield element_line(each, MAX_BYLINE_CHARS)


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
        if each.tag in ("figure", "aside", "nav") or words & OTHER_TEXTS:
            return False
        # Articles have footers too; that of the page speaks of its publisher.
        if each.tag == "footer" and next(each.iterancestors("article"), None) is None:
            return False
    return True


def _editors(tree: HtmlElement, heading: HtmlElement | None) -> list[str]:
    """Return the people of a Chinese note at the end of the text."""
    if heading is None or not CHINESE.search(element_line(heading)):
        return []
    body = tree.find(".//body")
    tail = "" if body is None else "".join(body.itertext("p", "div", "span"))[-20_000:]
    found = EDITORS.findall(tail)
    return author_names(found).people if found else []
