"""The order of the contents of one article: whether an article replaces what is known under its id."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline_schemas import Article, Seen

__all__ = ["BACKFILL", "RevisionDecision", "decide"]

BACKFILL = ("warc", "archive")
"""The ways of a backfill that read old copies. The pages of a sitemap are read now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionDecision:
    """What happens to an article.

    Attributes:
        publish: whether it is published as the next revision; otherwise it is dropped.
        reason: the reason, in words.
        seen: what is remembered of the id from now on; None if that does not change.
    """

    publish: bool
    reason: str
    seen: Seen | None = None


def decide(seen: Seen | None, article: Article, now: datetime) -> RevisionDecision:
    """Decide whether an article replaces what is known under its id.

    Several feeds and the article's site publish one id, each in its own time. So the decision compares ranks (the text
    of a page is above all others) and, within a rank, times of observation. The result is the same in every order of
    arrival, except that contents of one rank and one time are taken in the order of their arrival, and that the text of
    a page is not restored if a retraction came between it and a later text of a feed.

    Articles that state no time of observation, such as pushes and files, are taken in the order of their arrival. The
    same holds for an article that is only known from records without that time.

    Args:
        seen: what is known of the id, None if it is unknown.
        article: the article that arrives, with the same id.
        now: the current time. A later time of observation is remembered as this one, so that a source whose clock is
            ahead does not keep the others out.
    """
    if seen is None:
        if article.retracted is not None:
            return _dropped("retraction of an unknown article")
        return _published(seen, article, now, "first content")
    if article.retracted is not None:
        return _retraction(seen, article, now)
    if seen.withdrawn is not None and article.observed_at <= seen.withdrawn:
        return _dropped("observed before the article was withdrawn")
    if article.via in BACKFILL and article.observed_at < (_latest(seen) or seen.seen_at):
        return _dropped("backfill of an article that is known from a later time")
    if seen.retracted is not None:
        return _published(seen, article, now, "content after a retraction")
    return _content(seen, article, now)


def _retraction(seen: Seen, article: Article, now: datetime) -> RevisionDecision:
    latest = _latest(seen)
    if seen.retracted is not None:
        if latest is not None and article.observed_at <= latest:
            return _dropped("retracted already")
        observed = _without_future(article.observed_at, latest, now)
        return _dropped("retracted already", seen.model_copy(update={"observed": observed, "withdrawn": observed}))
    if article.observed is not None and latest is not None and article.observed_at < latest:
        return _dropped("retraction that is older than what is known")
    return _published(seen, article, now, "retraction")


def _content(seen: Seen, article: Article, now: datetime) -> RevisionDecision:
    same = article.content_hash == seen.content_hash
    if same and article.observed is None:
        # The state is not written for the many repetitions of a file that is read again.
        return _dropped("same content")
    richer = article.text_from == "page" and seen.text_from != "page"
    if not richer and _is_poorer(seen, article):
        latest = _latest(seen)
        if latest is None or article.observed_at <= latest:
            return _dropped("the text of the page is known")
        observed = _without_future(article.observed_at, latest, now)
        return _dropped("the text of the page is known", seen.model_copy(update={"latest": observed}))
    if not richer and article.observed is not None and seen.observed is not None and article.observed < seen.observed:
        return _dropped("older than what is known")
    if not same:
        return _published(seen, article, now, "changed content")
    if not richer and article.observed == seen.observed:
        return _dropped("same content")
    return _dropped("same content, newer or of the page", _remembered(seen, article, now, seen.revision))


def _is_poorer(seen: Seen, article: Article) -> bool:
    """Return whether the text of a page is known and this is that of a feed.

    A push or a file that does not say where its text is from may be a correction by the publisher.
    """
    is_of_a_feed = article.text_from == "feed" or (article.text_from is None and article.observed is not None)
    return seen.text_from == "page" and is_of_a_feed


def _without_future(observed: datetime, latest: datetime | None, now: datetime) -> datetime:
    # Never earlier than what is known: the clock of this replica may be behind that of the last owner.
    return min(observed, now if latest is None else max(now, latest))


def _latest(seen: Seen) -> datetime | None:
    """The time when the article was last observed, None for records of earlier versions."""
    return seen.latest or seen.observed


def _dropped(reason: str, seen: Seen | None = None) -> RevisionDecision:
    return RevisionDecision(publish=False, reason=reason, seen=seen)


def _published(seen: Seen | None, article: Article, now: datetime, reason: str) -> RevisionDecision:
    remembered = _remembered(seen, article, now, seen.revision + 1 if seen is not None else 1)
    return RevisionDecision(publish=True, reason=reason, seen=remembered)


def _remembered(seen: Seen | None, article: Article, now: datetime, revision: int) -> Seen:
    known = _latest(seen) if seen is not None else None
    observed = _without_future(article.observed_at, known, now)
    if article.observed is None and known is not None:
        # It counts as the latest, whatever the clock of its sender says.
        observed = max(observed, known)
    text_from = article.text_from
    if article.observed is None and text_from is None and seen is not None:
        # A correction that is pushed must not make way for the feed's teaser.
        text_from = seen.text_from
    published = seen is None or revision != seen.revision
    return Seen(
        revised_at=_revised_at(seen, now) if published or seen is None else seen.revised_at,
        content_hash=article.content_hash,
        revision=revision,
        seen_at=now if published or seen is None else seen.seen_at,
        observed=observed,
        text_from=text_from,
        retracted=article.retracted,
        latest=known if known is not None and known > observed else None,
        withdrawn=observed if article.retracted is not None else seen.withdrawn if seen is not None else None,
    )


def _revised_at(seen: Seen | None, now: datetime) -> datetime:
    """Return the time of the next revision: later than that of the last one, whatever the clock of this replica says.

    Consumers order revisions by it, because revisions begin again at 1 once `seen` has forgotten an article.
    """
    current = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if seen is None:
        return current
    last = seen.revised_at or seen.seen_at
    return max(current, last.replace(microsecond=last.microsecond // 1000 * 1000) + timedelta(milliseconds=1))
