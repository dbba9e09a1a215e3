"""What a reader of the list of feeds asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dateline_status.feeds.entry import VERDICT_NAMES

__all__ = ["DEFAULT_SIZE", "MAX_SIZE", "SORT_NAMES", "FeedQuery"]

DEFAULT_SIZE = 50
"""Number of feeds on a page."""

MAX_SIZE = 500
"""At most this many feeds are on a page."""

MAX_TEXT_CHARACTERS = 200
"""A longer text to search for is cut."""

SORT_NAMES = {
    "address": "by address",
    "verdict": "the worst first",
    "last_poll": "the last polled first",
    "next_poll": "the next polled first",
    "last_item": "the newest items first",
    "failures": "the most failed polls first",
}
"""What the list can be sorted by, in words; with `-` before the name, the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedQuery:
    """The filters, the order and the page of a list of feeds."""

    verdicts: tuple[str, ...] = ()
    """Only feeds with one of these verdicts; empty for all."""
    host: str = ""
    """Only feeds of this host and the hosts below it."""
    text: str = ""
    """Only feeds with this text in address or name, in upper or lower case."""
    sort: str = "address"
    page: int = 1
    size: int = DEFAULT_SIZE

    @classmethod
    def of(cls, *, verdicts: Sequence[str], host: str, text: str, sort: str, page: int, size: int) -> "FeedQuery":
        """Return the query with these values.

        Raises:
            ValueError: there is no such verdict or order; the message says which ones there are.
        """
        known = {name.lower(): name for name in VERDICT_NAMES}
        wanted = [each for each in verdicts if each]
        for each in wanted:
            if each.lower() not in known:
                raise ValueError(f"there is no verdict {each!r}; the verdicts are {', '.join(VERDICT_NAMES)}")
        if sort.removeprefix("-") not in SORT_NAMES:
            raise ValueError(f"the feeds cannot be sorted by {sort!r}, but by {', '.join(SORT_NAMES)}")
        return cls(
            verdicts=tuple(sorted({known[each.lower()] for each in wanted})),
            host=host.strip().lower()[:MAX_TEXT_CHARACTERS],
            text=" ".join(text.split())[:MAX_TEXT_CHARACTERS],
            sort=sort,
            page=page,
            size=size,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether some feeds are left out."""
        return bool(self.verdicts or self.host or self.text)

    @property
    def selection(self) -> "FeedQuery":
        """The query without its page: all pages of a selection are cut from the same list."""
        return replace(self, page=1, size=DEFAULT_SIZE)

    def address(self, **changes: Any) -> str:
        """Return the address of the list with some values changed; values that are the default are left out."""
        query = replace(self, **changes)
        values: list[tuple[str, Any]] = [("verdict", each) for each in query.verdicts]
        default = FeedQuery()
        names = ("host", "text", "sort", "page", "size")
        values += [(name, getattr(query, name)) for name in names if getattr(query, name) != getattr(default, name)]
        return f"/feeds?{urlencode(values)}" if values else "/feeds"

    def sorted_by(self, name: str) -> str:
        """Return the address of the first page sorted by `name`, or the other way round if it is so already."""
        return self.address(sort=f"-{name}" if self.sort == name else name, page=1)
