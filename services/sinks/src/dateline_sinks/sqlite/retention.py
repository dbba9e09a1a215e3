"""Deletes expired articles."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateline_sinks.sqlite.values import time_text

__all__ = ["Retention"]

AT_ONCE = 200
"""A batch deletes at most this many articles, so that it does not keep others waiting."""

PAUSE = timedelta(minutes=1)
"""The time between two searches for expired articles once all are deleted."""

DELETE = """
DELETE FROM articles WHERE number IN (
    SELECT number FROM articles WHERE revised_at < ? ORDER BY revised_at LIMIT ?
)
"""
"""Delete expired articles; a trigger deletes what belongs to them."""


@dataclass(slots=True, kw_only=True)
class Retention:
    """Deletes the articles that were last revised longer ago than a number of days."""

    days: float | None
    _next: datetime | None = None

    def apply(self, connection: sqlite3.Connection, now: datetime) -> int:
        """Delete some expired articles, in a transaction of the caller; return their number."""
        if self.days is None or (self._next is not None and now < self._next):
            return 0
        deleted = connection.execute(DELETE, (time_text(now - timedelta(days=self.days)), AT_ONCE)).rowcount
        if deleted < AT_ONCE:
            self._next = now + PAUSE
        return deleted
