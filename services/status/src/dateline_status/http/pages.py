"""The HTML pages: the dashboard, and the documentation of the interface."""

from collections.abc import Mapping
from typing import Any

from dateline.duration import in_words
from jinja2 import Environment, PackageLoader, StrictUndefined

from dateline_status.formatting import at_most, clock, count
from dateline_status.report import StatusReport

__all__ = ["Pages"]


class Pages:
    """Renders the templates; every value is escaped."""

    def __init__(self, *, release: str) -> None:
        self._environment = Environment(
            loader=PackageLoader("dateline_status.http"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["release"] = release
        self._environment.filters |= {
            "duration": in_words,
            "clock": clock,
            "count": count,
            "kind": kind,
            "at_most": at_most,
        }

    def dashboard(self, report: StatusReport) -> str:
        """Return the dashboard of a report."""
        return self._environment.get_template("dashboard.html").render(report=report, pipeline=report.pipeline)

    def documentation(self, schema: Mapping[str, Any]) -> str:
        """Return the page that documents an OpenAPI schema."""
        return self._environment.get_template("documentation.html").render(schema=schema)


def kind(schema: Mapping[str, Any]) -> str:
    """Return the type of a JSON Schema in words, such as `integer or null`."""
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
