"""`dateline new` writes a project, and refuses names that cannot be used."""

import ast
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dateline.errors import DatelineError
from dateline.project.commands import new
from dateline.project.folder import make_project
from dateline.project.name import GROUPS, PARTS

KINDS = tuple(GROUPS)

EXAMPLES = {"hashtags", "keywords"}
"""Names of the examples, if they are installed."""


def call(*arguments: str) -> Result:
    return CliRunner().invoke(new, arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_is_complete_and_has_no_gaps_left(kind: str, tmp_path: Path) -> None:
    made = make_project(kind, "my-first.one", tmp_path)
    root = tmp_path / "my-first.one"
    names = {str(path.relative_to(root)) for path in made}
    assert names == {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert names >= {"pyproject.toml", "README.md", "Dockerfile", ".gitignore", ".dockerignore"}
    assert names >= {"src/my_first_one/__init__.py", "src/my_first_one/py.typed"}
    assert any(name.startswith("tests/test_") for name in names)
    for path in made:
        text = path.read_text("utf-8")
        assert not re.search("@(name|package|Title|version)@", text), path
        if path.suffix == ".py":
            ast.parse(text)
            assert max(map(len, text.splitlines()), default=0) <= 120
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "my-first.one"
    (entry,) = project["entry-points"][GROUPS[kind]].items()
    module, _, attribute = entry[1].partition(":")
    code = (root / "src" / Path(*module.split("."))).with_suffix(".py").read_text("utf-8")
    assert entry[0] == "my-first.one"
    assert any(f"{word} {attribute}" in code for word in ("def", "class")) or f"\n{attribute} = " in code


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "lower-case"),
        ("My-Thing", "lower-case"),
        ("1st", "lower-case"),
        ("a--b", "lower-case"),
        ("a-", "lower-case"),
        ("../away", "lower-case"),
        ("naïve", "lower-case"),
        ("a\n", "lower-case"),
        ("lambda", "keyword"),
        ("match", "keyword"),
        ("email", "standard library"),
        ("tests", "tests"),
        ("pydantic", "installed package"),
        ("dateline-schemas", "installed package"),
        ("feeds", "topic"),
        ("dateline-later", "package of Dateline"),
        ("pytest-asyncio", "installed package"),
        ("hatchling", "builds and tests"),
        ("ingest", "part of Dateline"),
        ("x" * 61, "longer"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DatelineError, match=reason):
        make_project("consumer", name, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("kind", "name"), [("consumer", "enrich"), ("enricher", "dates")])
def test_a_name_that_an_installed_part_has_is_refused(kind: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(DatelineError, match="there is one already"):
        make_project(kind, name, tmp_path)


def test_names_of_parts_that_are_not_installed_are_refused_too() -> None:
    for kind, group in GROUPS.items():
        own = {each.name for each in entry_points(group=group) if each.module.startswith("dateline_")}
        assert own - EXAMPLES <= set(PARTS[kind])
        assert own & set(PARTS[kind])


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("mine", "link"):
        with pytest.raises(DatelineError, match="exists already"):
            make_project("sink", name, tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "mine"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatelineError, match=r"cannot write .*file"):
        make_project("consumer", "mine", tmp_path / "file")


def test_the_verb_names_what_it_wrote_and_what_to_read_next(tmp_path: Path) -> None:
    done = call("enricher", "my-topics", "--folder", str(tmp_path))
    assert done.exit_code == 0
    assert f"wrote {tmp_path / 'my-topics/src/my_topics/enricher.py'}" in done.output
    assert done.output.splitlines()[-1].endswith("my-topics/README.md, which says how to test and run it.")
