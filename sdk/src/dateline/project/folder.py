"""Writes the folder of a project from the templates of its kind."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dateline.errors import DatelineError
from dateline.project.name import ProjectName

__all__ = ["make_project"]

SHARED = "shared"
"""The folder of the templates that all kinds have in common."""

SUFFIX = ".in"
"""What the names of templates end with, so that no tool takes them for code."""

HIDDEN = "dot-"
"""What the names of templates begin with whose files begin with a dot."""


def make_project(kind: str, name: str, folder: Path) -> Sequence[Path]:
    """Write a project into the folder `name` below `folder`, which must not exist.

    Returns:
        the files that were written.

    Raises:
        DatelineError: the name cannot be used, or the folder exists or cannot be written.
    """
    project = ProjectName.checked(kind, name)
    root = folder / name
    if root.exists() or root.is_symlink():
        raise DatelineError(f"{root} exists already; choose another name, or another --folder")
    words = {
        "@name@": project.name,
        "@package@": project.package,
        "@Title@": project.title,
        "@version@": version("dateline"),
    }
    templates = files("dateline.project") / "templates"
    made = []
    try:
        for part in (SHARED, kind):
            for template, path in _files(templates / part, Path()):
                file = root / _filled(str(path), words)
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("x", encoding="utf-8", newline="\n") as opened:
                    opened.write(_filled(template.read_text("utf-8"), words))
                made.append(file)
    except OSError as error:
        raise DatelineError(f"cannot write {error.filename or root}: {error.strerror or error}") from error
    return sorted(made)


def _files(directory: Traversable, path: Path) -> Iterator[tuple[Traversable, Path]]:
    for entry in directory.iterdir():
        name = entry.name.removesuffix(SUFFIX)
        if name.startswith(HIDDEN):
            name = "." + name.removeprefix(HIDDEN)
        if entry.is_dir():
            yield from _files(entry, path / name)
        elif entry.name.endswith(SUFFIX):
            yield entry, path / name


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
