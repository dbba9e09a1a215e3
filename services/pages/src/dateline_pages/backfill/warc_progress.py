"""What a backfill from web archives has done so far, and how long it will take."""

from collections import Counter
from dataclasses import dataclass, field

from dateline.duration import in_words

__all__ = ["WarcProgress"]


@dataclass(slots=True, kw_only=True)
class WarcProgress:
    """Counts records, and tells the rate and the time left."""

    total_bytes: int
    """Bytes of all archives."""
    started: float
    """Time of the clock at the start, in seconds."""
    known_bytes: int = 0
    """Bytes that an earlier run has read."""
    done_bytes: int = 0
    """Bytes of the archives before the present one."""
    offset: int = 0
    """Bytes of the present archive that have been read."""
    records: int = 0
    articles: int = 0
    broken: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Responses that are not articles, by the reason."""

    def line(self, now: float) -> str:
        """Return how far the run is, its rate and the time left, in words.

        Args:
            now: the time of the clock.
        """
        seconds = now - self.started
        done = self.done_bytes + self.offset
        share = done / self.total_bytes if self.total_bytes else 1.0
        parts = [f"{share:.0%}", f"{self.records:,} records", f"{self.articles:,} articles"]
        if seconds > 0 and self.records:
            parts.append(f"{self.records / seconds:,.0f} records/s")
        read = done - self.known_bytes
        if seconds > 0 and read > 0 and done < self.total_bytes:
            parts.append(f"{in_words((self.total_bytes - done) * seconds / read)} left")
        return ", ".join(parts)

    def summary(self, published: str) -> str:
        """Return the counts at the end.

        Args:
            published: what was done with the articles, such as `published`.
        """
        text = f"{self.records:,} records, {self.articles:,} articles {published}, {self.broken:,} broken"
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.most_common())
        return f"{text}; left out: {reasons}" if reasons else text
