"""A consumer as somebody would plug it in: its own group, its own output, a state that counts."""

from dateline.consumer import Context, consumer
from dateline.errors import PermanentError
from dateline_schemas import Contract, EnrichedArticle

__all__ = ["POISON", "Count", "Digest", "digest"]

POISON = "It is poisonous."
"""An article that says so is refused."""


class Digest(Contract):
    """What comes out: `count` is by the state, so it equals `revision` unless something was lost or doubled."""

    id: str
    revision: int
    content_hash: str
    count: int


class Count(Contract):
    """How many revisions of an article were seen."""

    count: int


@consumer(topic="articles.enriched", group="digest", output="digests", state=Count)
async def digest(article: EnrichedArticle, context: Context) -> Digest:
    """Note each revision of an article, with how many there were."""
    if POISON in article.article.body:
        raise PermanentError("told to refuse it")
    assert context.state is not None
    before = context.state.get(context.key)
    count = (before.count if before else 0) + 1
    context.state.put(context.key, Count(count=count))
    return Digest(
        id=article.article.id, revision=article.revision, content_hash=article.article.content_hash, count=count
    )
