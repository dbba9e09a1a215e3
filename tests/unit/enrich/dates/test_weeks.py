"""Weekdays beside a week are days of it, as seen from Thursday, 2024-06-27."""

from datetime import UTC, datetime

import pytest
from dateline_enrich.dates import DateTagger

TAGGER = DateTagger()
AFTER = [
    ("The fair runs from Tuesday to Thursday next week.", ["2024-07-02", "2024-07-04", "2024-W27"]),
    ("The fair runs Monday through Friday of next week.", ["2024-07-01", "2024-07-05", "2024-W27"]),
    ("The fair was held Monday–Wednesday last week.", ["2024-06-17", "2024-06-19", "2024-W25"]),
    ("The fair opens Monday, Wednesday and Friday next week.", ["2024-07-01", "2024-07-03", "2024-07-05", "2024-W27"]),
    ("The fair opens between Tuesday and Friday next week.", ["2024-07-02", "2024-07-05", "2024-W27"]),
    ("The fair opened Monday and again on Friday last week.", ["2024-06-17", "2024-06-21", "2024-W25"]),
    ("They will play on Saturday of next weekend.", ["2024-07-06", "2024-W27-WE"]),
    ("They will play on Saturday and Sunday next weekend.", ["2024-07-06", "2024-07-07", "2024-W27-WE"]),
    ("They met on Thursday and next weekend will play.", ["2024-06-27", "2024-W27-WE"]),
    ("The seats are for Sunday's cup final next week.", ["2024-07-07", "2024-W27"]),
    ("They were at Tuesday's cup final last week.", ["2024-06-18", "2024-W25"]),
    ("By next Tuesday or Wednesday it is done.", ["2024-07-02", "2024-07-03"]),
    ("The fair was on Monday last week.", ["2024-06-17", "2024-W25"]),
    ("The fair opens on Monday this week.", ["2024-06-24", "2024-W26"]),
    ("The fair is shut from Friday until Tuesday next week.", ["2024-06-28", "2024-07-02", "2024-W27"]),
    ("It is for Friday this week and Monday next week.", ["2024-06-28", "2024-W26", "2024-07-01", "2024-W27"]),
    ("The fair opens at 9 a.m. on Monday next week.", ["2024-07-01T09:00", "2024-W27"]),
    ("The fair opens on Monday, the week after next.", ["2024-07-08", "2024-W28"]),
    ("It opens on Monday of the week beginning 8 July.", ["2024-07-08", "2024-W28"]),
    ("It fell on June 3 and again on Friday of the following week.", ["2024-06-03", "2024-06-14", "2024-W24"]),
    ("The guests arrived on Sunday this week.", ["2024-06-23", "2024-W26"]),
]
BEFORE = [
    ("Next week, from Tuesday to Thursday, the fair opens.", ["2024-W27", "2024-07-02", "2024-07-04"]),
    ("Last week on Monday and Friday it was shut.", ["2024-W25", "2024-06-17", "2024-06-21"]),
    ("It opens next week from Friday to Monday.", ["2024-W27", "2024-07-05", "2024-07-08"]),
    ("It closes late next week, on Friday.", ["2024-W27", "2024-07-05"]),
    ("Next week the fair opens on Tuesday.", ["2024-W27", "2024-07-02"]),
    ("Last week, the fair opened on Tuesday.", ["2024-W25", "2024-06-18"]),
]
APART = [
    ("The fair opened Tuesday. Next week it ends.", ["2024-06-25", "2024-W27"]),
    ("They met Tuesday and next week will travel.", ["2024-06-25", "2024-W27"]),
    ("She said Tuesday next week would be hard.", ["2024-06-25", "2024-W27"]),
    ("She said on Tuesday next week's fair was off.", ["2024-06-25", "2024-W27"]),
    ("She said Wednesday last week was hard.", ["2024-06-26", "2024-W25"]),
    ("Last week he fell ill; on Tuesday he died.", ["2024-W25", "2024-06-25"]),
    ("After a fall last week, on Tuesday shares rose.", ["2024-W25", "2024-06-25"]),
    ("Monday's report said last week was hard.", ["2024-06-24", "2024-W25"]),
    ("He left on Thursday last weekend.", ["2024-06-27", "2024-W25-WE"]),
    ("Last week's fall on Tuesday hurt.", ["2024-W25", "2024-06-25"]),
    ("Next week the fair opens, the mayor said on Tuesday.", ["2024-W27", "2024-06-25"]),
    ("Next week he meets the guest who arrived on Tuesday.", ["2024-W27", "2024-06-25"]),
    ("The fair opened on Tuesday\nNext week", ["2024-06-25", "2024-W27"]),
]


@pytest.mark.parametrize(("sentence", "values"), [*AFTER, *BEFORE])
def test_weekdays_beside_a_week_are_days_of_it(sentence: str, values: list[str]) -> None:
    found = TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))
    assert [timex.value for timex in found] == values


@pytest.mark.parametrize(("sentence", "values"), APART)
def test_weekday_and_week_of_two_clauses_do_not_belong_together(sentence: str, values: list[str]) -> None:
    found = TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))
    assert [timex.value for timex in found] == values


def test_weekdays_of_a_week_are_unknown_without_a_publication_date() -> None:
    found = TAGGER.tag("It runs from Tuesday to Thursday next week.", published=None)
    assert [timex.value for timex in found] == ["XXXX-WXX-2", "XXXX-WXX-4", "XXXX-WXX"]
