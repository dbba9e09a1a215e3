"""The generated contracts agree with the models, with their examples and with the last release."""

import json
from pathlib import Path
from typing import Any

import pytest
from dateline_schemas import TOPICS, DeadLetter, EnrichedArticle, Topic, check_offsets
from dateline_schemas.headers import DL_PREFIX
from dateline_schemas.topics import (
    ARTICLES_ENRICHED,
    DEAD_LETTERS,
    FEED_PAGES,
    FEED_PUSHES,
    FIGURES,
    PAGE_REQUESTS,
    PAGE_STATE,
    SITES,
)
from jsonschema import Draft202012Validator

from schemas.generation.__main__ import CHECKOUT, differences
from schemas.generation.compatibility import breaking_changes_in_folder, last_release
from schemas.generation.json_schema import file_name

JSON = CHECKOUT / "json"
RELEASED = last_release(CHECKOUT / "released")
ADDED = (FEED_PUSHES, FEED_PAGES, FIGURES, PAGE_REQUESTS, PAGE_STATE, SITES)
"""Topics that the last release does not have."""


def folder(topic: Topic, part: str) -> str:
    return f"{topic.name}.{part}" if part else topic.name


SCHEMAS = pytest.mark.parametrize("file", sorted(JSON.iterdir()), ids=lambda file: file.name)
EXAMPLES = pytest.mark.parametrize(
    ("topic", "part", "file"),
    [
        pytest.param(topic, part, file, id=f"{folder(topic, part)}/{file.stem}")
        for topic in TOPICS.values()
        for part in ["", *dict(topic.parts)]
        for file in sorted((CHECKOUT / "examples" / folder(topic, part)).glob("*.json"))
    ],
)


def schema_of(topic: Topic, part: str = "") -> Any:
    return json.loads((JSON / file_name(topic, part or ("" if topic.model else "headers"))).read_bytes())


def test_generated_files_match_the_models() -> None:
    assert differences(CHECKOUT) == [], "run `make schemas` and commit what it writes"


def test_schemas_are_compatible_with_the_last_release() -> None:
    released = last_release(CHECKOUT / "released")

    assert breaking_changes_in_folder(released, JSON) == []


def test_release_has_a_schema_for_every_topic() -> None:
    released = {file.name for file in last_release(CHECKOUT / "released").iterdir()}

    # Parts and some topics were added after the release.
    old = [topic for topic in TOPICS.values() if topic not in ADDED]
    assert released >= {file_name(topic, "" if topic.model else "headers") for topic in old}


@SCHEMAS
def test_schema_is_valid_json_schema(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_bytes()))


@SCHEMAS
def test_schema_describes_every_field(file: Path) -> None:
    schema = json.loads(file.read_bytes())
    described = {
        (name, field)
        for name, part in [("", schema), *schema.get("$defs", {}).items()]
        for field, content in part["properties"].items()
        if not content.get("description")
    }

    assert described == set()


@SCHEMAS
def test_unknown_fields_are_allowed_at_every_level(file: Path) -> None:
    schema = json.loads(file.read_bytes())

    assert all(part["additionalProperties"] is True for part in [schema, *schema.get("$defs", {}).values()])


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())
def test_topic_has_an_example(topic: Topic) -> None:
    assert list((CHECKOUT / "examples" / topic.name).glob("*.json"))


def test_every_folder_of_examples_belongs_to_a_topic() -> None:
    wanted = {folder(topic, part) for topic in TOPICS.values() for part in ["", *dict(topic.parts)]}

    assert {path.name for path in (CHECKOUT / "examples").iterdir()} == wanted


@EXAMPLES
def test_example_is_valid_by_the_schema(topic: Topic, part: str, file: Path) -> None:
    Draft202012Validator(schema_of(topic, part), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        json.loads(file.read_bytes())
    )


def without_added_fields(value: Any, schema: Any, document: Any) -> Any:
    """Return a value without the fields that a released schema does not have, at every level."""
    if "$ref" in schema:
        return without_added_fields(value, document["$defs"][schema["$ref"].rpartition("/")[2]], document)
    if isinstance(value, list):
        return [without_added_fields(item, schema.get("items", {}), document) for item in value]
    if isinstance(value, dict):
        branches = [*schema.get("anyOf", []), schema]
        known = next((branch for branch in branches if "$ref" in branch), schema)
        if known is not schema:
            return without_added_fields(value, known, document)
        fields = schema.get("properties")
        if fields is not None:
            return {
                name: without_added_fields(item, fields[name], document)
                for name, item in value.items()
                if name in fields
            }
    return value


@EXAMPLES
def test_record_is_valid_for_readers_of_the_last_release(topic: Topic, part: str, file: Path) -> None:
    released = RELEASED / file_name(topic, part or ("" if topic.model else "headers"))
    if topic in ADDED or part:
        assert not released.exists()
        return

    schema = json.loads(released.read_bytes())
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        json.loads(file.read_bytes())
    )


@EXAMPLES
def test_record_of_the_last_release_is_read(topic: Topic, part: str, file: Path) -> None:
    released = RELEASED / file_name(topic, part)
    if topic.model is None or not released.exists():
        return
    schema = json.loads(released.read_bytes())
    example = json.loads(file.read_bytes())

    old = without_added_fields(example, schema, schema)

    written = json.loads(topic.model.from_bytes(json.dumps(old).encode()).to_bytes())
    assert without_added_fields(written, schema, schema) == old
    added = example.keys() - old.keys()
    assert all(written.get(name) in (None, [], {}, 0, 0.0) for name in added)


@EXAMPLES
def test_example_is_exactly_what_the_model_writes(topic: Topic, part: str, file: Path) -> None:
    example = json.loads(file.read_bytes())
    model = dict(topic.parts)[part] if part else topic.model
    if model is None:
        letter = DeadLetter.from_headers((name, text.encode()) for name, text in example.items())
        assert {name: value.decode() for name, value in letter.to_headers()} == example
    else:
        assert json.loads(model.from_bytes(file.read_bytes()).to_bytes()) == example


@EXAMPLES
def test_schema_rejects_an_example_without_a_required_field(topic: Topic, part: str, file: Path) -> None:
    schema = schema_of(topic, part)
    validator = Draft202012Validator(schema)
    example = json.loads(file.read_bytes())
    accepted = [
        field
        for field in schema.get("required", [])
        if validator.is_valid({name: value for name, value in example.items() if name != field})
    ]

    # What is learned of a site has a default for everything.
    assert schema.get("required") or schema["title"] in {"LearnedSite", "HandedArticles"}
    assert accepted == []


def test_offsets_of_the_examples_are_right() -> None:
    for file in (CHECKOUT / "examples" / ARTICLES_ENRICHED.name).glob("*.json"):
        assert check_offsets(EnrichedArticle.from_bytes(file.read_bytes())) == []


def test_headers_of_dead_letters_are_all_in_the_schema() -> None:
    assert schema_of(DEAD_LETTERS)["properties"].keys() == {DL_PREFIX + name for name in DeadLetter.model_fields}
