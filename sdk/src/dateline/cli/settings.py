"""`dateline settings`."""

import json
from importlib.metadata import entry_points

import click
from rich.console import Console
from rich.table import Table

from dateline.settings import Section, found_settings, load

__all__ = ["settings"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def settings(as_json: bool) -> None:
    """Show every setting of every installed part: its name, value, where that comes from, and what it means.

    \b
    Example:
      dateline --set runtime.batch_records=50 settings
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
        table.add_row(*row)
    Console().print(table)
