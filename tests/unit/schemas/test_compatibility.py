"""The compatibility check finds every breaking change."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.generation.compatibility import breaking_changes, breaking_changes_in_folder, last_release

Schema = dict[str, Any]

ARTICLE: Schema = {
    "$defs": {
        "Source": {
            "type": "object",
            "additionalProperties": True,
            "required": ["uri"],
            "properties": {
                "uri": {"type": "string"},
                "kind": {"type": "string", "enum": ["feed", "file"]},
                "parent": {"anyOf": [{"$ref": "#/$defs/Source"}, {"type": "null"}], "default": None},
            },
        }
    },
    "type": "object",
    "additionalProperties": True,
    "required": ["id", "source"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 9},
        "source": {"$ref": "#/$defs/Source", "description": "Where from."},
        "origin": {"$ref": "#/$defs/Source"},
        "url": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "authors": {"type": "array", "items": {"type": "string"}},
        "seen": {"type": "object", "additionalProperties": {"type": "string"}},
        "revision": {"type": "integer", "minimum": 1},
        "tag": {"const": "article", "type": "string"},
    },
}


def broken(change: Callable[[Schema], object]) -> list[str]:
    current = copy.deepcopy(ARTICLE)
    change(current)
    return breaking_changes(ARTICLE, current)


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")


def test_same_schema_is_compatible() -> None:
    assert broken(lambda schema: None) == []


def test_optional_field_may_be_added() -> None:
    assert broken(lambda schema: schema["properties"].update(mood={"type": "string"})) == []
    assert broken(lambda schema: schema["$defs"]["Source"]["properties"].update(mood={"type": "string"})) == []


def test_descriptions_may_change() -> None:
    def change(schema: Schema) -> None:
        schema.update(title="T", description="D", examples=[{}])
        schema["properties"]["source"]["description"] = "Other"
        schema["properties"]["url"]["description"] = "Other"

    assert broken(change) == []


def test_definition_may_be_renamed_or_inlined() -> None:
    def rename(schema: Schema) -> None:
        source = schema["$defs"].pop("Source")
        source["properties"]["parent"]["anyOf"][0]["$ref"] = "#/$defs/Origin"
        schema["$defs"]["Origin"] = source
        schema["properties"]["source"] = {"$ref": "#/$defs/Origin"}
        schema["properties"]["origin"] = {"$ref": "#/$defs/Origin"}

    assert broken(rename) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s["properties"].pop("url"), ["value.url: field removed or renamed"]),
        (
            lambda s: s["properties"].update(link=s["properties"].pop("url")),
            ["value.url: field removed or renamed"],
        ),
        (
            lambda s: s["required"].append("url"),
            ["value.url: became required, which released records may lack"],
        ),
        (
            lambda s: (s["properties"].update(mood={"type": "string"}), s["required"].append("mood")),
            ["value.mood: new field is required, which released records may lack"],
        ),
        (
            lambda s: s["required"].remove("id"),
            ["value.id: no longer required, which released readers demand"],
        ),
        (
            lambda s: s["properties"]["url"]["anyOf"].pop(),
            ["value.url: no longer takes null, which released records hold"],
        ),
        (
            lambda s: s["properties"].update(id={"anyOf": [s["properties"]["id"], {"type": "null"}]}),
            ["value.id: now takes null, which released readers refuse"],
        ),
        (
            lambda s: s["properties"]["revision"].update(type="number"),
            [
                "value.revision: no longer takes integer, which released records hold",
                "value.revision: now takes number, which released readers refuse",
            ],
        ),
        (
            lambda s: s["properties"]["authors"]["items"].update(type="object"),
            [
                "value.authors[]: no longer takes string, which released records hold",
                "value.authors[]: now takes object, which released readers refuse",
            ],
        ),
        (
            lambda s: s["properties"]["seen"]["additionalProperties"].update(type="integer"),
            [
                "value.seen.*: no longer takes string, which released records hold",
                "value.seen.*: now takes integer, which released readers refuse",
            ],
        ),
        (
            lambda s: s.update(additionalProperties=False),
            ["value.*: additionalProperties changed from True to False"],
        ),
        (
            lambda s: s["properties"]["id"].update(maxLength=5),
            ["value.id: maxLength changed from 9 to 5"],
        ),
        (
            lambda s: s["properties"]["id"].pop("minLength"),
            ["value.id: minLength changed from 1 to None"],
        ),
        (
            lambda s: s["properties"]["url"]["anyOf"][0].update(pattern="^h"),
            ["value.url: pattern changed from None to '^h'"],
        ),
        (
            lambda s: s["properties"]["url"].update(default=""),
            ["value.url: default changed from None to ''"],
        ),
        (
            lambda s: s["properties"]["tag"].update(const="paper"),
            [
                'value.tag: value "article" removed, which released records hold',
                'value.tag: value "paper" added, which released readers refuse',
            ],
        ),
        (
            lambda s: s["properties"]["id"].update(enum=["a"]),
            ["value.id: only certain values are taken now"],
        ),
        (
            lambda s: s["properties"]["tag"].pop("const"),
            ["value.tag: any value is taken now, which released readers refuse"],
        ),
        (
            lambda s: s["$defs"]["Source"]["properties"]["kind"]["enum"].remove("file"),
            ['value.source.kind: value "file" removed, which released records hold'],
        ),
        (
            lambda s: s["$defs"]["Source"]["properties"]["kind"]["enum"].append("push"),
            ['value.source.kind: value "push" added, which released readers refuse'],
        ),
    ],
    ids=lambda value: value[0].partition(",")[0] if isinstance(value, list) else "",
)
def test_breaking_change_is_named(change: Callable[[Schema], object], expected: list[str]) -> None:
    assert [line.replace("value.origin", "value.source") for line in broken(change)] == expected


RELEASED = last_release(Path(__file__).parents[3] / "schemas" / "released")
FIELDS = [
    (file.name, path, field)
    for file in sorted(RELEASED.iterdir())
    for path, found in objects(json.loads(file.read_bytes()))
    for field in found["properties"]
]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in FIELDS}))
def test_removal_of_any_released_field_is_noticed(name: str) -> None:
    released = json.loads((RELEASED / name).read_bytes())
    unnoticed = []
    for _, path, field in (entry for entry in FIELDS if entry[0] == name):
        current = copy.deepcopy(released)
        holder = dict(objects(current))[path]
        del holder["properties"][field]
        holder["required"] = [other for other in holder.get("required", []) if other != field]
        if not any(
            line.endswith(f".{field}: field removed or renamed") for line in breaking_changes(released, current)
        ):
            unnoticed.append((path, field))

    assert unnoticed == []


@pytest.mark.parametrize("name", sorted({name for name, _, _ in FIELDS}))
def test_any_field_that_becomes_required_or_optional_is_noticed(name: str) -> None:
    released = json.loads((RELEASED / name).read_bytes())
    unnoticed = []
    for _, path, field in (entry for entry in FIELDS if entry[0] == name):
        current = copy.deepcopy(released)
        holder = dict(objects(current))[path]
        holder["required"] = sorted(set(holder.get("required", [])) ^ {field})
        if not any(f".{field}: " in line and "required" in line for line in breaking_changes(released, current)):
            unnoticed.append((path, field))

    assert unnoticed == []


def put(folder: Path, name: str, schema: Schema) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(schema))


def test_folders_are_compared_file_by_file(tmp_path: Path) -> None:
    put(tmp_path / "1.0", "a.v1.schema.json", ARTICLE)
    put(tmp_path / "now", "a.v1.schema.json", ARTICLE | {"required": ["id"]})
    put(tmp_path / "now", "b.v1.schema.json", {})

    assert breaking_changes_in_folder(tmp_path / "1.0", tmp_path / "now") == [
        "a.v1.schema.json: value.source: no longer required, which released readers demand"
    ]


def test_removal_of_a_schema_is_a_breaking_change(tmp_path: Path) -> None:
    put(tmp_path / "1.0", "a.v1.schema.json", ARTICLE)
    put(tmp_path / "now", "b.v2.schema.json", ARTICLE)

    assert breaking_changes_in_folder(tmp_path / "1.0", tmp_path / "now") == [
        "a.v1.schema.json: schema removed without a higher major version"
    ]


def test_schema_may_be_replaced_by_a_higher_major_version(tmp_path: Path) -> None:
    put(tmp_path / "1.0", "a.v1.schema.json", ARTICLE)
    put(tmp_path / "now", "a.v2.schema.json", {})

    assert breaking_changes_in_folder(tmp_path / "1.0", tmp_path / "now") == []


def test_last_release_is_the_highest_version(tmp_path: Path) -> None:
    for name in ("1.2", "1.10", "draft"):
        (tmp_path / name).mkdir()

    assert last_release(tmp_path).name == "1.10"


def test_folder_without_a_release_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no release"):
        last_release(tmp_path)
