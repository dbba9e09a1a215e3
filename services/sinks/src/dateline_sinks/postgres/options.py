"""The options of the sink of PostgreSQL."""

from dateline.sink.sink import SinkOptions
from pydantic import Field

__all__ = ["PostgresOptions"]


class PostgresOptions(SinkOptions):
    """The options of the sink of PostgreSQL."""

    db_schema: str = Field(
        default="dateline",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$",
        description="Schema of the tables; it is created if it does not exist.",
    )
    retention_days: float | None = Field(
        default=None,
        gt=0,
        description="An article is deleted this many days after its last revision, with all that belongs to it.",
    )
    keep_retracted: bool = Field(
        default=False, description="Keep the text of the revisions before a retraction; otherwise it is removed."
    )
    statement_seconds: float = Field(
        default=60.0, gt=0, description="A statement that takes longer is ended, and its batch is tried again."
    )
    lock_seconds: float = Field(
        default=10.0, gt=0, description="Wait at most this many seconds for rows that another session has locked."
    )
