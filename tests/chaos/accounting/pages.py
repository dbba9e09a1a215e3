"""The promises about articles whose pages are read: each request is published once, with the right text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chaos.accounting.observation import Expected, Observation
from chaos.accounting.violation import Violation
from chaos.broker.rawlog import LogRecord
from chaos.traffic.page_sites import PARAGRAPHS
from dateline_schemas import Article, PageRequest, WaitingPage

__all__ = [
    "SentArticle",
    "is_by_pages",
    "is_poison",
    "origin_of",
    "pages_are_published_once",
    "queues_are_empty",
    "sent_articles",
]

LATE = "the page was not read in time"
"""The reason of an article that comes out before its page was read: the page may follow."""

EXCUSES = (LATE, "the site is left alone")
"""Reasons that any article may have: its page stood behind others, or the weak site took it with it."""

REASONS = {
    "missing": "404",
    "wall": "consent",
    "private": r"robots\.txt forbids it",
    "failing": "",
}
"""Why articles have the text of their feed, by what the first part of their address says."""

REQUEST_KEY = re.compile(rb"(.+)/request/(.+)", re.S)
"""The key of an article that waits, in `page-state`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentArticle:
    """An article in `articles.parsed`, or one that was sent to the task of a site."""

    article: Article
    record: LogRecord
    request: PageRequest | None = None
    """The request, if it was sent to a site."""

    @property
    def trace(self) -> str:
        """The trace, which a request and its publication share."""
        return self.record.headers.get("traceparent", b"").decode().split("-")[1]


@dataclass(slots=True, kw_only=True)
class Story:
    """What happened to one article on its way through pages."""

    requests: list[SentArticle] = field(default_factory=list)
    """Requests as ingest wrote them, in order."""
    handed_over: list[SentArticle] = field(default_factory=list)
    published: list[SentArticle] = field(default_factory=list)


def sent_articles(seen: Observation, expected: Expected, topic: str) -> list[SentArticle]:
    """Return the articles of `articles.parsed` or `page-requests` in log order."""
    found = []
    for record in seen.records(topic):
        if is_poison(record, expected):
            continue
        if topic == "page-requests":
            request = PageRequest.from_bytes(record.value or b"")
            assert request.article is not None, "the workload asks for articles only"
            found.append(SentArticle(article=request.article, record=record, request=request))
        else:
            found.append(SentArticle(article=Article.from_bytes(record.value or b""), record=record))
    return found


def is_poison(record: LogRecord, expected: Expected) -> bool:
    """Return whether the workload wrote a record that cannot be read."""
    return (record.value or b"").decode(errors="replace") in expected.poisons


def is_by_pages(headers: Mapping[str, bytes]) -> bool:
    """Return whether the CloudEvents `source` of a record is the service that reads pages."""
    return headers.get("ce_source", b"").endswith(b"pages")


def origin_of(record: LogRecord) -> str:
    """Return where the text of a record in `articles.parsed` is from, if pages wrote it."""
    if not is_by_pages(record.headers):
        return "directly"
    is_page = Article.from_bytes(record.value or b"").text_from == "page"
    return "from pages" if is_page else "from feeds instead"


