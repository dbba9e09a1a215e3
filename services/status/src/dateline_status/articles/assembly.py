"""Assembles a journey from an article's records, dead letters and groups."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from dateline.kafka.records import Record
from dateline_schemas import Article, Contract, ContractError, DeadLetter, EnrichedArticle
from dateline_schemas.headers import TRACEPARENT, header

from dateline_status.articles.journey import ArticleReading, AwaitedPage, Journey, JourneyState, Sighting
from dateline_status.articles.page_search import PageTraces
from dateline_status.formatting import behind
from dateline_status.report import GroupReport

__all__ = ["assemble", "may_wait_for_page"]

TRACEPARENT_PARTS = 4
"""Parts of the header: version, trace, span, flags."""

ModelT = TypeVar("ModelT", bound=Contract)


def assemble(
    key: str,
    parsed: Sequence[Record],
    enriched: Sequence[Record],
    letters: Sequence[DeadLetter],
    groups: Sequence[GroupReport],
    limit: int,
    pages: PageTraces,
) -> Journey:
    """Return the journey of an article.

    Args:
        key: id of the article.
        parsed: its records in `articles.parsed`, newest first.
        enriched: its records in `articles.enriched`, newest first.
        letters: its dead letters that have not been replayed, newest first.
        groups: the consumer groups as last seen.
        limit: number of offsets that were searched in each partition.
        pages: what was found of it in the queues for pages.
    """
    articles = _read(Article, parsed)
    results = _read(EnrichedArticle, enriched)
    newest = articles[0][1] if articles else results[0][1].article if results else None
    page = _awaited(pages)
    latest = [records[0] for records in (parsed, enriched) if records]
    readers = [reading for record in latest for reading in _readings(record, groups)]
    failures = [f"{letter.group}: {letter.error_type}: {letter.error_message}" for letter in letters]
    published = [each.article for _, each in results]
    state, reason = _state(newest, published, failures=failures, readers=readers, limit=limit)
    if page is not None:
        state, reason = _with_page(state, reason, page, is_published=newest is not None)
    if pages.request is not None:
        readers = [*_readings(pages.request, groups), *readers]
    source = newest or _waiting_article(pages)
    return Journey(
        id=key,
        state=state,
        reason=reason,
        url=source.url if source else None,
        # A retraction has no title.
        title=next(
            (
                each.title
                for each in [*(each for _, each in articles), *published, *([source] if source else [])]
                if each.title
            ),
            None,
        ),
        published=source.published if source else None,
        fetched=source.fetched if source else None,
        parsed=[_sighting(record, article, None) for record, article in articles],
        enriched=[_sighting(record, each.article, each.revision) for record, each in results],
        page=page,
        failures=failures,
        readers=readers,
        seconds=_seconds(articles, results),
    )


def may_wait_for_page(parsed: Sequence[Record], enriched: Sequence[Record]) -> bool:
    """Return whether an article may wait for its page: it was not published yet, or with the text of its feed."""
    articles, results = _read(Article, parsed[:1]), _read(EnrichedArticle, enriched[:1])
    newest = articles[0][1] if articles else results[0][1].article if results else None
    return newest is None or newest.text_from == "feed"


def _awaited(pages: PageTraces) -> AwaitedPage | None:
    waiting, requested = pages.waiting, pages.requested
    if waiting is not None:
        return AwaitedPage(
            site=pages.site,
            url=waiting.url or waiting.request.url,
            since=waiting.received,
            deadline=waiting.deadline,
            published=waiting.published,
            due=waiting.due,
            attempts=waiting.attempts,
            reason=waiting.reason,
        )
    if requested is not None and requested.article is not None:
        # The address of the request may hold credentials, which the task removes.
        url = requested.article.url or ""
        return AwaitedPage(site=None, url=url, since=requested.asked, published=requested.published)
    return None


def _waiting_article(pages: PageTraces) -> Article | None:
    request = pages.requested if pages.waiting is None else pages.waiting.request
    return None if request is None else request.article


def _with_page(state: JourneyState, reason: str, page: AwaitedPage, *, is_published: bool) -> tuple[JourneyState, str]:
    if page.site is None:
        what = "waits in page-requests until a process that reads pages takes it"
    else:
        what = f"waits for its page at {page.site}"
    what += f", since {page.since:%Y-%m-%d %H:%M:%S}"
    if page.reason is not None:
        what += f"; the last request gave nothing: {page.reason}"
    if state == "failed":
        return state, f"{reason}; {what}"
    if is_published:
        return state, f"{reason}, with the text of its feed; {what}"
    return "waiting", what


def _enriched(newest: Article) -> str:
    if newest.retracted is not None:
        return "retracted"
    text = f", with the text of its feed: {newest.text_reason}" if newest.text_reason else ""
    return f"enriched with its newest content{text}"


def _state(
    newest: Article | None,
    published: Sequence[Article],
    *,
    failures: Sequence[str],
    readers: Sequence[ArticleReading],
    limit: int,
) -> tuple[JourneyState, str]:
    if newest is not None and any(_has_content_of(newest, each) for each in published):
        return "enriched", _enriched(newest)
    if failures:
        return "failed", f"a dead letter: {failures[0]}"
    if newest is None:
        return "unknown", f"no record of it among the last {limit:,} offsets of its partition in each topic"
    waiting = [each for each in readers if not each.passed]
    if waiting:
        before = ", ".join(f"{each.group} has {behind(each.behind)}" for each in waiting)
        return "waiting", f"in {waiting[0].topic}: {before}"
    if readers and published:
        return "enriched", "enriched; its newest record is older than that content, or only has the text of a feed"
    if readers and newest.retracted is not None:
        return "unknown", "every group has read it: the retraction of an article that was not known"
    if readers:
        return (
            "unknown",
            "every group has read it, and its enriched record is older than the records that were searched",
        )
    return "waiting", "parsed, and no group reads it"


def _has_content_of(article: Article, other: Article) -> bool:
    return (article.content_hash, article.retracted is None) == (other.content_hash, other.retracted is None)


def _read(model: type[ModelT], records: Sequence[Record]) -> list[tuple[Record, ModelT]]:
    found = []
    for record in records:
        try:
            if record.value is not None:
                found.append((record, model.from_bytes(record.value)))
        except ContractError:
            continue
    return found


def _sighting(record: Record, article: Article, revision: int | None) -> Sighting:
    trace = (header(record.headers, TRACEPARENT) or "").split("-")
    return Sighting(
        position=record.position,
        at=_written(record),
        content_hash=article.content_hash,
        revision=revision,
        trace_id=trace[1] if len(trace) == TRACEPARENT_PARTS else None,
    )


def _written(record: Record) -> datetime:
    return datetime.fromtimestamp(max(0, record.timestamp) / 1000, UTC)


def _readings(record: Record, groups: Sequence[GroupReport]) -> list[ArticleReading]:
    found = []
    for group in groups:
        for each in group.partitions:
            if (each.topic, each.partition) == (record.topic, record.partition) and each.offset is not None:
                behind = max(0, record.offset + 1 - each.offset)
                found.append(ArticleReading(group=group.group, topic=each.topic, passed=behind == 0, behind=behind))
    return found


def _seconds(
    articles: Sequence[tuple[Record, Article]], results: Sequence[tuple[Record, EnrichedArticle]]
) -> dict[str, float]:
    if not articles:
        return {}
    record, article = articles[0]
    spent = {"parse": (_written(record) - article.fetched).total_seconds()}
    if article.published is not None and article.published_precision == "second":
        spent = {"publish": (article.fetched - article.published).total_seconds()} | spent
    for result, enriched in results:
        if enriched.article.content_hash == article.content_hash:
            # The enriched article was made from the oldest record with this content.
            first = [each for each, other in articles if other.content_hash == article.content_hash][-1]
            spent["enrich"] = (_written(result) - _written(first)).total_seconds()
            break
    return {stage: round(seconds, 3) for stage, seconds in spent.items()}
