"""Documents, versions and the answer of the server; the server itself is in tests/search_engine."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from dateline.errors import BatchError, TransientError
from dateline_schemas import DateMention, Interval
from dateline_sinks.opensearch.bulk import bulk_body, check_items
from dateline_sinks.opensearch.document import document_id, document_of, document_version
from dateline_sinks.opensearch.mapping import index_mapping
from dateline_sinks.servers.opensearch.lockfile import read_server_lock
from support.sink_batches import BEGINNING, a_batch, a_retraction, a_revision


def test_every_field_of_a_document_is_mapped() -> None:
    properties = index_mapping("standard")["properties"]
    assert document_of(a_revision(), BEGINNING).keys() == properties.keys()


def test_a_retraction_has_no_text_whatever_its_record_has() -> None:
    document = document_of(a_retraction().model_copy(update={"annotations": {"mine": 1}}), BEGINNING)
    assert not document.keys() & {"title", "summary", "body", "entities", "dates", "annotations", "authors"}


def test_versions_are_milliseconds_and_never_negative() -> None:
    assert document_version(datetime(1970, 1, 1, 0, 0, 1, 1999, tzinfo=UTC)) == 1001
    assert document_version(datetime(1960, 1, 1, tzinfo=UTC)) == 0


def test_an_id_that_is_too_long_is_hashed() -> None:
    assert document_id("a" * 512) == "a" * 512
    assert len(document_id("界" * 255)) == 64


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-07-08", "2024-07-09", {"gte": datetime(2024, 7, 8, tzinfo=UTC), "lt": datetime(2024, 7, 9, tzinfo=UTC)}),
        ("-0050", "0014", {"lt": datetime(14, 1, 1, tzinfo=UTC)}),
        ("1999", "12000", {"gte": datetime(1999, 1, 1, tzinfo=UTC)}),
        ("-0050", "12000", None),
    ],
)
def test_a_range_is_open_where_it_leaves_the_years_of_python(start: str, end: str, expected: object) -> None:
    interval = Interval(start=start, end=end)
    date = DateMention(field="body", start=0, end=3, text="The", type="DATE", value=start, interval=interval)
    assert document_of(a_revision(dates=[date]), BEGINNING)["dates"][0]["during"] == expected


def test_a_range_has_a_millisecond_at_least() -> None:
    interval = Interval(start="2024-01-01T00:00:00.0001", end="2024-01-01T00:00:00.0002")
    date = DateMention(field="body", start=0, end=3, text="The", type="DATE", value="x", interval=interval)
    during = document_of(a_revision(dates=[date]), BEGINNING)["dates"][0]["during"]
    assert during["lt"] - during["gte"] == timedelta(milliseconds=1)


def test_a_batch_is_one_request_with_a_version_for_each_article() -> None:
    lines = [
        json.loads(line) for line in bulk_body(a_batch([a_revision(revision=2), a_revision("other")])).splitlines()
    ]
    assert [each["index"] for each in lines[::2]] == [
        {"_id": "ferry", "version": 1_719_838_800_000, "version_type": "external_gte"},
        {"_id": "other", "version": 1_719_835_200_000, "version_type": "external_gte"},
    ]
    assert [each["id"] for each in lines[1::2]] == ["ferry", "other"]


def an_answer(*statuses: int) -> dict[str, object]:
    def item(status: int) -> dict[str, object]:
        error = {"type": "some_exception", "reason": "because", "caused_by": {"reason": "of that"}}
        return {"index": {"_id": "x", "status": status} | ({"error": error} if status > 299 else {})}

    return {"errors": any(each > 299 for each in statuses), "items": [item(each) for each in statuses]}


def test_a_later_revision_in_the_index_is_no_error() -> None:
    check_items(an_answer(201, 409, 200))


def test_documents_that_do_not_fit_are_named() -> None:
    with pytest.raises(BatchError, match=r"because \(of that\)") as caught:
        check_items(an_answer(201, 400, 409, 400))
    assert set(caught.value.errors) == {1, 3}


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_all_other_errors_are_tried_again_even_beside_a_document_that_does_not_fit(status: int) -> None:
    with pytest.raises(TransientError, match=str(status)):
        check_items(an_answer(201, 400, status))


def test_the_list_of_the_server_s_jars_is_complete() -> None:
    lock = read_server_lock()
    assert lock.modules == ("analysis-common", "geo", "reindex", "transport-netty4")
    assert len({each.jar.file_name for each in lock.jars}) == len(lock.jars) > 80
    assert lock.version in str(lock)
