"""Fixtures of the tests of new projects, which are collected only by `make test-projects`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dateline_broker.ports import free_ports
from projects.terminal import Terminal

BUILD = Path(__file__).parents[2] / "build/projects"
"""Environments and projects, made again by each run."""

SHELL = ("PYTHONPATH", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
"""Variables that a terminal of a user does not have."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if "WHEELS" in os.environ else True


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The variables of a user who has Dateline's wheels in a folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in SHELL and not name.startswith(("DATELINE_", "COV_", "PYTEST_"))
    }
    wheels = str(Path(os.environ["WHEELS"]).absolute())
    return kept | {
        "PIP_FIND_LINKS": " ".join([wheels, *os.environ.get("PIP_FIND_LINKS", "").split()]),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_QUIET": "1",
        "PATH": os.pathsep.join([f"{sys.base_prefix}/bin", os.environ["PATH"]]),
    }


@pytest.fixture(scope="session")
def dateline(environment: dict[str, str], worker_id: str) -> Path:
    """The command in an environment into which pip has installed `dateline` from its wheel."""
    folder = BUILD / f"start-{worker_id}"
    shutil.rmtree(folder, ignore_errors=True)
    for command in (["python3", "-m", "venv", str(folder)], [f"{folder}/bin/pip", "install", "dateline"]):
        subprocess.run(command, env=environment, check=True, timeout=1500)
    return folder / "bin/dateline"


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    """A terminal whose programs in the background end with the test."""
    # Only `dateline up` gets it: a setting that no installed part knows is an error.
    up = {"DATELINE_STATUS__PORT": str(free_ports(1)[0])}
    made = Terminal(folder=BUILD, environment=environment, up=up)
    try:
        yield made
    finally:
        made.stop()
