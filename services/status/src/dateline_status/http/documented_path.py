"""How OpenAPI describes a part of a path that is a name of its own or an address."""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["name_or_address"]


def name_or_address(name: Mapping[str, Any], what: str) -> Callable[[dict[str, Any]], None]:
    """Return what turns the schema of a parameter into that of a name, or an address.

    Args:
        name: the schema of the name.
        what: what is named, such as `article`.
    """
    address = {
        "type": "string",
        "format": "uri",
        "pattern": "^https?://",
        "description": f"Address of the {what}, whose query need not be percent-encoded.",
    }

    def describe(schema: dict[str, Any]) -> None:
        schema.pop("type", None)
        schema["anyOf"] = [dict(name), address]

    return describe
