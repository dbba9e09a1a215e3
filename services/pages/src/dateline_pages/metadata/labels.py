"""The language, the section and the tags of an article."""

import re
from collections.abc import Iterable

from dateline_pages.metadata.markup.head import HeadValues
from dateline_pages.metadata.markup.linked_article import LinkedArticle

__all__ = ["article_language", "article_section", "article_tags"]

MAX_TAGS = 50
"""Further tags are left out."""

MAX_LABEL_CHARS = 100
"""Longer labels are sentences."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
SECTIONS = ("article:section", "parsely-section", "cxenseparse:section", "section", "og:section", "og:article:section")
TAGS = (
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "keywords",
    "tags",
    "dc.subject",
)
"""Names of `meta` elements with tags; the first that states some is taken."""

NO_LABELS = frozenset({"null", "undefined", "none", "news", "uncategorized", "article", "articles", "home", "default"})
"""Words that say nothing about an article."""


def article_language(head: HeadValues, linked: LinkedArticle) -> str | None:
    """Return the language tag (BCP 47) of the page; None if it states none."""
    stated = [head.language, linked.language, *head.all(("og:locale", "content-language", "language", "dc.language"))]
    for each in stated:
        tag = (each or "").strip().replace("_", "-")
        if len(tag) <= 64 and LANGUAGE_TAG.fullmatch(tag):
            return tag
    return None


def article_section(head: HeadValues, linked: LinkedArticle) -> str | None:
    """Return the section of the site in which the article stands."""
    stated = [*head.all(SECTIONS), *linked.sections]
    return next((each for each in stated if len(each) <= MAX_LABEL_CHARS and "://" not in each), None)


def article_tags(head: HeadValues, linked: LinkedArticle) -> tuple[str, ...]:
    """Return the tags of the article without repetitions."""
    for stated in (head.all(TAGS[:2]), list(linked.keywords), *(head.all([name]) for name in TAGS[2:])):
        if tags := _labels(stated):
            return tags
    return ()


def _labels(stated: Iterable[str]) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for text in stated:
        for part in re.split(r"[,;|]" if re.search("[,;|]", text) else r"\n", text):
            label = part.strip(" \"'#[]")
            if label and len(label) <= MAX_LABEL_CHARS and label.casefold() not in NO_LABELS and "://" not in label:
                labels.setdefault(label.casefold(), label)
    return tuple(labels.values())[:MAX_TAGS]
