"""The latest content of an article that enrich has published."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.article import ContentHash, TextOrigin

__all__ = ["Seen"]


class Seen(Contract):
    """Value of the changelog `seen`, keyed by article id."""

    content_hash: ContentHash = Field(description="Hash of the latest published content.")
    revision: int = Field(ge=1, description="Latest published revision.")
    seen_at: Timestamp = Field(description="Time when it was published.")
    observed: Timestamp | None = Field(
        default=None, description="Time when the source had that content, null in records of earlier versions."
    )
    text_from: TextOrigin | None = Field(default=None, description="Where its text was from, as the article says.")
    retracted: Timestamp | None = Field(default=None, description="Time of the retraction, if it was one.")
