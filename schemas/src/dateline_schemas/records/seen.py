"""The latest content of an article that enrich has published."""

from pydantic import Field

from dateline_schemas.contract import Contract, Timestamp
from dateline_schemas.records.article import ContentHash, TextOrigin

__all__ = ["Seen"]


class Seen(Contract):
    """Value of the changelog `seen`, keyed by article id.

    Fields with default values are not written.
    """

    content_hash: ContentHash = Field(description="Hash of the latest published content.")
    revision: int = Field(ge=1, description="Latest published revision.")
    seen_at: Timestamp = Field(description="Time when it was published.")
    revised_at: Timestamp | None = Field(
        default=None, description="Its `revised_at`, null in records of earlier versions, which have only `seen_at`."
    )
    observed: Timestamp | None = Field(
        default=None, description="Time when the source had that content, null in records of earlier versions."
    )
    text_from: TextOrigin | None = Field(
        default=None,
        description="Where its text was from; a push or a file, which does not say it, keeps what was known.",
    )
    retracted: Timestamp | None = Field(default=None, description="Time of the retraction, if it was one.")
    latest: Timestamp | None = Field(
        default=None,
        description="Time when the article was last observed, if that was later than `observed`, "
        "with a text that was not published.",
    )
    withdrawn: Timestamp | None = Field(
        default=None,
        description="Time of observation of the latest published retraction: "
        "content that was observed before it is not published.",
    )

    def to_bytes(self) -> bytes:
        """Write the record as compact JSON in UTF-8, without fields that have their default value."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
