"""The article of a feed together with what its page says."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from dateline_schemas import Article, DatePrecision, Media, canonical_url, content_hash
from dateline_schemas.url import canonical_web_url

from dateline_pages.metadata.authors.names import author_names
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_pages.metadata.plain import one_line
from dateline_pages.metadata.titles import title_key, without_site

__all__ = ["ReadPage", "merged_article"]

MAX_TITLE_CHARS = 1_000
"""Longer titles of pages are cut."""

MAX_LABELS = 100
"""At most this many categories of feed and page are kept; the feed's come first."""

MAX_LABEL_CHARS = 200
"""Longer labels of pages are left out."""

MAX_AUTHORS = 50
"""At most this many authors of a page are kept."""

MAX_MEDIA = 50
"""A page's picture is left out if the article has this many files."""

MAX_ADDRESS_CHARS = 4_096
"""Longer addresses of pages are left out."""

MAX_SUMMARY_CHARS = 5_000
"""A longer text of a feed is not a teaser that could become the summary."""

POOR_SHARE = 0.8
"""A page's text is poorer if it is shorter than this share of the feed's, and lacks most of it."""

SAMPLED_WORDS = 8
"""Words in a row that have to be found again, to see whether a text contains another."""

PRECISIONS: tuple[DatePrecision, ...] = ("year", "month", "day", "minute", "second")
"""Precisions of times from the least to the most precise."""

CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")
"""The end of a title that was cut."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class ReadPage(Protocol):
    """What reading a page gave, as far as the article needs it."""

    @property
    def body(self) -> str:
        """The text of the article."""

    @property
    def metadata(self) -> PageMetadata:
        """What the page says about it."""


def merged_article(article: Article, reading: ReadPage, *, url: str, observed: datetime) -> Article:
    """Return the article of a feed with the text of its page, and with what else the page says.

    Identity, source and address stay the feed's. Where feed and page disagree:

    - The feed's title counts, unless it is empty, cut ("…"), in capitals alone, or has the site's name around it.
    - The earlier day of publication counts if the page states its time, and within one day the more precise time, then
      the earlier one.
    - The feed's authors count if people are among them, else the page's.
    - The page's language counts only if the feed states none.
    - Categories and pictures are the feed's, then those of the page that are new.
    - The feed's text becomes the summary if the feed has none.

    A page's text that is clearly poorer than the feed's is not taken: then the article keeps the feed's text, says why,
    and has everything else from the page.

    Args:
        article: the article as its feed states it.
        reading: what reading the page gave; its text must not be empty.
        url: the address that answered.
        observed: when the page was fetched.
    """
    page = reading.metadata
    body = _clean(reading.body)
    is_poor = _is_poorer(body, article.body)
    title = _title(article.title, page)
    text = article.body if is_poor else body
    published, precision = _published(article, page)
    updated, updated_precision = _updated(article, page, published)
    return article.model_copy(
        update={
            "title": title,
            "summary": _summary(article, page, text),
            "body": text,
            "authors": _authors(article, page),
            "categories": _categories(article, page),
            "media": _media(article, page),
            "published": published,
            "published_precision": precision,
            "updated": updated,
            "updated_precision": updated_precision,
            "language": article.language or _language(page.language),
            "fetched": observed.astimezone(UTC),
            "observed": observed.astimezone(UTC),
            "content_hash": content_hash(title, text),
            "text_from": "feed" if is_poor else "page",
            "text_reason": "the page has less of the text than the feed" if is_poor else None,
            "canonical_url": _canonical_url(article, page, url),
            "paywalled": page.paywalled,
        }
    )


def _clean(body: str) -> str:
    lines = (
        " ".join(line.split())
        for line in re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", body).split("\n")
    )
    return "\n".join(line for line in lines if line)


def _is_poorer(body: str, feed_body: str) -> bool:
    """Return whether a page's text is much shorter than the feed's and does not contain most of it."""
    words = feed_body.split()
    if len(body) >= POOR_SHARE * len(feed_body) or len(words) < SAMPLED_WORDS:
        return not body
    known = " ".join(body.split())
    samples = [" ".join(words[start : start + SAMPLED_WORDS]) for start in range(0, len(words), SAMPLED_WORDS)]
    return sum(sample in known for sample in samples) < len(samples) * POOR_SHARE


def _title(title: str, page: PageMetadata) -> str:
    shown = one_line(page.title or "")[:MAX_TITLE_CHARS].strip()
    if not shown:
        return title
    stripped = without_site(title, {title_key(page.site_name)} if page.site_name else set(), {title_key(shown)})
    is_cut = CUT.search(title) is not None and title_key(shown).startswith(title_key(CUT.sub("", title))[:40])
    is_shouted = title.isupper() and len(title.split()) > 1 and not shown.isupper()
    is_framed = stripped != title and title_key(stripped) == title_key(shown)
    return shown if not title.strip() or is_cut or is_shouted or is_framed else title


def _published(article: Article, page: PageMetadata) -> tuple[datetime | None, DatePrecision | None]:
    ours, theirs = article.published, page.published
    if theirs is None or page.published_precision is None or _in_utc(theirs) is None:
        return ours, article.published_precision
    if ours is None or article.published_precision is None:
        return _in_utc(theirs), page.published_precision
    # A day without a time has no zone: it is the day at the place of the page.
    is_same_day = abs(ours - theirs) < timedelta(days=1, hours=14)
    more = PRECISIONS.index(page.published_precision) - PRECISIONS.index(article.published_precision)
    if (is_same_day and more > 0) or (not is_same_day and theirs < ours and page.published_precision != "day"):
        return _in_utc(theirs), page.published_precision
    if is_same_day and not more and theirs < ours and page.published_precision != "day":
        return _in_utc(theirs), page.published_precision
    return ours, article.published_precision


def _updated(
    article: Article, page: PageMetadata, published: datetime | None
) -> tuple[datetime | None, DatePrecision | None]:
    """Return the later change of the two; one before the publication does not count."""
    known = [(article.updated, article.updated_precision), (page.updated, page.updated_precision)]
    changes = [(utc, precision) for when, precision in known if when is not None and (utc := _in_utc(when))]
    later = [(when, precision) for when, precision in changes if published is None or when >= published]
    return max(later, key=lambda change: change[0]) if later else (None, None)


def _in_utc(when: datetime) -> datetime | None:
    try:
        return when.astimezone(UTC)
    except OverflowError:
        return None


def _authors(article: Article, page: PageMetadata) -> list[str]:
    names = [one_line(name)[:MAX_LABEL_CHARS] for name in page.authors[:MAX_AUTHORS]]
    theirs = list(dict.fromkeys(name for name in names if name))
    if not theirs or author_names(article.authors, [article.source.name or ""]).people:
        return article.authors
    is_of_people = bool(author_names(theirs).people)
    return theirs if is_of_people or not article.authors else article.authors


def _categories(article: Article, page: PageMetadata) -> list[str]:
    labels = {label.casefold(): label for label in reversed(article.categories)}
    ordered = list(dict.fromkeys(labels[label.casefold()] for label in article.categories))
    for each in _lines([page.section or "", *page.tags]):
        if each.casefold() not in labels and len(ordered) < MAX_LABELS:
            labels[each.casefold()] = each
            ordered.append(each)
    return ordered


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts if 0 < len(line := one_line(text)) <= MAX_LABEL_CHARS]


def _media(article: Article, page: PageMetadata) -> list[Media]:
    known = {canonical_url(each.url) for each in article.media}
    if (
        page.image is None
        or not _is_address(page.image)
        or canonical_url(page.image) in known
        or len(known) >= MAX_MEDIA
    ):
        return article.media
    return [*article.media, Media(url=page.image, type="image")]


def _summary(article: Article, page: PageMetadata, text: str) -> str | None:
    if article.summary:
        return article.summary
    for each in (article.body, one_line(page.description)):
        if each.strip() and each != text and len(each) <= MAX_SUMMARY_CHARS:
            return each
    return None


def _canonical_url(article: Article, page: PageMetadata, url: str) -> str | None:
    """Return the address that the page gives; else the one to which the site redirected, if it did."""
    if page.canonical_url is not None and _is_address(page.canonical_url):
        return page.canonical_url
    is_redirected = article.url is not None and canonical_url(url) != canonical_url(article.url)
    return url if is_redirected and _is_address(url) else article.canonical_url


def _is_address(address: str) -> bool:
    return len(address) <= MAX_ADDRESS_CHARS and address.isprintable() and canonical_web_url(address) is not None


def _language(tag: str | None) -> str | None:
    return tag if tag is not None and len(tag) <= 64 and LANGUAGE_TAG.fullmatch(tag) else None
