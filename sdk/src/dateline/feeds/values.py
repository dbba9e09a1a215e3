"""The values of a feed that are set when it is added."""

from dataclasses import dataclass
from datetime import datetime

from dateline_schemas import Feed, FullText

from dateline.feeds.address import without_login

__all__ = ["FeedValues"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedValues:
    """The values to set on a feed; None leaves a value of an existing feed as it is.

    Attributes:
        name: its display name; spaces around and between words are reduced.
        interval_seconds: seconds between two polls.
        full_text: whether the pages of its articles are read.
        folders: the paths of the folders that list it.
        default_full_text: the value of `full_text` for new feeds.
    """

    name: str | None = None
    interval_seconds: float | None = None
    full_text: FullText | None = None
    folders: tuple[tuple[str, ...], ...] | None = None
    default_full_text: FullText = "auto"

    def applied(self, address: str, before: Feed | None, now: datetime) -> Feed:
        """Return the feed at `address` with the values set; `before` is the feed as it is now, if it exists."""
        name = " ".join(self.name.split()) or None if self.name else None
        folders = None if self.folders is None else [list(path) for path in self.folders]
        if before is None:
            return Feed(
                url=address,
                name=name,
                added=now,
                interval_seconds=self.interval_seconds,
                full_text=self.full_text or self.default_full_text,
                folders=folders or [],
            )
        wanted = {
            # The same feed may be given in another spelling: only credentials are taken from it.
            "url": address if without_login(address) != address else before.url,
            "name": name,
            "interval_seconds": self.interval_seconds,
            "full_text": self.full_text,
            "folders": folders,
        }
        return before.model_copy(update={key: value for key, value in wanted.items() if value is not None})
