"""The dialect of CONTRIBUTING.md, as far as ruff does not check it."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FOLDERS = ("schemas", "sdk", "web", "broker", "services", "tests", "bench", "models", "deploy", "examples")

UPPER = ("Kafka", "Java", "Python", "English", "Docker", "Debian", "Linux", "Apache", "None", "True", "False")
"""Words in upper case at the beginning of an entry, besides acronyms."""

RIDDLES = re.compile(r"\b(for so long|after so long|so many|whose own|who may|what is no|that (is|are) none|surely)\b")
"""Phrases that CONTRIBUTING.md forbids."""


@cache
def sources() -> list[Path]:
    return [path for name in FOLDERS for path in sorted((ROOT / name).rglob("*.py")) if "build" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each docstring, those below constants included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def comments(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def entries(text: str) -> Iterator[str]:
    """Yield the text of each entry of Args, Attributes, Raises, Returns and Yields."""
    section, depth = "", 0
    for line in text.splitlines()[1:]:
        stripped = line.strip()
        indent = len(line) - len(line.lstrip())
        if stripped in ("Args:", "Attributes:", "Raises:", "Returns:", "Yields:"):
            section, depth = stripped, indent
            continue
        if stripped and section and indent <= depth:
            section = ""
        if not section or indent != depth + 4:
            continue
        if section in ("Returns:", "Yields:"):
            yield stripped
            section = ""
        elif match := re.match(r"[\w*., ]+: (.+)", stripped):
            yield match[1]


def is_upper(entry: str) -> bool:
    word = re.split(r"[\s'’,.:;]", entry)[0]
    return bool(re.fullmatch(r"[A-Z][a-z]*", word)) and word not in UPPER


@pytest.mark.parametrize("folder", FOLDERS)
def test_entries_of_docstrings_begin_in_lower_case(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {entry[:60]}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for line, text in docstrings(path)
        for entry in entries(text)
        if is_upper(entry)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_constants_of_modules_have_no_underscore(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{name.lineno}: {name.id}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for statement in tree(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for name in ast.walk(statement)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store) and re.match(r"_[A-Z][A-Z0-9_]+$", name.id)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_and_comments_use_plain_words(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for line, text in (*docstrings(path), *comments(path))
        for match in RIDDLES.finditer(text)
    ]
    assert not found, "\n".join(found)


SHARED_NAMES = {
    "Context": "the date tagger's own one is not public; the one of consumers is known by this name outside",
}
"""Names of public classes that two packages define, and why."""


def test_public_classes_have_names_of_their_own() -> None:
    places: dict[str, list[str]] = {}
    for path in sources():
        if "src" not in path.parts:
            continue
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{path.relative_to(ROOT)}:{node.lineno}")
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert len(places) > 100
    assert not {name: found for name, found in shared.items() if name not in SHARED_NAMES}
    assert not SHARED_NAMES.keys() - shared.keys()
