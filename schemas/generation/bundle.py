"""One document without references to files: generators of code do not follow them."""

from pathlib import PurePosixPath
from typing import Any

from schemas.generation.json_schema import JsonObject

__all__ = ["bundled"]

FILES = "./json/"
"""Beginning of the references to the files of schemas."""

PLACE = "#/components/schemas/"
"""Where the schemas are in the bundled document."""

OF_A_FILE = frozenset({"$schema", "$id", "$defs", "examples"})
"""Keywords that belong to a file of its own; the examples are in the messages."""


def bundled(document: JsonObject, files: dict[str, JsonObject]) -> JsonObject:
    """Return an AsyncAPI document with the schemas of `files` in its components, by their titles.

    Args:
        document: the document; its references to files begin with `./json/`.
        files: schemas by the name of their file.

    Raises:
        ValueError: two different schemas have one title.
    """
    schemas: dict[str, JsonObject] = {}
    for name, schema in files.items():
        for title, each in [*schema.get("$defs", {}).items(), (schema["title"], schema)]:
            own = {keyword: value for keyword, value in _rewritten(each, files).items() if keyword not in OF_A_FILE}
            if schemas.setdefault(title, own) != own:
                raise ValueError(f"{name}: another schema has the title {title}, too")
    made: JsonObject = _rewritten(document, files)
    return {**made, "components": {**made["components"], "schemas": dict(sorted(schemas.items()))}}


def _rewritten(value: Any, files: dict[str, JsonObject]) -> Any:
    if isinstance(value, list):
        return [_rewritten(each, files) for each in value]
    if not isinstance(value, dict):
        return value
    target = value.get("$ref")
    if isinstance(target, str):
        # A reference has nothing beside it in the older dialect that generators read.
        beside = {name: each for name, each in value.items() if name != "$ref"}
        reference = {"$ref": _target(target, files)}
        return {"allOf": [reference], **_rewritten(beside, files)} if beside else reference
    return {name: _rewritten(each, files) for name, each in value.items()}


def _target(reference: str, files: dict[str, JsonObject]) -> str:
    if reference.startswith(FILES):
        return PLACE + str(files[PurePosixPath(reference).name]["title"])
    return PLACE + reference.removeprefix("#/$defs/") if reference.startswith("#/$defs/") else reference