def pages_are_published_once(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """Each request leads to one article, or to the feed's text when the page was late and the page's after it.

    A request that a newer one replaced while it waited leads to none. The text is the page's where it can be read.
    """
    stories = _stories(seen, expected)
    replaced = _replaced(seen)
    for identity, story in stories.items():
        known = {request.trace for request in story.requests}
        for stranger in (each for each in story.published if each.trace not in known):
            yield _violation("unknown", stranger, f"pages published {identity} without a request")
        for place, request in enumerate(story.requests):
            published = [each for each in story.published if each.trace == request.trace]
            is_last = place == len(story.requests) - 1
            if not published and (is_last or not _may_be_replaced(story, place, replaced)):
                yield _violation("lost", request, f"{_name(request)} was requested and never published")
            yield from _twice(request, published)
            for each in published:
                yield from _wrong_text(expected, story, place, each)
        yield from _order(expected, story)


def queues_are_empty(seen: Observation, expected: Expected) -> Iterator[Violation]:
    """In the end, no article waits for its page."""
    for (topic, number), log in seen.logs.items():
        if topic != "page-state":
            continue
        table: dict[bytes, LogRecord] = {}
        for record in log.committed:
            if record.key is not None and REQUEST_KEY.fullmatch(record.key):
                table[record.key] = record
        for key, record in table.items():
            if record.value is not None:
                what = f"{key.decode()} still waits in page-state[{number}]"
                yield Violation(rule="queue", what=what, timestamp=record.timestamp)


def _stories(seen: Observation, expected: Expected) -> Mapping[str, Story]:
    stories: dict[str, Story] = defaultdict(Story)
    for each in sent_articles(seen, expected, "page-requests"):
        assert each.request is not None
        story = stories[each.article.id]
        (story.handed_over if each.request.hops else story.requests).append(each)
    for each in sent_articles(seen, expected, "articles.parsed"):
        if is_by_pages(each.record.headers):
            stories[each.article.id].published.append(each)
    return stories


def _replaced(seen: Observation) -> Mapping[str, list[tuple[str, int, str]]]:
    """Return by article what has waited: the site, the number of the first request in that place, the trace."""
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for record in seen.records("page-state"):
        match = REQUEST_KEY.fullmatch(record.key or b"")
        if match is not None and record.value is not None:
            page = WaitingPage.from_bytes(record.value)
            trace = (page.trace or "--").split("-")[1]
            found[match[2].decode()].append((match[1].decode(), page.number, trace))
    return found


def _may_be_replaced(story: Story, place: int, waited: Mapping[str, list[tuple[str, int, str]]]) -> bool:
    """Return whether a newer request took the place of this one while it waited, at its site or where it went."""
    request = story.requests[place]
    newer = {each.trace for each in story.requests[place + 1 :]}
    places = [request, *(each for each in story.handed_over if each.trace == request.trace)]
    for site, number, trace in waited.get(request.article.id, []):
        if trace in newer and any((each.record.key or b"").decode() == site for each in places):
            ours = max(each.record.offset for each in places if (each.record.key or b"").decode() == site)
            if number <= ours:
                return True
    # A newer request that did not wait itself.
    after = story.requests[place + 1]
    published = [each for each in story.published if each.trace == after.trace]
    is_wanted = after.request is None or after.request.needed
    return not is_wanted or any((each.article.text_reason or "").startswith(EXCUSES[1]) for each in published)


def _twice(request: SentArticle, published: Sequence[SentArticle]) -> Iterator[Violation]:
    """Find publications that are too many: only the page's text may follow the feed's, which then was late."""
    late = [each for each in published if (each.article.text_reason or "").startswith(LATE)]
    rest = [each for each in published if each not in late]
    if len(late) > 1 or len(rest) > 1 or (late and rest and published[0] is not late[0]):
        texts = [f"{each.article.text_from} ({each.article.text_reason})" for each in published]
        yield _violation("doubled", published[-1], f"{_name(request)} was published {len(published)} times: {texts}")
    elif late and rest and rest[0].article.text_from != "page":
        reason = rest[0].article.text_reason
        yield _violation("doubled", rest[0], f"{_name(request)} came out with the feed's text twice: {reason}")


def _wrong_text(expected: Expected, story: Story, place: int, found: SentArticle) -> Iterator[Violation]:
    request = story.requests[place]
    address, article, asked = request.article.url or "", found.article, request.request
    texts = expected.feeds.get(address, [])
    mode = address.split("/")[3] if address.count("/") > 3 else ""
    reason = article.text_reason or ""
    if article.text_from == "page":
        if mode in ("missing", "wall", "private"):
            yield _violation("text", found, f"{address} has no page, but its text is the page's")
        # The text was on the page when it was read, which was after the feed had the requested one.
        begin = max(0, len(texts) - len(story.requests) + place)
        if not any(_is_page_of(article.body, text) for text in texts[begin:]):
            yield _violation("text", found, f"{_name(request)} came out with {article.body[:80]!r}")
        return
    if article.body != request.article.body:
        yield _violation("text", found, f"{_name(request)} came out with {article.body[:80]!r}")
    if asked is not None and not asked.needed:
        return
    if not reason.startswith(EXCUSES) and (mode not in REASONS or re.search(REASONS[mode], reason) is None):
        yield _violation("text", found, f"{_name(request)} has the text of its feed: {reason!r}")


def _order(expected: Expected, story: Story) -> Iterator[Violation]:
    """Find texts of a page that are older than one that came out before."""
    position = 0
    for each in story.published:
        if each.article.text_from != "page":
            continue
        texts = expected.feeds.get(each.article.url or "", [])
        later = [n for n in range(position, len(texts)) if _is_page_of(each.article.body, texts[n])]
        if not later and any(_is_page_of(each.article.body, text) for text in texts):
            yield _violation("order", each, f"{_name(each)}: an older text of the page came out after a newer one")
        position = later[0] if later else position


def _is_page_of(body: str, text: str) -> bool:
    """Return whether `body` is the text of the page that goes with this text of the feed."""
    return body.count(text.partition(":")[0] + ", part ") == PARAGRAPHS


def _name(sent: SentArticle) -> str:
    return f"{sent.article.url} {sent.article.body[:60]!r}"


def _violation(rule: str, sent: SentArticle, what: str) -> Violation:
    return Violation(rule=rule, what=what, timestamp=sent.record.timestamp)
