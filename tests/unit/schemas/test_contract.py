"""Records are read strictly, and unknown fields are kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_origin

import pytest
from dateline_schemas import TOPICS, Article, Contract, ContractError, Heartbeat, Seen, Source
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

EXAMPLES = Path(__file__).parents[3] / "schemas" / "examples"
RECORDS: list[tuple[type[Contract], Any]] = [
    (model, json.loads(file.read_bytes()))
    for topic in TOPICS.values()
    for name, model in [("", topic.model), *topic.parts]
    if model is not None
    for file in sorted((EXAMPLES / f"{topic.name}.{name}".rstrip(".")).glob("*.json"))
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=5,
)


def article(**changes: Any) -> Article:
    fields: dict[str, Any] = {
        "id": "0d600554-fcb8-50e0-bc77-b117eb0ce097",
        "source": Source(kind="file", uri="news.txt"),
        "title": "Title",
        "body": "Body",
        "fetched": datetime(2024, 6, 27, 12, tzinfo=UTC),
        "content_hash": "ab" * 32,
    }
    return Article(**(fields | changes))


def all_models(parent: type[Contract] = Contract) -> Iterator[type[Contract]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("dateline_schemas."):
            yield child
            yield from all_models(child)


# Their keys are data instead of fields.
MAPS = {
    name
    for model in all_models()
    for name, field in model.model_fields.items()
    if get_origin(field.annotation) is dict or field.annotation is dict
}


def add_everywhere(value: Any, name: str, unknown: Any, field: str = "") -> Any:
    if isinstance(value, list):
        return [add_everywhere(item, name, unknown) for item in value]
    if isinstance(value, dict) and field not in MAPS:
        known = {key: add_everywhere(item, name, unknown, key) for key, item in value.items()}
        return known | {name: unknown}
    return value


def models_within(value: object) -> Iterator[type[Contract]]:
    if isinstance(value, Contract):
        yield type(value)
        for _, item in value:
            yield from models_within(item)
    elif isinstance(value, list):
        for item in value:
            yield from models_within(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from models_within(item)


@given(st.sampled_from(RECORDS), st.text(min_size=1).map(lambda name: f"x_{name}"), JSON)
def test_unknown_fields_are_kept_at_every_level(record: tuple[type[Contract], Any], name: str, unknown: Any) -> None:
    model, known = record
    value = add_everywhere(known, name, unknown)

    written = model.from_bytes(json.dumps(value).encode()).to_bytes()

    assert json.loads(written) == value


def test_examples_contain_every_model() -> None:
    seen = {found for model, value in RECORDS for found in models_within(model.model_validate(value))}

    names = {model.__name__ for model in all_models() if not model.__name__.startswith("_")}
    assert names - {model.__name__ for model in seen} == {"DeadLetter"}


def test_record_is_written_as_compact_utf8_with_nulls() -> None:
    written = article(title="Café").to_bytes()

    assert '"title":"Café"'.encode() in written
    assert b'"summary":null' in written


def test_an_article_of_contract_1_0_has_no_media() -> None:
    stated = json.loads((EXAMPLES / "articles.parsed" / "from-a-feed.json").read_bytes())
    del stated["media"]
    assert Article.from_bytes(json.dumps(stated).encode()).media == []


def test_record_is_read_back_equal() -> None:
    original = article(published=datetime(2024, 6, 27, tzinfo=UTC), published_precision="day")

    assert Article.from_bytes(original.to_bytes()) == original


def test_a_field_with_an_alias_is_written_as_it_is_read() -> None:
    class Aliased(Contract):
        per_cent: float = Field(alias="perCent")

    original = Aliased(perCent=3.5)
    assert original.to_bytes() == b'{"perCent":3.5}'
    assert Aliased.from_bytes(original.to_bytes()) == original


def test_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(article(), "title", "Other")  # noqa: B010 - mypy knows that the attribute is read-only


def test_times_are_converted_to_utc() -> None:
    tokyo = datetime(2024, 6, 27, 9, tzinfo=timezone(timedelta(hours=9)))

    made = article(fetched=tokyo)

    assert made.fetched == datetime(2024, 6, 27, 0, tzinfo=UTC)
    assert made.fetched.tzinfo is UTC
    assert b'"fetched":"2024-06-27T00:00:00Z"' in made.to_bytes()


@pytest.mark.parametrize("wrong", ["2024-06-27T09:00:00", "2024-06-27", "0001-01-01T00:00:00+10:00", 1719446400])
def test_time_without_an_offset_is_rejected(wrong: object) -> None:
    value = json.loads(article().to_bytes()) | {"fetched": wrong}

    with pytest.raises(ContractError, match=r"^Article\.fetched: "):
        Article.from_bytes(json.dumps(value).encode())


def test_precision_without_a_date_is_rejected() -> None:
    with pytest.raises(ValidationError, match="both be given or both be null"):
        article(published_precision="day")


def test_date_without_a_precision_is_rejected() -> None:
    with pytest.raises(ValidationError, match="both be given or both be null"):
        article(published=datetime(2024, 6, 27, tzinfo=UTC))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"no json", b"\xff\xfe", b'"text"', b"null", b"[]", b'{"title": "\\ud800"}', b"[" * 10_000]
)
def test_invalid_bytes_are_rejected_with_one_line(data: bytes) -> None:
    with pytest.raises(ContractError, match=r"^Article: [^\n]+$"):
        Article.from_bytes(data)


def test_error_names_the_field_and_counts_the_rest() -> None:
    with pytest.raises(ContractError, match=r"^Seen\.content_hash: Field required \(and 2 more\)$"):
        Seen.from_bytes(b"{}")


def test_error_names_a_nested_field() -> None:
    value = json.loads(article().to_bytes())
    value["source"]["kind"] = "carrier pigeon"

    with pytest.raises(ContractError, match=r"^Article\.source\.kind: Input should be 'feed'"):
        Article.from_bytes(json.dumps(value).encode())


def test_error_does_not_repeat_the_data() -> None:
    with pytest.raises(ContractError) as caught:
        Seen.from_bytes(json.dumps({"content_hash": "z" * 10_000, "revision": 1, "seen_at": "x"}).encode())

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("revision", ["1", 1.5, True, 0, None])
def test_only_numbers_are_accepted_as_numbers(revision: object) -> None:
    value = {"content_hash": "ab" * 32, "revision": revision, "seen_at": "2024-06-27T00:00:00Z"}

    with pytest.raises(ContractError, match=r"^Seen\.revision: "):
        Seen.from_bytes(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("tag", "fits"), [("en", True), ("pt-BR", True), ("zh-Hant-TW", True), ("en_US", False), ("", False)]
)
def test_language_must_be_a_language_tag(tag: str, fits: bool) -> None:
    if fits:
        assert article(language=tag).language == tag
    else:
        with pytest.raises(ValidationError):
            article(language=tag)


def test_details_of_a_heartbeat_are_kept_unchanged() -> None:
    details = {"queue": {"length": 3}, "feeds": ["a", None, 1.5]}
    now = datetime(2024, 6, 27, tzinfo=UTC)
    beat = Heartbeat(
        service="ingest",
        instance="a",
        host="h",
        pid=1,
        version="1",
        started=now,
        at=now,
        state="running",
        interval_seconds=5,
        details=details,
    )

    assert Heartbeat.from_bytes(beat.to_bytes()).details == details
