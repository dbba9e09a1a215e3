"""A new project installs by pip from the wheels, passes its own tests, and does its work on a real Kafka."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from projects.terminal import Terminal, blocks

SHOWN = {"consumer": "Tbilisi", "sink": "Tbilisi", "enricher": '"per_cent":[3.5]'}
"""What the last command shows once the project has done its work."""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", SHOWN)
def test_every_command_of_the_readme_does_what_it_says(kind: str, dateline: Path, terminal: Terminal) -> None:
    name = f"my-{kind}"
    folder = terminal.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    command = [str(dateline), "new", kind, name, "--folder", str(terminal.folder)]
    subprocess.run(command, env=terminal.environment, check=True, timeout=60)
    terminal.folder = folder
    test, *runs, image = blocks(folder / "README.md")

    printed = terminal.run(test)
    assert " passed" in printed
    assert "Success: no issues found" in printed
    if checker := os.environ.get("PYRIGHT"):
        assert "0 errors" in terminal.run([f"{checker} --level error"])

    for commands in runs[:-1]:
        terminal.run(commands)
    terminal.run_until(runs[-1], SHOWN[kind])
    assert {code for _, code in terminal.stop()} == {0}
    assert image[0] == f"docker build --tag {name} ."
