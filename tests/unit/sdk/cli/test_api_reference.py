"""The page of public names lists each of them with what it is."""

from importlib import import_module

import pytest
from dateline.cli.api_reference import MODULES, api_page

PAGE = "\n".join(api_page())


@pytest.mark.parametrize("name", MODULES)
def test_each_public_name_has_a_row_that_says_what_it_is(name: str) -> None:
    section = PAGE.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
    rows = dict(line.strip("| ").split(" | ", 1) for line in section.splitlines() if line.startswith("| `"))
    assert rows.keys() == {f"`{each}`" for each in import_module(name).__all__}
    assert not [each for each, text in rows.items() if len(text.strip(" |")) < 10]
