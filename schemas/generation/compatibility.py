"""Compares schemas with the last release, so that old and new readers understand old and new records."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from schemas.generation.json_schema import JsonObject

__all__ = ["breaking_changes", "breaking_changes_in_folder", "last_release"]

ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "deprecated"})
STRUCTURE = frozenset(
    {"$ref", "type", "anyOf", "enum", "const", "properties", "required", "items", "additionalProperties"}
)
FILE = re.compile(r"(?P<name>.+)\.v(?P<major>\d+)\.schema\.json")


def last_release(folder: Path) -> Path:
    """Return the folder of the highest version in `released/`.

    Raises:
        FileNotFoundError: there is no release.
    """
    releases = [path for path in folder.iterdir() if re.fullmatch(r"\d+(\.\d+)*", path.name)]
    if not releases:
        raise FileNotFoundError(f"{folder} holds no release")
    return max(releases, key=lambda path: tuple(map(int, path.name.split("."))))


def breaking_changes_in_folder(released: Path, current: Path) -> list[str]:
    """Compare every schema of a release with the current one of the same name and major version.

    A schema may be removed only if a higher major version of it exists.

    Returns:
        one line per change that breaks a reader or a writer; empty if there is none.
    """
    problems: list[str] = []
    for file in sorted(released.glob("*.schema.json")):
        counterpart = current / file.name
        if counterpart.exists():
            changes = breaking_changes(json.loads(file.read_bytes()), json.loads(counterpart.read_bytes()))
            problems.extend(f"{file.name}: {change}" for change in changes)
        elif not _has_successor(file.name, current):
            problems.append(f"{file.name}: schema removed without a higher major version")
    return problems


def _has_successor(name: str, current: Path) -> bool:
    old = FILE.fullmatch(name)
    others = (FILE.fullmatch(path.name) for path in current.iterdir())
    return old is not None and any(
        other is not None and other["name"] == old["name"] and int(other["major"]) > int(old["major"])
        for other in others
    )


def breaking_changes(released: JsonObject, current: JsonObject) -> list[str]:
    """Compare two schemas: within a major version only optional fields may be added.

    A topic holds records of both, and readers and writers are not updated at the same time. So the new schema must
    accept every old record, and the old schema must accept every new one.

    Returns:
        one line per breaking change, which names the field; empty if there is none.
    """
    return sorted(_Comparison(released, current).schema(released, current, "value"))


class _Comparison:
    def __init__(self, released: JsonObject, current: JsonObject) -> None:
        self._released = released
        self._current = current
        self._compared: set[tuple[int, int]] = set()

    def schema(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        old_kinds = dict(_branches(self._released, old))
        new_kinds = dict(_branches(self._current, new))
        for kind in old_kinds.keys() - new_kinds.keys():
            yield f"{path}: no longer takes {kind[0]}, which released records hold"
        for kind in new_kinds.keys() - old_kinds.keys():
            yield f"{path}: now takes {kind[0]}, which released readers refuse"
        for kind in old_kinds.keys() & new_kinds.keys():
            yield from self._branch(old_kinds[kind], new_kinds[kind], path)
        if ("default" in old) and ("default" in new) and old["default"] != new["default"]:
            yield f"{path}: default changed from {old['default']!r} to {new['default']!r}"

    def _branch(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        # Report a definition that is used twice once, and stop at one that contains itself.
        if (id(old), id(new)) in self._compared:
            return
        self._compared.add((id(old), id(new)))
        yield from _values(old, new, path)
        for keyword in sorted((old.keys() | new.keys()) - ANNOTATIONS - STRUCTURE - {"default"}):
            if old.get(keyword) != new.get(keyword):
                yield f"{path}: {keyword} changed from {old.get(keyword)!r} to {new.get(keyword)!r}"
        yield from self._fields(old, new, path)
        yield from self._nested("items", old, new, f"{path}[]")
        yield from self._nested("additionalProperties", old, new, f"{path}.*")

    def _fields(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
        old_required, new_required = set(old.get("required", ())), set(new.get("required", ()))
        for name in old_fields.keys() - new_fields.keys():
            yield f"{path}.{name}: field removed or renamed"
        for name in new_required - old_required:
            what = "became required" if name in old_fields else "new field is required"
            yield f"{path}.{name}: {what}, which released records may lack"
        for name in (old_required - new_required) & new_fields.keys():
            yield f"{path}.{name}: no longer required, which released readers demand"
        for name in old_fields.keys() & new_fields.keys():
            yield from self.schema(old_fields[name], new_fields[name], f"{path}.{name}")

    def _nested(self, keyword: str, old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
        before, after = old.get(keyword, True), new.get(keyword, True)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self.schema(before, after, path)
        elif before != after:
            yield f"{path}: {keyword} changed from {before!r} to {after!r}"


def _branches(document: JsonObject, schema: JsonObject) -> Iterator[tuple[tuple[str, int], JsonObject]]:
    """Yield the alternatives of a schema, by type and by number among those of the same type."""
    counts: dict[str, int] = {}
    for branch in _flatten(document, schema):
        kind = str(branch.get("type", "anything"))
        counts[kind] = counts.get(kind, 0) + 1
        yield (kind, counts[kind]), branch


def _flatten(document: JsonObject, schema: JsonObject) -> Iterator[JsonObject]:
    if "$ref" in schema:
        target: JsonObject = document["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        yield from _flatten(document, target)
    elif "anyOf" in schema:
        for branch in schema["anyOf"]:
            yield from _flatten(document, branch)
    else:
        yield schema


def _values(old: JsonObject, new: JsonObject, path: str) -> Iterator[str]:
    before, after = _allowed(old), _allowed(new)
    if before is None or after is None:
        if after is not None:
            yield f"{path}: only certain values are taken now"
        elif before is not None:
            yield f"{path}: any value is taken now, which released readers refuse"
        return
    for value in sorted(before - after):
        yield f"{path}: value {value} removed, which released records hold"
    for value in sorted(after - before):
        yield f"{path}: value {value} added, which released readers refuse"


def _allowed(schema: JsonObject) -> set[str] | None:
    if "const" in schema:
        return {json.dumps(schema["const"])}
    return {json.dumps(value) for value in schema["enum"]} if "enum" in schema else None
