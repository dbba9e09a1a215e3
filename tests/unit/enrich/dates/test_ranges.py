"""Ranges whose ends tell the year of each other."""

from datetime import UTC, datetime

import pytest
from dateline_enrich.dates import DateTagger

TAGGER = DateTagger()


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("The beach is guarded from Memorial Day to Labor Day.", ["2024-05-27", "2024-09-02"]),
        ("The ice rink will open from Thanksgiving until Easter.", ["2024-11-28", "2025-04-20"]),
        ("The shop was shut from Christmas to New Year's Day.", ["2023-12-25", "2024-01-01"]),
        ("She was in hospital from November to March.", ["2023-11", "2024-03"]),
        ("The road will be closed from November to March.", ["2024-11", "2025-03"]),
        ("It fell from October to May.", ["2023-10", "2024-05"]),
        ("It is shut from December 20 to January 5, 2025.", ["2024-12-20", "2025-01-05"]),
        ("The show will run from December 28 through January 6.", ["2024-12-28", "2025-01-06"]),
        ("They fought between July 31 and August 14, 2020.", ["2020-07-31", "2020-08-14"]),
        ("The fair lasts Thursday to Sunday.", ["2024-06-27", "2024-06-30"]),
        ("It was revised on Friday to March's figure.", ["2024-06-21", "2024-03"]),
        ("It was bought from April 14 to Thursday.", ["2024-04-14", "2024-06-27"]),
        ("It is open from 6 a.m. to 11 p.m. Monday.", ["2024-06-27T06:00", "2024-06-24T23:00"]),
        ("They met in May and October.", ["2024-05", "2023-10"]),
        ("They met in March, April and May 2022.", ["2022-03", "2022-04", "2022-05"]),
        ("They met in March, April, and May last year.", ["2023-03", "2023-04", "2023-05"]),
        (
            "They met on May 3, June 4, July 5 and August 6, 2021.",
            ["2021-05-03", "2021-06-04", "2021-07-05", "2021-08-06"],
        ),
        ("They met in March, and in May 2022 they parted.", ["2024-03", "2022-05"]),
    ],
)
def test_ends_of_a_range_have_their_values(sentence: str, values: list[str]) -> None:
    found = TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))
    assert [timex.value for timex in found] == values
