"""The pages for people: the pipeline at a glance, and the documentation of the interface."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dateline_status.report import StatusReport

__all__ = ["Pages", "at_most", "clock", "count", "duration"]


class Pages:
    """Renders pages from templates in which every value is escaped."""

    def __init__(self, *, release: str) -> None:
        self._environment = Environment(
            loader=PackageLoader("dateline_status"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["release"] = release
        self._environment.filters |= {
            "duration": duration,
            "clock": clock,
            "count": count,
            "kind": kind,
            "at_most": at_most,
        }

    def dashboard(self, report: StatusReport) -> str:
        """Return the page that shows a report."""
        return self._environment.get_template("dashboard.html").render(report=report, pipeline=report.pipeline)

    def documentation(self, schema: Mapping[str, Any]) -> str:
        """Return the page that shows an OpenAPI schema."""
        return self._environment.get_template("documentation.html").render(schema=schema)


def duration(seconds: float) -> str:
    """Return a duration as people say it, such as `4 min`."""
    for limit, divisor, unit in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / divisor:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def clock(moment: datetime) -> str:
    """Return a moment as date and time."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def count(number: int) -> str:
    """Return a number with its thousands set apart."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def at_most(number: int, *, exact: bool) -> str:
    """Return a number, marked where it is an upper bound."""
    return count(number) if exact else f"≤ {count(number)}"


def kind(schema: Mapping[str, Any]) -> str:
    """Return the type of a JSON Schema in a few words, such as `integer or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"map to {kind(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type", "any"))
