"""Which contents of one article come out of enrich, by the rule of docs/delivery.md, written a second time."""

from collections.abc import Iterable

from dateline_schemas import Article

__all__ = ["published_contents"]


def published_contents(arrivals: Iterable[Article]) -> list[Article]:
    """Return the contents of one article that have to be published, from all that arrive, in order.

    The text of a page is above that of a feed; within a rank, what was observed earlier is dropped. The workload
    retracts nothing and pushes each article under an id of its own, so that this is all of the rule.
    """
    published: list[Article] = []
    known: Article | None = None
    for article in arrivals:
        if known is not None:
            if known.text_from == "page" and article.text_from != "page":
                continue
            same_rank = (known.text_from == "page") == (article.text_from == "page")
            if same_rank and article.observed and known.observed and article.observed < known.observed:
                continue
        if not published or article.content_hash != published[-1].content_hash:
            published.append(article)
        known = article
    return published
