"""The types of the documented interface, in words."""

from collections.abc import Mapping
from typing import Any

__all__ = ["kind"]


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
