"""What `dateline settings` does: prints every setting with its value and source."""

import json
from importlib.metadata import entry_points

import click
from rich.table import Table
from rich.text import Text

from dateline.cli.console import console
from dateline.settings import Section, found_settings, load

__all__ = ["print_settings"]


def print_settings(*, as_json: bool) -> None:
    """Print the settings of all installed parts.

    Raises:
        SettingsError: a setting is invalid or unknown; the error has one line for each problem.
    """
    found = found_settings()
    rows = []
    for entry in sorted(entry_points(group="dateline.settings"), key=lambda entry: entry.name):
        section: type[Section] = entry.load()
        (values,) = load(section)
        for name, field in section.names().items():
            value = getattr(values, field)
            source = found[name][1] if name in found else "default"
            rows.append(
                (name, "" if value is None else str(value), source, section.model_fields[field].description or "")
            )
    if as_json:
        click.echo(json.dumps({name: {"value": value, "from": source} for name, value, source, _ in rows}, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "value", "from", "what it means"):
        table.add_column(column, overflow="fold")
    for row in rows:
        # As text: square brackets in values would be read as markup.
        table.add_row(*map(Text, row))
    console().print(table)
