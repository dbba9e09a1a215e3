"""Follows the nesting of outlines: which folder the next one is in."""

from dateline_ingest.catalog.folders import MAX_DEPTH, FolderPath, folder_name

__all__ = ["OpmlNesting"]


class OpmlNesting:
    """The open outlines of a document; those without a name, and feeds, are no folders."""

    def __init__(self) -> None:
        self.path: FolderPath = ()
        """The folder that the next outline is in."""
        self._around: list[FolderPath] = []
        self._deeper = 0
        """Number of open outlines that are nested too deep to be remembered."""

    def open(self, name: str = "") -> None:
        """Open an outline."""
        name = folder_name(name)
        if len(self._around) >= 4 * MAX_DEPTH:
            self._deeper += 1
            return
        self._around.append(self.path)
        if name and len(self.path) < MAX_DEPTH:
            self.path = (*self.path, name)

    def close(self) -> None:
        """Close the innermost open outline; without one, nothing is done."""
        if self._deeper:
            self._deeper -= 1
        elif self._around:
            self.path = self._around.pop()
