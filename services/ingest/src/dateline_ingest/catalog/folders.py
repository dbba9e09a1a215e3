"""Folders of a list of feeds: paths of names, as OPML nests them and as people write them."""

import re
from collections.abc import Iterable

__all__ = ["MAX_DEPTH", "FolderPath", "folder_name", "folder_path", "folder_paths", "shown_folder", "written_path"]

FolderPath = tuple[str, ...]
"""The names of a folder and of those around it, the outermost first; empty for the top of the list."""

MAX_DEPTH = 16
"""Folders that are nested deeper count as the folder around them."""

MAX_FOLDERS = 50
"""A feed is in at most this many folders; further ones are ignored."""

MAX_NAME_CHARS = 200
"""Longer names are cut."""

SEPARATOR = "/"
"""Stands between the names of a path where people write it."""

UNSAFE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not allow."""


def folder_name(text: str) -> str:
    """Return the name of a folder without superfluous spaces and characters that XML does not allow."""
    return " ".join(UNSAFE.sub("", text).split())[:MAX_NAME_CHARS].strip()


def folder_path(names: Iterable[str]) -> FolderPath:
    """Return the path with these names; empty ones are left out."""
    return tuple([name for each in names if (name := folder_name(each))][:MAX_DEPTH])


def written_path(text: str) -> FolderPath:
    """Return the path that a person wrote, such as `World/Europe`."""
    return folder_path(text.split(SEPARATOR))


def folder_paths(paths: Iterable[FolderPath]) -> tuple[FolderPath, ...]:
    """Return each path once, without the top of the list."""
    return tuple(dict.fromkeys(path for path in paths if path))[:MAX_FOLDERS]


def shown_folder(names: Iterable[str]) -> str:
    """Return a folder as people write it."""
    return SEPARATOR.join(names)
