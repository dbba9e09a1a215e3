"""Intervals of ISO 8601 as instants of a database."""

from datetime import UTC, datetime

import pytest
from dateline_schemas.records.date_mention import Interval
from dateline_sinks.relational.instants import FIRST, LAST, interval_instants
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-06-11", "2024-06-12", (at(2024, 6, 11), at(2024, 6, 12))),
        ("2024", "2025", (at(2024, 1, 1), at(2025, 1, 1))),
        ("2024-06", "+2024-07", (at(2024, 6, 1), at(2024, 7, 1))),
        ("2024-06-11T10", "2024-06-11T10:30", (at(2024, 6, 11, 10), at(2024, 6, 11, 10, 30))),
        ("2024-06-11T10:00:00.5Z", "2024-06-11T24:00", (at(2024, 6, 11, 10, 0, 0, 500_000), at(2024, 6, 12))),
        ("2024-06-11T10:00+02:00", "2024-06-11T10:00-01:30", (at(2024, 6, 11, 8), at(2024, 6, 11, 11, 30))),
        ("2016-12-31T23:59:60", "2017-01-02", (at(2017, 1, 1), at(2017, 1, 2))),
    ],
)
def test_points_become_instants_in_utc(start: str, end: str, expected: tuple[datetime, datetime]) -> None:
    assert interval_instants(start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("-0500", "2024", (None, at(2024, 1, 1))),
        ("0000", "0002", (None, at(2, 1, 1))),
        ("-0500", "-0400", (None, FIRST)),
        ("2024", "10000", (at(2024, 1, 1), None)),
        ("12000", "12001", (LAST, None)),
        ("9999-12-31T23:00-05:00", "10000-01-02", (LAST, None)),
        ("0001-01-01T00:00+01:00", "0001-02", (None, at(1, 2, 1))),
        ("-500000", "500000", (None, None)),
        ("2024", "9" * 5000, (at(2024, 1, 1), None)),
    ],
)
def test_years_out_of_range_leave_a_side_open(
    start: str, end: str, expected: tuple[datetime | None, datetime | None]
) -> None:
    assert interval_instants(start, end) == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-02-29", "2023-03-01"),
        ("2023-13", "2024-01"),
        ("2023-00-01", "2024-01"),
        ("2023-01-01T25", "2024-01"),
        ("2023-01-01T24:01", "2024-01"),
        ("2023-01-01T10:61", "2024-01"),
        ("2023-01-01T10:00+24:00", "2024-01"),
        ("2024", "2024"),
        ("2024-01-02", "2024-01-01"),
        ("10000", "2024"),
        ("next week", "2024"),
    ],
)
def test_intervals_that_do_not_exist_have_no_instants(start: str, end: str) -> None:
    assert interval_instants(start, end) == (None, None)


PATTERN = TypeAdapter(Interval).json_schema()["properties"]["start"]["pattern"]


@given(st.from_regex(PATTERN, alphabet=st.characters(max_codepoint=127)), st.from_regex(PATTERN))
def test_every_interval_of_the_contract_has_ordered_instants_or_none(start: str, end: str) -> None:
    starts, ends = interval_instants(start, end)
    assert starts is None or ends is None or starts < ends
