"""Makes the packages in `examples/` look installed."""

import os
import tomllib
from pathlib import Path

import pytest

__all__ = ["declared", "installed_example"]

EXAMPLES = Path(__file__).parents[2] / "examples"


def declared(name: str) -> dict[str, dict[str, str]]:
    """Return the entry points that the example `name` declares, by their groups."""
    project = tomllib.loads((EXAMPLES / name / "pyproject.toml").read_text("utf-8"))["project"]
    groups: dict[str, dict[str, str]] = project["entry-points"]
    return groups


def installed_example(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the example `name` look installed, here and in processes that are started, by metadata in `folder`."""
    metadata = folder / f"dateline_{name}-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dateline-{name}\nVersion: 0.1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{each} = {value}\n" for each, value in entries.items())
        for group, entries in declared(name).items()
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    paths = [str(folder), str(EXAMPLES / name / "src")]
    for path in paths:
        monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
