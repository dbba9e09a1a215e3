"""Dead letters: everything but the original bytes is in headers."""

from datetime import UTC, datetime

import pytest
from dateline_schemas import ContractError, DeadLetter, original_headers
from dateline_schemas.headers import DL_RESOLVES, REPLAY_GROUP
from dateline_schemas.records.dead_letter import MAX_MESSAGE_BYTES, NO_POSITION
from hypothesis import given
from hypothesis import strategies as st

WHEN = datetime(2024, 6, 27, 12, 0, 0, 250_000, tzinfo=UTC)


def letter(message: str = "title: Field required", trace_id: str | None = None) -> DeadLetter:
    return DeadLetter(
        topic="dateline.articles.parsed",
        partition=3,
        offset=2**40,
        timestamp=WHEN,
        group="enrich",
        stage="decode",
        error_type="ContractError",
        error_message=message,
        failed_at=WHEN,
        trace_id=trace_id,
        attempts=2,
    )


def test_headers_are_text_with_one_prefix() -> None:
    assert dict(letter(trace_id="4bf9").to_headers()) == {
        "dl_topic": b"dateline.articles.parsed",
        "dl_partition": b"3",
        "dl_offset": b"1099511627776",
        "dl_timestamp": b"2024-06-27T12:00:00.250000Z",
        "dl_group": b"enrich",
        "dl_stage": b"decode",
        "dl_error_type": b"ContractError",
        "dl_error_message": b"title: Field required",
        "dl_failed_at": b"2024-06-27T12:00:00.250000Z",
        "dl_trace_id": b"4bf9",
        "dl_attempts": b"2",
    }


@given(st.text(alphabet=st.characters()), st.none() | st.text(min_size=1))
def test_letter_is_read_back_equal(message: str, trace_id: str | None) -> None:
    original = letter(message, trace_id)

    assert DeadLetter.from_headers(original.to_headers([("ce_id", b"1")])) == original


@given(st.text(min_size=1, max_size=5).map(lambda text: text * MAX_MESSAGE_BYTES))
def test_long_message_is_truncated_between_characters(message: str) -> None:
    kept = letter(message).error_message

    assert MAX_MESSAGE_BYTES - 4 < len(kept.encode()) <= MAX_MESSAGE_BYTES
    assert message.startswith(kept)


def test_message_with_lone_surrogates_can_be_written() -> None:
    assert letter("bad name \udcff").error_message == "bad name ?"


def test_original_headers_are_kept_unchanged() -> None:
    original = [("ce_id", b"1"), ("twice", b"a"), ("twice", b"b"), ("raw", b"\xff")]

    assert letter().to_headers(original)[:4] == original
    assert original_headers(letter().to_headers(original)) == original


def test_dead_letter_of_a_replay_has_only_the_headers_of_the_last_failure() -> None:
    first = letter("first").to_headers([("ce_id", b"1")])
    replayed = [*first, (REPLAY_GROUP, b"enrich"), (DL_RESOLVES, b"0:7")]

    second = letter("second").to_headers(replayed)

    assert len(second) == len({name for name, _ in second})
    assert DeadLetter.from_headers(second).error_message == "second"
    assert REPLAY_GROUP not in dict(second)


def test_fields_that_a_newer_version_added_are_kept() -> None:
    headers = [*letter().to_headers(), ("dl_host", b"worker-1")]

    assert ("dl_host", b"worker-1") in DeadLetter.from_headers(headers).to_headers()


def test_letter_of_bytes_that_were_not_in_kafka_has_no_position() -> None:
    made = DeadLetter(
        topic="",
        partition=NO_POSITION,
        offset=NO_POSITION,
        source="news.jsonl:3",
        group="ingest",
        stage="parse",
        error_type="ValueError",
        error_message="no JSON",
        failed_at=WHEN,
    )

    assert DeadLetter.from_headers(made.to_headers()) == made


@pytest.mark.parametrize(
    ("name", "value"), [("dl_offset", b"x"), ("dl_offset", b"-2"), ("dl_failed_at", b"2024-06-27"), ("dl_group", None)]
)
def test_missing_or_invalid_header_is_named(name: str, value: bytes | None) -> None:
    headers = [(key, value if key == name else kept) for key, kept in letter().to_headers()]

    with pytest.raises(ContractError, match=f"header {name}: "):
        DeadLetter.from_headers(headers)


def test_record_without_the_headers_of_a_dead_letter_is_rejected() -> None:
    with pytest.raises(ContractError, match="header dl_topic: Field required"):
        DeadLetter.from_headers([("ce_id", b"1")])
