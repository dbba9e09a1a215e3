"""A third-party consumer: a group and an output of its own, and a state that counts."""

from dateline.consumer import Context, consumer
from dateline.errors import PermanentError
from dateline_schemas import Contract, EnrichedArticle

__all__ = ["POISON", "Count", "Digest", "digest"]

POISON = "It is poisonous."
"""An article whose body contains this text is refused."""


class Digest(Contract):
    """The output; `count` comes from the state and equals `revision` unless a record was lost or duplicated."""

    id: str
    revision: int
    content_hash: str
    count: int


class Count(Contract):
    """The number of revisions of an article seen so far."""

    count: int


@consumer(topic="articles.enriched", group="digest", output="digests", state=Count)
async def digest(article: EnrichedArticle, context: Context) -> Digest:
    """Write one digest for each revision of an article, with the number of revisions so far."""
    if POISON in article.article.body:
        raise PermanentError("told to refuse it")
    assert context.state is not None
    before = context.state.get(context.key)
    count = (before.count if before else 0) + 1
    context.state.put(context.key, Count(count=count))
    return Digest(
        id=article.article.id, revision=article.revision, content_hash=article.article.content_hash, count=count
    )
