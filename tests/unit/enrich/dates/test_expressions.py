"""Expressions of every class with their values as seen from Thursday, 2024-06-27."""

from datetime import UTC, datetime

import pytest
from dateline_enrich.dates import DateTagger

TAGGER = DateTagger()
EXPRESSIONS = [
    ("The fair runs from 3 to 5 July.", "3", "2024-07-03"),
    ("It lasts from Monday to Friday.", "Friday", "2024-06-28"),
    ("He served from May to July 1968.", "May", "1968-05"),
    ("The plan of FY2024 failed.", "FY2024", "2024"),
    ("Sales in H1 2024 rose.", "H1 2024", "2024-H1"),
    ("Next quarter, sales may rise.", "Next quarter", "2024-Q3"),
    ("The current quarter is weak.", "The current quarter", "2024-Q2"),
    ("It lost money in the last quarter.", "the last quarter", "2024-Q1"),
    ("In the fourth quarter of last year it lost money.", "the fourth quarter of last year", "2023-Q4"),
    ("First-quarter net fell from the year-ago quarter.", "the year-ago quarter", "2023-Q1"),
    ("In the year-earlier third quarter it earned more.", "the year-earlier third quarter", "2022-Q3"),
    ("Third-quarter net rose from the 2022 period.", "the 2022 period", "2022-Q3"),
    ("It begins at half past nine.", "half past nine", "2024-06-27T09:30"),
    ("He left at 12 a.m. yesterday.", "12 a.m. yesterday", "2024-06-26T00:00"),
    ("The film starts at 3 in the afternoon.", "3 in the afternoon", "2024-06-27T15:00"),
    ("He was held in the early hours of Sunday.", "the early hours of Sunday", "2024-06-23TMO"),
    ("It ended the previous Friday.", "the previous Friday", "2024-06-21"),
    ("He will come this weekend.", "this weekend", "2024-W26-WE"),
    ("They meet again in three weeks from now.", "three weeks from now", "2024-W29"),
    ("It was sold six and a half months ago.", "six and a half months ago", "2023-12"),
    ("It opened a century ago.", "a century ago", "1924"),
    ("It burned some 20 years ago.", "some 20 years ago", "2004"),
    ("He came back 36 hours later.", "36 hours later", "PT36H"),
    ("He left 48 hours ago.", "48 hours ago", "2024-06-25"),
    ("It closed over a year ago.", "over a year ago", "2023"),
    ("It ends by the middle of next month.", "the middle of next month", "2024-07"),
    ("It is the best since year-end.", "year-end", "2023"),
    ("In the fiscal year he lost money.", "the fiscal year", "2024"),
    ("They strike every other day.", "every other day", "P2D"),
    ("They swim every morning.", "every morning", "XXXX-XX-XXTMO"),
    ("It blooms every May.", "every May", "XXXX-05"),
    ("It rains every autumn.", "every autumn", "XXXX-FA"),
    ("The show airs Friday nights.", "Friday nights", "XXXX-WXX-5TNI"),
    ("It took two to six days.", "two to six days", "PXD"),
    ("It took a year and a half.", "a year and a half", "P1Y6M"),
    ("It lasts 1.5 hours.", "1.5 hours", "PT1H30M"),
    ("It lasted a couple of years.", "a couple of years", "P2Y"),
    ("It lasted two hundred and ten years.", "two hundred and ten years", "P210Y"),
    ("It was 1,460 years old after 1,460 years of rest.", "1,460 years", "P1460Y"),
    ("For decades nobody came.", "decades", "PXDE"),
    ("It rose on Black Friday.", "Black Friday", "2023-11-24"),
    ("They will vote on Election Day.", "Election Day", "2024-11-05"),
    ("The sale ended on Cyber Monday 2022.", "Cyber Monday 2022", "2022-11-28"),
    ("He rested last Memorial Day.", "last Memorial Day", "2024-05-27"),
    ("He fasted on Yom Kippur 2023.", "Yom Kippur 2023", "2023-09-25"),
    ("She left next Christmas.", "next Christmas", "2024-12-25"),
    ("It fell on the night of June 11.", "the night of June 11", "2024-06-11TNI"),
    ("It was built in the 1700s.", "the 1700s", "17"),
    ("Born in '98, he sings.", "'98", "1998"),
    ("In the year two thousand and six it rained.", "the year two thousand and six", "2006"),
    ("The first of January 2025 is a holiday.", "The first of January 2025", "2025-01-01"),
    ("He was shot last Oct. 23.", "last Oct. 23", "2023-10-23"),
    ("They meet next July 4.", "next July 4", "2024-07-04"),
    ("In May 2001 he left; that month she came.", "that month", "2001-05"),
    ("In 1999 he left; the previous year she came.", "the previous year", "1998"),
    ("In 1999 he left, and in August of that year she came.", "August of that year", "1999-08"),
    ("He fell ill on May 3, 2001 and was dead two days later.", "two days later", "2001-05-05"),
    ("He fell ill on May 31, 2001; a month later he died.", "a month later", "2001-06"),
    ("It opened in spring 2020; the following autumn it closed.", "the following autumn", "2020-FA"),
    ("The deadline was extended to Monday.", "Monday", "2024-07-01"),
    ("The talks had been scheduled for Tuesday.", "Tuesday", "2024-06-25"),
    ("The bank is ready to close on Sunday.", "Sunday", "2024-06-30"),
    ("Court to rule on Monday", "Monday", "2024-07-01"),
    ("The team won on Monday.", "Monday", "2024-06-24"),
    ("It won't open on Monday.", "Monday", "2024-07-01"),
    ("The funeral is on Saturday.", "Saturday", "2024-06-29"),
    ("The trial is said to have opened on Monday.", "Monday", "2024-06-24"),
    ("It will have opened by Monday.", "Monday", "2024-07-01"),
    ("It will link Rome and Oslo by August.", "August", "2024-08"),
    ("It could come as early as Friday.", "Friday", "2024-06-28"),
    ("Logged 2024-06-11 09:30:05+02:00 here.", "2024-06-11 09:30:05+02:00", "2024-06-11T09:30:05+02:00"),
    ("Sold on 31/12/99 again.", "31/12/99", "1999-12-31"),
]


@pytest.mark.parametrize(("sentence", "text", "value"), EXPRESSIONS)
def test_expression_has_its_value(sentence: str, text: str, value: str) -> None:
    found = {timex.text: timex.value for timex in TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))}
    assert found.get(text) == value, found


@pytest.mark.parametrize(
    ("sentence", "mod"),
    [
        ("It took more than 18 months.", "MORE_THAN"),
        ("It took about two weeks.", "APPROX"),
        ("It took nearly an hour.", "LESS_THAN"),
        ("It took at least three days.", "EQUAL_OR_MORE"),
        ("It closed in late March.", "END"),
        ("It closed in the mid-1990s.", "MID"),
        ("It closed in early 2012.", "START"),
    ],
)
def test_modifier_is_kept(sentence: str, mod: str) -> None:
    (timex,) = TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))
    assert timex.mod == mod
