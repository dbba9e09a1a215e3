"""Finds the tools of others that check the files in `deploy/`; a test whose tool is missing is skipped by name."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build/tools"
"""Where `tests/deployment/ci.sh` puts tools that it builds."""


def tool(name: str) -> str:
    """Return the path of a tool, or skip the test; where CI is required to have it, fail instead."""
    found = shutil.which(name, path=f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        if name in os.environ.get("DATELINE_REQUIRED_TOOLS", "").split():
            pytest.fail(f"{name} is required here and not installed")
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str, text: str | None = None) -> str:
    """Return what a command writes; it has to succeed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
