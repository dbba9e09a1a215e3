"""Imports that import-linter has no contract for: it knows what is forbidden, not that nothing else is allowed."""

import ast
import sys
from pathlib import Path

import pytest

SCHEMAS = Path(__file__).parents[2] / "schemas/src/dateline_schemas"

ALLOWED = {"dateline_schemas", "pydantic", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", sorted(SCHEMAS.rglob("*.py")), ids=lambda path: str(path.relative_to(SCHEMAS)))
def test_the_contracts_import_nothing_but_pydantic(path: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            imported.add(node.module or "")
    assert {name.partition(".")[0] for name in imported} <= ALLOWED
