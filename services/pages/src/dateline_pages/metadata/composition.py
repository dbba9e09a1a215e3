"""Reads what a page says about its article from all sources together."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dateline_schemas import site_key
from lxml.html import HtmlElement

from dateline_pages.metadata.addresses import own_address, picture_address
from dateline_pages.metadata.authors.bylines import shown_authors, shown_organizations
from dateline_pages.metadata.authors.names import author_names
from dateline_pages.metadata.dates.dates import article_dates
from dateline_pages.metadata.labels import article_language, article_section, article_tags
from dateline_pages.metadata.markup.head import HeadValues, head_values
from dateline_pages.metadata.markup.json_ld import Node, linked_nodes
from dateline_pages.metadata.markup.linked_article import LinkedArticle, linked_article
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.metadata.plain import element_line
from dateline_pages.metadata.titles import article_title, main_heading, title_key

__all__ = ["page_metadata"]

AUTHORS = (
    "article:author", "author", "authors", "parsely-author", "sailthru.author", "byl", "byline", "cxenseparse:author",
    "og:article:author", "og:author", "dc.creator", "dcterms.creator", "citation_author", "creator", "article.author",
    "dc.creator.aut", "rbauthors", "shareaholic:article_author_name", "article:author_name", "author_name",
)  # fmt: skip
"""Names of `meta` elements with the authors, best first."""

TITLES = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "headline",
    "dc.title",
    "citation_title",
    "title",
)
"""Names of `meta` elements with the title, best first."""

SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher", "copyright")
"""Names of `meta` elements with the name of the site."""

MAX_NAMES_OF_META = 2
"""With as many names in `meta` elements the page is not searched for more."""

AUTHOR_LABEL = re.compile(
    r"(written )?by|author|(geschrieben|verfasst) von|écrit par|escrito por|scritto da|geschreven door|skriven av|"
    r"skrevet av|auteur|autor|autore|napisane przez|написано автором|作者",
    re.IGNORECASE,
)
"""Labels of the author in `twitter:label1` and the like."""

MAX_DESCRIPTION_CHARS = 5_000
"""Longer descriptions are cut."""


def page_metadata(
    tree: HtmlElement,
    url: str | None = None,
    *,
    now: datetime | None = None,
    nodes: Sequence[Node] | None = None,
) -> PageMetadata:
    """Return what a page says about its article.

    Declarations for programs come first: JSON-LD, then OpenGraph and other `meta` elements, then microdata. What the
    page shows beside its headline comes last, and a search of the whole page for a date after that.

    Args:
        tree: the page; it is not changed.
        url: the address that answered, None if it is not known.
        now: the present time; dates after it are not believed.
        nodes: the page's JSON-LD if it has been read already.
    """
    head = head_values(tree)
    linked = linked_article(linked_nodes(tree) if nodes is None else nodes, [*head.all(TITLES), head.title])
    address = own_address(head, linked, url)
    site_names = _site_names(head, linked, address or url)
    sites = {title_key(name) for name in site_names}
    stated = [linked.headline, *head.all(TITLES), head.title]
    heading = main_heading(tree, [each for each in stated if each], sites)
    dates = article_dates(tree, head, linked, heading, url or address, now or datetime.now(UTC))
    paywalled = None if linked.is_free is None else not linked.is_free
    tier = (head.first(("article:content_tier", "og:article:content_tier")) or "").casefold()
    return PageMetadata(
        title=article_title(_titles(head, linked, heading), sites),
        authors=tuple(_authors(tree, head, linked, heading, site_names)),
        published=dates.published.when if dates.published else None,
        published_precision=dates.published.precision if dates.published else None,
        updated=dates.updated.when if dates.updated else None,
        updated_precision=dates.updated.precision if dates.updated else None,
        language=article_language(head, linked),
        canonical_url=address,
        image=picture_address(head, linked, url),
        section=article_section(head, linked),
        tags=article_tags(head, linked),
        site_name=head.first(SITES[:1]) or next(iter(linked.publishers), None),
        description=(head.first(("og:description", "description")) or linked.description)[:MAX_DESCRIPTION_CHARS]
        or None,
        paywalled=paywalled if paywalled is not None or not tier else {"free": False, "locked": True}.get(tier),
    )


def _titles(head: HeadValues, linked: LinkedArticle, heading: HtmlElement | None) -> list[tuple[str, float]]:
    shown = "" if heading is None else element_line(heading)
    stated = [(shown, 1.1), (linked.headline, 1.0), *((each, 0.9) for each in head.all(TITLES[:1])[:1])]
    stated += [(each, 0.4) for name in TITLES[1:] for each in head.all([name])[:1]]
    return [(text, weight) for text, weight in [*stated, (head.title, 0.5), (linked.name, 0.3)] if text]


def _authors(
    tree: HtmlElement, head: HeadValues, linked: LinkedArticle, heading: HtmlElement | None, site_names: list[str]
) -> list[str]:
    """Return the people whom the best source names; an organisation that signs only if no people are named."""
    stated = author_names(linked.authors, site_names, organizations=linked.organizations)
    if stated.people:
        return stated.people
    sources = [*(head.all([name]) for name in AUTHORS), _labelled(head)]
    meta = [author_names(each, site_names, declared=False) for each in sources if each]
    named = next((each.people for each in meta if each.people), [])
    shown = shown_authors(tree, heading, site_names) if len(named) < MAX_NAMES_OF_META else []
    # Many systems write only the first author into their meta elements.
    if shown and set(named) <= set(shown):
        return shown
    if named:
        return named
    declared = next((each.organizations for each in (stated, *meta) if each.organizations), [])
    return declared or shown_organizations(heading, site_names)


def _labelled(head: HeadValues) -> list[str]:
    """Return the author whom the labels for shared links name, as the plugins of many systems write them."""
    pairs = ((head.first([f"twitter:label{number}"]), head.first([f"twitter:data{number}"])) for number in (1, 2, 3))
    return [data for label, data in pairs if label and data and AUTHOR_LABEL.fullmatch(label)]


def _site_names(head: HeadValues, linked: LinkedArticle, address: str | None) -> list[str]:
    names = [*head.all(SITES), *linked.publishers, *(each.lstrip("@") for each in head.all(["twitter:site"]))]
    if address:
        host = urlsplit(address).hostname or ""
        site = site_key(address) or host
        names += [host, site, site.partition(".")[0], host.removeprefix("www.")]
    return [name for name in names if name and "://" not in name]
