"""Every package can be built by pip, and its metadata says what it is."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

PROJECTS = sorted(path for path in ROOT.glob("*/pyproject.toml") if path.parent.name != "tests") + sorted(
    [*ROOT.glob("services/*/pyproject.toml"), *ROOT.glob("examples/*/pyproject.toml")]
)

each_package = pytest.mark.parametrize(
    "folder", [path.parent for path in PROJECTS], ids=lambda path: str(path.relative_to(ROOT))
)


def read(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))


@each_package
def test_a_package_has_a_description_a_readme_its_licences_and_types(folder: Path) -> None:
    settings = read(folder)
    project, module = settings["project"], settings["tool"]["uv"]["build-backend"]["module-name"]
    assert project["description"].endswith(".")
    assert (folder / project["readme"]).read_text("utf-8").startswith(f"# {project['name']}\n")
    assert "Typing :: Typed" in project["classifiers"]
    assert (folder / "src" / module / "py.typed").is_file()
    for name in project["license-files"]:
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()


@each_package
def test_a_package_is_built_by_versions_that_pip_finds_and_by_the_locked_uv(folder: Path) -> None:
    (backend,) = map(Requirement, read(folder)["build-system"]["requires"])
    locked = re.search(r"^uv==(\S+)", (ROOT / "requirements-uv.lock").read_text("utf-8"), re.MULTILINE)
    assert locked is not None
    # uv builds with its own copy of the backend if the range admits its version; pip takes one of the index.
    assert backend.specifier.contains(locked[1])
    assert backend.specifier.contains("0.8.0")


def test_versions_have_no_upper_bound_without_a_reason() -> None:
    bounded = [
        f"{path.parent.name}: {line}"
        for path in PROJECTS
        for line in read(path.parent)["project"]["dependencies"]
        if any(each.operator in {"<", "<=", "==", "~="} for each in Requirement(line).specifier)
    ]
    assert bounded == []
