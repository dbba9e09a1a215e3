"""The Python code that pages of the documentation and docstrings of modules show."""

import ast
import re
import textwrap
from pathlib import Path

__all__ = ["code_by_source"]

PAGES = ("README.md", "docs/*.md", "docs/*/*.md")

MODULES = ("sdk/src/dateline/__init__.py", "sdk/src/dateline/testkit.py")
"""Modules whose docstring shows code, as an indented block."""

FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    .*\n|^\n)+", re.MULTILINE)


def code_by_source(root: Path) -> dict[str, str]:
    """Return the code of each page and module under `root`, the blocks of one page after each other."""
    found = {}
    for pattern in PAGES:
        for page in sorted(root.glob(pattern)):
            blocks = FENCE.findall(page.read_text("utf-8"))
            if blocks:
                found[str(page.relative_to(root))] = "\n\n".join(blocks)
    for module in MODULES:
        docstring = ast.get_docstring(ast.parse((root / module).read_text("utf-8"))) or ""
        found[module] = "\n".join(textwrap.dedent(block) for block in INDENTED.findall(docstring))
    return found
