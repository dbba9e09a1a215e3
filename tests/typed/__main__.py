"""Type-checks the Python code that the documentation shows: `python -m typed [--pyright COMMAND]`, in the repository.

mypy checks it in strict mode. Given the command of pyright, that checks it too, with the files in this folder and the
examples.
"""

import argparse
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from typed.blocks import code_by_source

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "typed"
UNTYPED = "import pyarrow"
"""pyright sees no functions in pyarrow.compute, which makes them when it is imported."""

EXAMPLES = sorted(ROOT.glob("examples/*/src"))


def written() -> list[str]:
    """Write the code of each source into a file of its own; return their paths."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    paths = []
    for source, code in code_by_source(ROOT).items():
        path = FOLDER / f"{''.join(each if each.isalnum() else '_' for each in source)}.py"
        path.write_text(code, "utf-8")
        paths.append(str(path.relative_to(ROOT)))
    return paths


def checked_by_pyright(command: str, paths: list[str]) -> int:
    """Run pyright over `paths` and the files in this folder; return the exit code."""
    own = sorted(str(path.relative_to(ROOT)) for path in Path(__file__).parent.glob("*.py") if path.name[0] != "_")
    typed = [path for path in paths if UNTYPED not in (ROOT / path).read_text("utf-8")]
    settings = {
        "include": [f"../../{path}" for path in [*typed, *own, "examples"]],
        "pythonVersion": "3.11",
        "typeCheckingMode": "standard",
        # A comment that expects an error is an error where there is none.
        "reportUnnecessaryTypeIgnoreComment": "error",
        "extraPaths": ["../..", "../../tests", *(f"../../{path.relative_to(ROOT)}" for path in EXAMPLES)],
    }
    project = FOLDER / "pyrightconfig.json"
    project.write_text(json.dumps(settings), "utf-8")
    return subprocess.run(
        [*shlex.split(command), "--project", str(project), "--pythonpath", sys.executable, "--level", "error"],
        cwd=ROOT,
        check=False,
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pyright", metavar="COMMAND", help="the command of pyright or basedpyright")
    given = parser.parse_args()
    paths = written()
    code = subprocess.run([sys.executable, "-m", "mypy", *paths], cwd=ROOT, check=False).returncode
    return code or (checked_by_pyright(given.pyright, paths) if given.pyright else 0)


if __name__ == "__main__":
    sys.exit(main())
