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

FOLDERS = (
    "schemas",
    "sdk",
    "web",
    "broker",
    "services",
    "tests",
    "bench",
    "models",
    "gazetteer",
    "deploy",
    "examples",
)

PAGES = [
    *(page for page in ROOT.glob("*.md") if page.name != "CONTRIBUTING.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "tests").rglob("*.md"),
]
"""Pages of text. CONTRIBUTING.md shows the forbidden phrases."""

UPPER = ("Kafka", "Java", "Python", "English", "Docker", "Debian", "Linux", "Apache", "None", "True", "False")
"""Words in upper case at the beginning of an entry, besides acronyms."""

HELP = ("help", "short_help", "description", "epilog")
"""Arguments whose text a person reads."""

RIDDLES = re.compile(
    r"\b(for so long|after so long|so many|whose own|who may|what is no|(?<!there )(is|are) none|surely|anew|for ever|"
    r"told apart|tells? apart|c[ao]me to nothing|gave up|goes on|stands? at|breaks off|or the like|of one's own)\b"
)
"""Phrases that CONTRIBUTING.md forbids."""

IMPERATIVES = re.compile(
    r"(Authenticate|Build|Clean|Collect|Compare|Convert|Count|Decode|Define|Find|Generate|Make|Map|Measure|Parse|Publish|"
    r"Read|Recognise|Refuse|Resolve|Return|Score|Search|Serve|Show|Test|Turn|Write) "
)
"""Beginnings of a module's docstring that command instead of describing."""


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


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts that people read at run time: help, descriptions, and the messages of errors that are raised."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield from (found for each in node.keywords if each.arg in HELP for found in literals(each.value))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from (found for each in node.exc.args for found in literals(each))


def literals(node: ast.AST) -> Iterator[tuple[int, str]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.lineno, each.value


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each variable, attribute and parameter that the file defines."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def questions(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the summary of each function that is not a property, if it begins with "Whether"."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        summary = (ast.get_docstring(node) or "").split("\n")[0]
        if summary.startswith("Whether") and not is_property:
            yield node.lineno, summary


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page outside of code."""
    is_code = False
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, re.sub(r"`[^`]*`", "", line)


def conditions(text: str) -> Iterator[str]:
    """Yield the entries of Raises."""
    yield from re.findall(r"^ +\w+: (.+)$", text.partition("Raises:\n")[2], re.MULTILINE)


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
def test_docstrings_comments_and_messages_use_plain_words(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for line, text in (*docstrings(path), *comments(path), *messages(path))
        for match in RIDDLES.finditer(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_use_plain_words(page: Path) -> None:
    found = [f"{page.name}:{line}: {match[0]}" for line, text in prose(page) for match in RIDDLES.finditer(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_units_are_spelled_out(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for line, name in names(path)
        if re.search(r"_(s|S|secs|sec|SECS|SEC)$", name)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_have_one_form(folder: str) -> None:
    """Raises states the condition alone, a function returns whether, and a module describes itself."""
    files = [path for path in sources() if path.relative_to(ROOT).parts[0] == folder]
    found = [
        *(
            f"{path.relative_to(ROOT)}:{line}: {condition}"
            for path in files
            for line, text in docstrings(path)
            for condition in conditions(text)
            if condition.startswith(("when ", "if "))
        ),
        *(f"{path.relative_to(ROOT)}:{line}: {text}" for path in files for line, text in questions(path)),
        *(
            f"{path.relative_to(ROOT)}: {text}"
            for path in files
            if IMPERATIVES.match(text := ast.get_docstring(tree(path)) or "")
        ),
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
