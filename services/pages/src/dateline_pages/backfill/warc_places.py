"""How far archives have been read, in files, so that a run that was stopped can continue."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from dateline_pages.backfill.warc_archive import WarcArchive
from dateline_pages.backfill.warc_records import WarcPosition

__all__ = ["WarcPlace", "WarcPlaces"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """How far an archive has been read."""

    position: WarcPosition
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class WarcPlaces:
    """A folder with a file for each archive; an archive is known by its path and its size."""

    folder: Path

    def load(self, archive: WarcArchive) -> WarcPlace:
        """Return how far an archive has been read; the beginning, if nothing is known of it."""
        try:
            found = json.loads(self._file(archive).read_text("utf-8"))
            position = WarcPosition(offset=int(found["offset"]), records=int(found["records"]))
            return WarcPlace(position=position, is_done=bool(found["done"]))
        except (OSError, ValueError, KeyError, TypeError):
            return WarcPlace(position=WarcPosition())

    def save(self, archive: WarcArchive, place: WarcPlace) -> None:
        """Keep how far an archive has been read.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(archive)
        position = place.position
        values = {"archive": archive.name, "bytes": archive.size, "offset": position.offset}
        text = json.dumps({**values, "records": position.records, "done": place.is_done})
        unfinished = file.with_suffix(".new")
        unfinished.write_text(text + "\n", "utf-8")
        os.replace(unfinished, file)  # noqa: PTH105 - the name says that an existing file is replaced

    def _file(self, archive: WarcArchive) -> Path:
        name = f"{archive.path.resolve()}\n{archive.entry or ''}\n{archive.size}"
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return self.folder / f"warc-{digest}.json"
