"""Expressions of several words are read whole or not at all, as seen from Thursday, 2024-06-27."""

from datetime import UTC, datetime

import pytest
from dateline_enrich.dates import DateTagger

TAGGER = DateTagger()
COUNTED = [
    ("Rain fell in the first week of April.", {"the first week of April": "2024-W14"}),
    ("Rain fell in the first week of June.", {"the first week of June": "2024-W23"}),
    ("Rain fell in the last week of February 2023.", {"the last week of February 2023": "2023-W08"}),
    ("They will meet in the second week of September.", {"the second week of September": "2024-W37"}),
    ("She left on the last Wednesday of April.", {"the last Wednesday of April": "2024-04-24"}),
    ("She left on the 3rd Friday in May.", {"the 3rd Friday in May": "2024-05-17"}),
    ("She left on the fifth Friday in May.", {"the fifth Friday in May": "2024-05-31"}),
    ("It was the final day of March last year.", {"the final day of March last year": "2023-03-31"}),
    ("It will end on the last day of the year.", {"the last day of the year": "2024-12-31"}),
    ("It was on the first weekend of June.", {"the first weekend of June": "2024-W22-WE"}),
    ("Rents fell in the first half of May.", {"the first half of May": "2024-05"}),
    ("Rents fell in the final weeks of 2022.", {"the final weeks of 2022": "2022"}),
    ("Rents fell in the second half of the 1980s.", {"the second half of the 1980s": "198"}),
    ("Rents fell in the last quarter of 2022.", {"the last quarter of 2022": "2022-Q4"}),
    ("The club meets on the first Tuesday of every month.", {"the first Tuesday of every month": "P1M"}),
    ("The second Sunday of Lent was cold.", {}),
    ("In the second week of the siege he fell.", {}),
    ("The first two weeks of May were cold.", {"The first two weeks": "P2W", "May": "2024-05"}),
    ("It was the first Monday since Easter.", {"Monday": "2024-06-24", "Easter": "2024-03-31"}),
]
OFFSETS = [
    ("The museum will open three weeks from Saturday.", {"three weeks from Saturday": "2024-07-20"}),
    ("It starts ten days from today.", {"ten days from today": "2024-07-07"}),
    ("It starts a fortnight from tomorrow.", {"a fortnight from tomorrow": "2024-07-12"}),
    ("It is closed for two weeks from Monday.", {"two weeks": "P2W", "Monday": "2024-06-24"}),
    ("It lasts two weeks from Monday.", {"two weeks": "P2W", "Monday": "2024-06-24"}),
    ("A 10-day strike from Friday was called off.", {"10-day": "P10D", "Friday": "2024-06-21"}),
    ("He fell ill a week ago Sunday.", {"a week ago Sunday": "2024-06-16"}),
    ("He fell ill two weeks ago on Monday.", {"two weeks ago on Monday": "2024-06-10"}),
    ("He was born a hundred years ago this week.", {"a hundred years ago this week": "1924-W26"}),
    ("He was born fifty years ago today.", {"fifty years ago today": "1974-06-27"}),
    ("They will vote the Thursday after next.", {"the Thursday after next": "2024-07-11"}),
    ("They voted on the Thursday before last.", {"the Thursday before last": "2024-06-13"}),
    ("It was sold the year before last.", {"the year before last": "2022"}),
    ("It was sold the week before last Friday.", {"last Friday": "2024-06-21"}),
    ("They play on Saturday week.", {"Saturday week": "2024-07-06"}),
    ("They play each Saturday, week in and week out.", {"each Saturday": "XXXX-WXX-6"}),
    ("He left the day after Christmas.", {"the day after Christmas": "2023-12-26"}),
    ("He left three days before Easter 2023.", {"three days before Easter 2023": "2023-04-06"}),
    ("He left the Sunday after May 1.", {"the Sunday after May 1": "2024-05-05"}),
    ("He left two days before Monday's vote.", {"two days": "P2D", "Monday": "2024-06-24"}),
    ("He left within two days after June 3.", {"two days": "P2D", "June 3": "2024-06-03"}),
]


@pytest.mark.parametrize(("sentence", "values"), [*COUNTED, *OFFSETS])
def test_compound_is_read_whole_or_not_at_all(sentence: str, values: dict[str, str]) -> None:
    found = {timex.text: timex.value for timex in TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))}
    assert found == values
