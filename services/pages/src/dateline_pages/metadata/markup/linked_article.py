"""The article of a page's JSON-LD."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dateline_pages.metadata.markup.json_ld import Node, node_types
from dateline_pages.metadata.plain import one_line

__all__ = ["LinkedArticle", "linked_article"]

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle",
        "BackgroundNewsArticle", "AskPublicNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "BlogPosting",
        "AdvertiserContentArticle", "SatiricalArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "TechArticle",
        "APIReference", "Report", "SocialMediaPosting", "DiscussionForumPosting", "Blog",
    }
)  # fmt: skip
"""Types of schema.org whose objects are articles."""

OTHER_TYPES = (
    "WebPage",
    "ItemPage",
    "Review",
    "ClaimReview",
    "Recipe",
    "HowTo",
    "CreativeWork",
    "VideoObject",
    "Product",
)
"""Types that describe the page where no article is described, best first."""

MAX_PEOPLE = 50
"""Further authors are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedArticle:
    """What the page's JSON-LD states about its article, in plain text."""

    headline: str = ""
    name: str = ""
    authors: tuple[str, ...] = ()
    organizations: frozenset[str] = frozenset()
    """Those of `authors` that are declared as organisations."""
    published: str = ""
    created: str = ""
    modified: str = ""
    language: str = ""
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    description: str = ""
    publishers: tuple[str, ...] = ()
    is_free: bool | None = None


def linked_article(nodes: Sequence[Node], titles: Iterable[str]) -> LinkedArticle:
    """Return what the objects of a page state about its article.

    The page's own article is the object with an article's type whose headline is one of `titles`, else the first.

    Args:
        nodes: the objects of the page.
        titles: the titles that the page has elsewhere.
    """
    index = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    own = _own(nodes, {_key(title) for title in titles if title})
    site = [
        one_line(node.get("name")) for node in nodes if {"WebSite", "NewsMediaOrganization"} & set(node_types(node))
    ]
    if own is None:
        return LinkedArticle(publishers=tuple(filter(None, site)))
    # An author of a page or a video that merely shows the article is not an author of the article.
    authors = [*_resolved(own.get("author"), index), *_resolved(own.get("creator"), index)]
    names = [name for each in authors for name in _names(each)]
    organizations = [name for each in authors if _is_organization(each) for name in _names(each)]
    publishers = [name for each in _resolved(own.get("publisher"), index) for name in _names(each)]
    return LinkedArticle(
        headline=one_line(_text(own.get("headline"))),
        name=one_line(_text(own.get("name"))),
        authors=tuple(dict.fromkeys(names)),
        organizations=frozenset(organizations),
        published=one_line(_text(own.get("datePublished")) or _text(own.get("uploadDate"))),
        created=one_line(_text(own.get("dateCreated"))),
        modified=one_line(_text(own.get("dateModified"))),
        language=one_line(_text(own.get("inLanguage"), "alternateName", "name")),
        sections=tuple(_texts(own.get("articleSection"))),
        keywords=tuple(_texts(own.get("keywords"))),
        images=tuple(_addresses(own.get("image"), index)) or tuple(_addresses(own.get("thumbnailUrl"), index)),
        urls=(*_addresses(own.get("url"), index), *_addresses(own.get("mainEntityOfPage"), index)),
        description=one_line(_text(own.get("description"))),
        publishers=tuple(filter(None, [*publishers, *site])),
        is_free=_is_free(own),
    )


def _own(nodes: Sequence[Node], titles: set[str]) -> Node | None:
    articles = [node for node in nodes if ARTICLE_TYPES & set(node_types(node))]
    dated = [node for node in articles if node.get("datePublished")]
    same = [node for node in dated or articles if _key(one_line(_text(node.get("headline")))) in titles]
    rich = [node for node in same if node.get("author")]
    if found := rich or same or dated or articles:
        return found[0]
    for kind in OTHER_TYPES:
        for node in nodes:
            if kind in node_types(node) and node.get("datePublished", node.get("uploadDate")):
                return node
    return None


def _key(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _text(value: object, *names: str) -> str:
    """Return a text that is given as such, as `@value`, or as the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", *names) if name in value), "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if text := one_line(_text(each, "name", "termCode")):
            yield text


def _resolved(value: object, index: dict[str, Node]) -> Iterator[object]:
    for each in value[:MAX_PEOPLE] if isinstance(value, list) else [value]:
        if isinstance(each, list):
            yield from (inner for inner in each[:MAX_PEOPLE] if isinstance(inner, str | dict))
        elif isinstance(each, dict) and isinstance(reference := each.get("@id"), str) and not each.get("name"):
            yield index.get(reference, each)
        elif each:
            yield each


def _names(author: object) -> Iterator[str]:
    if isinstance(author, dict):
        name = author.get("name") or " ".join(
            part for part in (_text(author.get("givenName")), _text(author.get("familyName"))) if part
        )
        for each in name if isinstance(name, list) else [name]:
            if text := one_line(_text(each, "name")):
                yield text
    elif text := one_line(author):
        yield text


def _is_organization(author: object) -> bool:
    return isinstance(author, dict) and any(
        kind.endswith(("Organization", "WebSite", "Corporation", "Brand")) for kind in node_types(author)
    )


def _addresses(value: object, index: dict[str, Node]) -> Iterator[str]:
    for each in value[:MAX_PEOPLE] if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            node = index.get(str(each.get("@id")), each)
            each = node.get("url") or node.get("contentUrl") or each.get("@id")
            each = each[0] if isinstance(each, list) and each else each
        if text := one_line(each):
            yield text


def _is_free(node: Node) -> bool | None:
    """Return whether the text is free to read; a part that is not free, such as the text behind a wall, decides."""
    parts = node.get("hasPart")
    stated = [node, *(parts if isinstance(parts, list) else [parts])]
    values = [
        _boolean(each.get("isAccessibleForFree", each.get("isAccesibleForFree")))
        for each in stated
        if isinstance(each, dict)
    ]
    if values[0] is True:
        return True
    return False if False in values else values[0]


def _boolean(value: object) -> bool | None:
    text = str(value).strip().rsplit("/", 1)[-1].casefold()
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text)
