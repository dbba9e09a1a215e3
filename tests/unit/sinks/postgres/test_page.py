"""The page on the sink says what the tables have."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from dateline_sinks.postgres.options import PostgresOptions
from support.postgres_lab import PostgresLab

pytestmark = pytest.mark.xdist_group("postgres")

PAGE = (Path(__file__).parents[4] / "docs" / "sinks-postgres.md").read_text("utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n### {title}\n")[1].split("\n##")[0]


def test_each_table_and_column_is_explained(lab: PostgresLab) -> None:
    columns: dict[str, list[str]] = defaultdict(list)
    for table, column in lab.ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'dateline' ORDER BY 1, 2"
    ):
        columns[table].append(column)
    own = {name: columns.pop(name) for name in ("dateline_positions", "dateline_migrations")}
    explained = {
        title: sorted(
            name
            for row in re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
            for name in re.findall(r"`(\w+)`", row)
        )
        for title in re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    }
    assert explained == columns
    assert all(
        f"`{name}`" in section("dateline_positions and dateline_migrations") for names in own.values() for name in names
    )


def test_each_option_is_explained() -> None:
    table = PAGE.split("\n## Options\n")[1].split("\n## ")[0]
    named = re.findall(r"^\| `--([\w-]+)` \|", table, re.MULTILINE)
    assert named == [name.replace("_", "-") for name in PostgresOptions.model_fields]
