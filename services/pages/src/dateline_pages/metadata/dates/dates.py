"""When the article was published and last changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import htmldate
from lxml.html import HtmlElement

from dateline_pages.metadata.dates.moments import Moment, moment_in_address, stated_moment
from dateline_pages.metadata.dates.shown_dates import shown_moment
from dateline_pages.metadata.markup.head import HeadValues
from dateline_pages.metadata.markup.linked_article import LinkedArticle
from dateline_pages.metadata.plain import element_line

__all__ = ["ArticleDates", "article_dates"]

PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "http://ogp.me/ns/article#published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "citation_publication_date", "citation_online_date", "citation_date", "publish-date",
    "publish_date", "publishdate", "published", "published_at", "published_time", "published_date", "published-date",
    "pubdate", "pub_date", "og:pubdate", "bt:pubdate", "publication_date", "publicationdate", "publication-date",
    "publishtime", "ptime", "rbpubdate", "originalpublicationdate", "article_date_original", "article.published",
    "article:post_time", "live_published_time", "shareaholic:article_published_time", "dc.date.published",
    "dc.date.created", "dcterms.created", "dc.created", "datecreated", "og:article:published", "article:published",
    "article:publication_date", "sailthru.publish_date", "weibo:article:create_at",
)  # fmt: skip
"""Names of `meta` elements with the time of publication, best first."""

UNCERTAIN = (
    "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "date", "displaydate", "timestamp", "created",
    "createdate", "creation_date", "creationdate", "article:created_time", "og:date", "dc.issued", "article_date",
)  # fmt: skip
"""Names with the time of publication on some sites, and that of the last change on others."""

MODIFIED = (
    "article:modified_time", "og:updated_time", "og:modified_time", "og:article:modified_time", "datemodified",
    "http://ogp.me/ns/article#modified_time", "dcterms.modified", "dc.date.modified", "dc.modified", "last-modified",
    "lastmodified", "lastmod", "modified", "updated", "updated_time", "modificationdate", "revision_date",
    "article.updated", "last_updated_date", "moddate", "article:updated_time",
)  # fmt: skip
"""Names of `meta` elements with the time of the last change."""

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Earlier dates are not those of web pages."""

LEAD = timedelta(days=1)
"""A date may lie this far in the future: the clocks and zones of sites differ."""

OTHER_DAY = timedelta(days=1, hours=12)
"""Two times that lie further apart are on different days in all zones."""

MICRODATA = (
    "//*[@itemprop='datePublished' or @property='datePublished' or @property='schema:datePublished' or @pubdate or "
    "contains(@class,'dt-published') or (self::time and contains(@class,'published')) or (self::abbr and "
    "contains(@class,'published'))][not(self::meta)]"
)
IN_TITLE = re.compile(r"[|–—·-]\s*(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})\s*$")
"""The day at the end of a page's title."""

MONTH_FIRST_LANGUAGES = re.compile(r"en(?:$|[-_](?:us|ph))", re.IGNORECASE)
DAY_FIRST_HOST = re.compile(r"^https?://[^/]*\.(?:uk|au|nz|ie|za|in|sg|my|ng|ke|gh|tz|pk|bd|lk|na|eu|de|fr)(?:[/:]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDates:
    """When an article was published and changed, as far as its page says so."""

    published: Moment | None = None
    updated: Moment | None = None


def article_dates(
    tree: HtmlElement,
    head: HeadValues,
    linked: LinkedArticle,
    heading: HtmlElement | None,
    address: str | None,
    now: datetime,
) -> ArticleDates:
    """Return the times of an article.

    The first publication counts. Of what the page declares, the earlier day is taken if JSON-LD and `meta`
    disagree, and the day in the page's address if that is earlier still: sites that set the date again at each change
    do not change the address. What the page shows beside its headline counts only if it declares nothing.

    Args:
        tree: the page.
        head: what its head states.
        linked: what its JSON-LD states.
        heading: the heading of the article.
        address: the address of the page, or the one that it gives as its own.
        now: the present time; later dates are not believed.
    """
    month_first = _is_month_first(head, linked, address)

    def plausible(moment: Moment | None) -> Moment | None:
        return moment if moment is not None and OLDEST <= moment.when <= now + LEAD else None

    def stated(texts: list[str]) -> Moment | None:
        found = (plausible(stated_moment(text, month_first=month_first)) for text in texts if text)
        return next((each for each in found if each), None)

    published = _first_day([stated([linked.published]), stated(head.all(PUBLISHED))])
    in_address = plausible(moment_in_address(address)) if address else None
    published = published or stated(list(_marked(tree))) or stated(head.all(UNCERTAIN)) or stated([linked.created])
    in_folders = plausible(moment_in_address(address, only_folders=True)) if address else None
    if published and in_folders and published.when - in_folders.when > OTHER_DAY:
        published = in_folders
    modified = stated([linked.modified]) or stated(head.all(MODIFIED))
    in_title = [match[1] for text in (*head.all(["og:title"]), head.title) if (match := IN_TITLE.search(text))]
    shown = shown_moment(heading, month_first=month_first) if heading is not None and not published else None
    published = published or stated(in_title) or plausible(shown) or in_address
    published = published or plausible(_guessed(tree, address, now)) or modified
    is_change = published and modified and modified.when > published.when and modified != published
    return ArticleDates(published=published, updated=modified if is_change else None)


def _first_day(moments: list[Moment | None]) -> Moment | None:
    """Return the first moment, or the earliest if they are of different days; of one day the more precise."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        return None
    earliest = min(known, key=lambda each: each.when)
    first = known[0] if known[0].when - earliest.when <= OTHER_DAY else earliest
    if first.precision == "day":
        same = [each for each in known if each.precision != "day" and each.day == first.day]
        return same[0] if same else first
    return first


def _marked(tree: HtmlElement) -> Iterator[str]:
    found = tree.xpath(MICRODATA)
    for element in found[:5] if isinstance(found, list) else ():
        yield element.get("content") or element.get("datetime") or element.get("title") or element_line(element, 200)


def _guessed(tree: HtmlElement, address: str | None, now: datetime) -> Moment | None:
    """Return what `htmldate` finds, which searches the whole page and costs as much as all the rest."""
    try:
        day = htmldate.find_date(tree, url=address, original_date=True, extensive_search=True, max_date=now + LEAD)
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        return None
    return stated_moment(day) if day else None


def _is_month_first(head: HeadValues, linked: LinkedArticle, address: str | None) -> bool:
    stated = [head.first(["og:locale"]) or "", head.language or "", linked.language]
    language = next((each for each in stated if each), "")
    return bool(MONTH_FIRST_LANGUAGES.match(language)) and not (address and DAY_FIRST_HOST.match(address))
