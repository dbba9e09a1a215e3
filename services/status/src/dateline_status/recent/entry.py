"""What the index keeps of an article."""

from dataclasses import dataclass

from dateline_status.recent.entities import PooledEntity

__all__ = ["IndexedArticle", "Order", "Position"]

Order = tuple[int, int, int]
"""The place of an article in the list: time in milliseconds, partition, offset."""

Position = tuple[int, int]
"""Partition and offset of a record."""


@dataclass(slots=True, eq=False, kw_only=True)
class IndexedArticle:
    """The newest revision of an article, as far as the list and the search need it."""

    id: str
    title: str
    """Empty for a retracted article."""
    url: str | None
    source: str
    words: str
    """The folded title, source and host."""
    at: int
    """Time of the revision, in milliseconds since 1970."""
    published: int | None
    """Time of publication, in milliseconds since 1970."""
    revision: int
    is_retracted: bool
    partition: int
    offset: int
    trace_id: str | None
    entities: tuple[PooledEntity, ...]
    earlier: tuple[Position, ...] = ()
    """Records of earlier revisions, newest first."""

    @property
    def order(self) -> Order:
        """Its place in the list."""
        return (self.at, self.partition, self.offset)

    @property
    def position(self) -> Position:
        """Partition and offset of its record."""
        return (self.partition, self.offset)
