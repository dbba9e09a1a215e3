"""The options of the sink of SQLite."""

from dateline.sink.sink import SinkOptions
from pydantic import Field

__all__ = ["SqliteOptions"]


class SqliteOptions(SinkOptions):
    """The options of the sink of SQLite."""

    retention_days: float | None = Field(
        default=None,
        gt=0,
        description="An article is deleted this many days after its last revision, with all that belongs to it.",
    )
    keep_retracted: bool = Field(
        default=False, description="Keep the text of the revisions before a retraction; otherwise it is removed."
    )
    busy_seconds: float = Field(
        default=10.0, gt=0, description="Wait at most this many seconds while another process writes to the file."
    )
