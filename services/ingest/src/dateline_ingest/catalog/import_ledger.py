"""What an import has found in the registry and in its document, kept small for millions of feeds."""

from dataclasses import dataclass, replace
from typing import Literal

from dateline_schemas import Feed

from dateline_ingest.catalog.folders import FolderPath, folder_path, folder_paths

__all__ = ["ImportLedger"]

MAX_ADDITIONS = 50_000
"""After this many titles and home pages of existing feeds, they are written."""

Paths = tuple[FolderPath, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a feed; feeds that are alike share one object."""

    is_new: bool
    has_name: bool
    has_home_page: bool
    stored: Paths
    """The folders in the registry."""
    listed: Paths | None = None
    """The folders in the document; None if it was not read there yet."""


class ImportLedger:
    """Decides what an entry of the document does to the feeds of the registry.

    A feed that is not in the registry is added, in all folders that list it. The folders of an existing feed become
    those of the document, if it names any. A title or home page is added to an existing feed that has none; nothing
    else of it changes.
    """

    def __init__(self) -> None:
        self.changed = 0
        """Number of feeds of the registry that `updated` changed."""
        self._feeds: dict[bytes, _Facts] = {}
        self._one: dict[_Facts, _Facts] = {}
        self._additions: dict[bytes, dict[str, str]] = {}
        """Title and home page of existing feeds that lack them."""

    @property
    def is_full(self) -> bool:
        """Whether enough changes wait to be written."""
        return len(self._additions) >= MAX_ADDITIONS

    @property
    def needs_update(self) -> bool:
        """Whether existing records have to be changed after the whole document was read."""
        return bool(self._additions) or any(_moves(facts) for facts in self._one)

    def know(self, key: bytes, feed: Feed | None) -> None:
        """Note a feed of the registry; None if it was removed."""
        if feed is None:
            self._feeds.pop(key, None)
        else:
            self._put(key, _Facts(False, bool(feed.name), bool(feed.home_page), _paths(feed)))

    def enter(self, key: bytes, feed: Feed) -> Literal["added", "there", "repeated"]:
        """Note an entry of the document; an added one is for the caller to write."""
        before = self._feeds.get(key)
        paths = _paths(feed)
        if before is None:
            self._put(key, _Facts(True, True, True, paths, paths))
            return "added"
        lacking = {
            name: value
            for name, value, has in (
                ("name", feed.name, before.has_name),
                ("home_page", feed.home_page, before.has_home_page),
            )
            if value and not has
        }
        if lacking:
            self._additions[key] = self._additions.get(key, {}) | lacking
        facts = replace(
            before,
            has_name=before.has_name or "name" in lacking,
            has_home_page=before.has_home_page or "home_page" in lacking,
            listed=folder_paths([*(before.listed or ()), *paths]),
        )
        self._put(key, facts)
        return "there" if before.listed is None else "repeated"

    def updated(self, key: bytes, feed: Feed, *, folders: bool) -> Feed | None:
        """Return the feed as it should be; None if it is so already.

        Args:
            key: its key.
            feed: the feed in the registry.
            folders: the whole document was read, so all folders of the feed are known.
        """
        facts = self._feeds.get(key)
        changes: dict[str, object] = {
            name: value for name, value in self._additions.pop(key, {}).items() if not getattr(feed, name)
        }
        if facts is not None and folders and facts.listed and set(facts.listed) != set(_paths(feed)):
            changes["folders"] = [list(path) for path in facts.listed]
        if not changes:
            return None
        self.changed += not (facts and facts.is_new)
        return feed.model_copy(update=changes)

    def settle(self) -> None:
        """Forget the additions that were not written, because their feeds were removed meanwhile."""
        self._additions.clear()

    def _put(self, key: bytes, facts: _Facts) -> None:
        self._feeds[key] = self._one.setdefault(facts, facts)


def _moves(facts: _Facts) -> bool:
    return bool(facts.listed) and set(facts.listed or ()) != set(facts.stored)


def _paths(feed: Feed) -> Paths:
    return folder_paths(folder_path(names) for names in feed.folders)
