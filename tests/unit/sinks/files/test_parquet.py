"""What a file of Parquet contains: the same as the article, in columns."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from dateline.errors import PermanentError
from dateline.kafka.records import Record
from dateline.sink.batch import SinkRecord
from dateline_schemas import DateMention, EnrichedArticle, EnricherInfo, Entity, Interval, Link, Mention
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.parquet import parquet_format
from dateline_sinks.parquet.arrow_schema import json_schema, row_schema
from dateline_sinks.parquet.conversion import table_of
from dateline_sinks.parquet.parquet_format import ParquetFormat
from support.articles import an_article
from support.file_batches import TOPIC, a_file_place, a_record

EXAMPLES = sorted((Path(__file__).parents[4] / "schemas/examples/articles.enriched").glob("*.json"))

RETRACTED = datetime(2024, 7, 1, tzinfo=UTC)


def row_of(value: bytes) -> dict[str, Any]:
    """Return the row of one record at offset 7."""
    (row,) = table_of([a_record(7, value)]).to_pylist()
    return dict(row)


def an_enriched(**changes: Any) -> EnrichedArticle:
    mention = Mention(field="title", start=0, end=5, text="Ferry")
    given: dict[str, Any] = {
        "article": an_article(),
        "revision": 2,
        "revised_at": datetime(2024, 6, 28, 1, 2, 3, 4000, UTC),
        "entities": [
            Entity(
                id="x",
                type="location",
                name="Ferry",
                titles=["the"],
                mentions=[mention],
                links=[Link(scheme="wikidata", id="Q1", confidence=0.5)],
                salience=0.25,
            ),
            Entity(id="y", type="person", name="Nobody"),
        ],
        "dates": [
            DateMention(
                field="body", start=25, end=31, text="Monday", type="DATE", value="2024-07-01", interval=interval
            )
            for interval in (Interval(start="2024-07-01", end="2024-07-02"), None)
        ],
        "enrichers": [EnricherInfo(name="dates", version="1")],
        **changes,
    }
    return EnrichedArticle(**given)


def expected(enriched: EnrichedArticle, *, timestamp: datetime | None = None) -> dict[str, Any]:
    """Return the row as the model says it, without the instants of dates."""
    article = enriched.article.model_dump()
    source = article.pop("source")
    article.pop("updated_precision")
    article.pop("text_reason")
    dumped = enriched.model_dump()
    return {
        **{name: article[name] for name in article if name in row_schema().names},
        **{name: dumped[name] for name in ("revision", "entities", "dates", "enrichers")},
        "offset": 7,
        "revised_at": enriched.revised_at or timestamp,
        "language": enriched.language or enriched.article.language,
        "observed": enriched.article.observed_at,
        **{f"source_{name}": source[name] for name in source},
    }


def without_instants(row: dict[str, Any]) -> dict[str, Any]:
    row = dict(row)
    assert json.loads(row.pop("annotations")) == {}
    hidden = ("starts", "ends")
    row["dates"] = [{name: date[name] for name in date if name not in hidden} for date in row["dates"]]
    return row


@pytest.mark.parametrize(
    "enriched",
    [
        *(EnrichedArticle.from_bytes(path.read_bytes()) for path in EXAMPLES),
        an_enriched(),
        an_enriched(language="ka", article=an_article(body='ქ\N{GRINNING FACE}\x00\n\t"\\', language="en")),
        an_enriched(article=an_article(url=None, published=None, language="pt-BR"), entities=[], dates=[]),
        an_enriched(article=an_article(published=datetime(1, 1, 1, tzinfo=UTC))),
    ],
)
def test_a_row_has_what_the_article_has(enriched: EnrichedArticle) -> None:
    assert without_instants(row_of(enriched.to_bytes())) == expected(enriched)


def test_every_field_of_the_contract_has_a_column() -> None:
    """A field that is added to the contract is added to the columns, or to the ones that are left out here."""
    left_out = {"updated_precision", "text_reason"}
    fields = json_schema()
    assert {"annotations", *fields.names} == set(EnrichedArticle.model_fields)
    article = EnrichedArticle.model_fields["article"].annotation
    assert {field.name for field in fields.field("article").type} | left_out == set(article.model_fields)  # type: ignore[union-attr]
    for name, model in (("entities", Entity), ("dates", DateMention), ("enrichers", EnricherInfo)):
        assert {field.name for field in fields.field(name).type.value_type} == set(model.model_fields)


def test_a_record_of_contract_1_0_is_ordered_by_its_timestamp_and_has_empty_lists() -> None:
    value = json.loads(an_enriched(revised_at=None, entities=[], dates=[], enrichers=[]).to_bytes())
    for name in ("revised_at", "entities", "dates", "enrichers", "annotations", "language"):
        del value[name]
    for name in ("authors", "categories", "media", "observed", "text_from", "retracted"):
        del value["article"][name]
    row = row_of(json.dumps(value).encode())
    enriched = EnrichedArticle.from_bytes(json.dumps(value).encode())
    timestamp = datetime.fromtimestamp(1_719_500_000.007, UTC)
    assert without_instants(row) == expected(enriched, timestamp=timestamp)


@pytest.mark.parametrize(
    "unusual",
    [
        lambda text: json.dumps(json.loads(text), indent=2),
        lambda text: text.replace('"revision":2', '"revision":1,"revision":2'),
        lambda text: text.replace("2024-06-28T00:00:00Z", "2024-06-28T02:00:00+02:00"),
        lambda text: text.replace("2024-06-28T00:00:00Z", "2024-06-28T00:00:00.0000001Z"),
        lambda text: text[:-1] + ',"new":{"field":[1,"a",null]}}',
        lambda text: text.replace('"revision":2', '"revision":2,"new":[1,"a"]'),
        lambda text: text[:-1] + ',"new":{"annotations":{}}}',
        lambda text: text.replace('"titles":["the"]', '"titles":["the"],"new":{"a":[]}'),
    ],
)
def test_json_of_another_form_makes_the_same_row(unusual: Any) -> None:
    usual = an_enriched().to_bytes()
    value = unusual(usual.decode()).encode()
    assert value != usual
    rows = table_of([a_record(7, usual), a_record(7, value), a_record(7, usual)]).to_pylist()
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize(
    ("start", "end", "starts", "ends"),
    [
        ("2024", "2025", datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        (
            "2024-06-27T10",
            "2024-06-27T11",
            datetime(2024, 6, 27, 10, tzinfo=UTC),
            datetime(2024, 6, 27, 11, tzinfo=UTC),
        ),
        ("-0044-03-15", "-0044-03-16", None, datetime(1, 1, 1, tzinfo=UTC)),
        ("9000", "12000", datetime(9000, 1, 1, tzinfo=UTC), None),
        ("2024-02-30", "2024-03-01", None, None),
    ],
)
def test_dates_have_the_instants_of_their_interval(start: str, end: str, starts: Any, ends: Any) -> None:
    usual = an_enriched().to_bytes()
    value = usual.replace(b'"start":"2024-07-01","end":"2024-07-02"', f'"start":"{start}","end":"{end}"'.encode())
    with_interval, without = row_of(value)["dates"]
    assert with_interval["interval"] == {"start": start, "end": end}
    assert (with_interval["starts"], with_interval["ends"]) == (starts, ends)
    assert (without["interval"], without["starts"], without["ends"]) == (None, None, None)


@pytest.mark.parametrize(
    "annotations",
    [{}, {"topics": ["ferry"]}, {"mixed": [1, "a", None, {"annotations": {}}]}, {"text": '"annotations":{}}'}],
)
def test_annotations_are_their_json(annotations: dict[str, Any]) -> None:
    values = [an_enriched(annotations=each).to_bytes() for each in (annotations, {"other": 1})]
    rows = table_of([a_record(7, each) for each in values]).to_pylist()
    assert [json.loads(row["annotations"]) for row in rows] == [annotations, {"other": 1}]


def test_a_retraction_is_a_row_without_content() -> None:
    article = an_article("", "").model_copy(
        update={"retracted": RETRACTED, "summary": "It sails.", "authors": ["A. Author"], "categories": ["news"]}
    )
    retracted = an_enriched(article=article, annotations={"topics": ["ferry"]})
    rows = table_of([a_record(7, an_enriched().to_bytes()), a_record(8, retracted.to_bytes())]).to_pylist()
    assert rows[0] == row_of(an_enriched().to_bytes())
    assert rows[1]["retracted"] == RETRACTED
    empty = ("authors", "categories", "media", "entities", "dates")
    assert [rows[1][name] for name in empty] == [[], [], [], [], []]
    assert (rows[1]["title"], rows[1]["summary"], rows[1]["body"]) == ("", None, "")
    assert (rows[1]["url"], rows[1]["revision"], rows[1]["annotations"]) == (retracted.article.url, 2, "{}")


def test_a_number_that_does_not_fit_is_a_permanent_error() -> None:
    with pytest.raises(PermanentError, match="columns"):
        table_of([a_record(7, an_enriched().to_bytes().replace(b'"start":25', b'"start":%d' % 2**40))])


def test_a_record_that_is_only_decoded_is_written_too() -> None:
    enriched = an_enriched()
    (row,) = table_of([SinkRecord(Record(TOPIC, 3, 7, 0, b"key", b""), enriched)]).to_pylist()
    assert without_instants(row) == expected(enriched)


def write(path: Path, records: Sequence[SinkRecord]) -> FileRange:
    covered = FileRange.of(a_file_place(), 5, 5 + len(records))
    with path.open("wb") as file:
        ParquetFormat(3).write(file, records, covered)
    return covered


def test_the_file_states_its_range_and_the_version_of_its_columns(tmp_path: Path) -> None:
    covered = write(tmp_path / "file", [a_record(offset) for offset in range(5, 8)])
    assert ParquetFormat(3).read_range(tmp_path / "file") == covered
    metadata = pq.read_metadata(tmp_path / "file")
    assert metadata.metadata[b"dateline.schema"] == b"1"
    assert metadata.metadata[b"dateline.first_offset"] == b"5"
    assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_large_batches_become_several_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [a_record(offset) for offset in range(5, 25)]
    monkeypatch.setattr(parquet_format, "GROUP_BYTES", records[0].record.size * 8)
    write(tmp_path / "file", records)
    assert pq.read_metadata(tmp_path / "file").num_row_groups == 3
    assert pq.read_table(tmp_path / "file")["offset"].to_pylist() == list(range(5, 25))


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, kept: int) -> None:
    write(tmp_path / "file", [a_record(5)])
    (tmp_path / "cut").write_bytes((tmp_path / "file").read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"."):
        ParquetFormat(3).read_range(tmp_path / "cut")


def test_parquet_of_others_is_refused(tmp_path: Path) -> None:
    pq.write_table(table_of([a_record(5)]), tmp_path / "file")
    with pytest.raises(ValueError, match="missing"):
        ParquetFormat(3).read_range(tmp_path / "file")


def test_a_full_disk_is_told_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space") as caught, Path("/dev/full").open("wb", buffering=0) as full:
        ParquetFormat(3).write(full, [a_record(5)], FileRange.of(a_file_place(), 5, 6))
    assert caught.value.errno == 28
