"""What enrich remembers of an article: the latest content that it has published."""

from pydantic import Field

from dateline_schemas.article import ContentHash
from dateline_schemas.contract import Contract, Timestamp

__all__ = ["Seen"]


class Seen(Contract):
    """Value of the changelog `seen`, keyed by article id."""

    content_hash: ContentHash = Field(description="Hash of the content last published.")
    revision: int = Field(ge=1, description="Revision last published.")
    seen_at: Timestamp = Field(description="When it was published.")
