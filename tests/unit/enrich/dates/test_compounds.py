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
    ("It is due on the first working day of June.", {"the first working day of June": "2024-06-03"}),
    ("It is due on the last business day of March.", {"the last business day of March": "2025-03-31"}),
    ("It was in the first full week of August 2023.", {"the first full week of August 2023": "2023-W32"}),
    ("It was on Sunday the 30th.", {"Sunday the 30th": "2024-06-30"}),
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
    ("He left on the last Sunday before Easter.", {"the last Sunday before Easter": "2024-03-24"}),
    ("He left two days before Monday's vote.", {"two days": "P2D", "Monday": "2024-06-24"}),
    ("He left within two days after June 3.", {"two days": "P2D", "June 3": "2024-06-03"}),
]

CLOCKS = [
    ("It began at a quarter past six.", {"a quarter past six": "2024-06-27T06:15"}),
    ("It began at twenty to five on Tuesday afternoon.", {"twenty to five on Tuesday afternoon": "2024-06-25T16:40"}),
    ("It ended at five minutes to midnight.", {"five minutes to midnight": "2024-06-27T23:55"}),
    ("It ended at half past nine last night.", {"half past nine last night": "2024-06-26T21:30"}),
    ("It ended at 7:15 in the evening.", {"7:15 in the evening": "2024-06-27T19:15"}),
    ("It ended at 9:40 on Sunday night.", {"9:40 on Sunday night": "2024-06-23T21:40"}),
    ("They met at eight tomorrow morning.", {"eight tomorrow morning": "2024-06-28T08:00"}),
    ("They met at nine-thirty.", {"nine-thirty": "2024-06-27T09:30"}),
    ("They met from two to four in the afternoon.", {"four in the afternoon": "2024-06-27T16:00"}),
    ("They met at 12 noon on Sunday.", {"12 noon on Sunday": "2024-06-23T12:00"}),
    ("In 1914 GMT was the time of half the world.", {"1914": "1914"}),
    ("The vote was ten to nine on Monday.", {"Monday": "2024-06-24"}),
    ("At ten to nine he left.", {"ten to nine": "2024-06-27T08:50"}),
    ("Seats cost from five to nine on Fridays.", {"Fridays": "XXXX-WXX-5"}),
    ("A quarter of six hundred left.", {}),
    ("They won by 9 to 11.", {}),
    ("It opened at 0530 GMT.", {"0530 GMT": "2024-06-27T05:30"}),
    ("It opened on Friday at 0530 GMT.", {"Friday at 0530 GMT": "2024-06-21T05:30"}),
    ("It opened at 1600 hours on Friday.", {"1600 hours on Friday": "2024-06-21T16:00"}),
    ("The plan took 1600 hours of work.", {}),
    ("He wrote 1984 in 1948.", {"1984": "1984", "1948": "1948"}),
    ("It aired at 8 p.m. ET/PT on Sunday.", {"8 p.m. ET/PT on Sunday": "2024-06-23T20:00"}),
    ("It aired at 8 p.m. Mountain on Sunday.", {"8 p.m. Mountain on Sunday": "2024-06-23T20:00"}),
    ("It fell at 4 a.m. Beijing time on Monday.", {"4 a.m. Beijing time on Monday": "2024-06-24T04:00"}),
    ("At 4 p.m. Eastern Airlines closed.", {"4 p.m.": "2024-06-27T16:00"}),
    (
        "It fell at 3:05 a.m. (0105 GMT) on Monday.",
        {"3:05 a.m.": "2024-06-24T03:05", "0105 GMT": "2024-06-24T01:05", "Monday": "2024-06-24"},
    ),
    (
        "It fell at 11:05 p.m. (0605 GMT) on Monday.",
        {"11:05 p.m.": "2024-06-24T23:05", "0605 GMT": "2024-06-25T06:05", "Monday": "2024-06-24"},
    ),
    (
        "It fell at 0605 local time (2105 GMT Sunday).",
        {"0605 local time": "2024-06-24T06:05", "2105 GMT Sunday": "2024-06-23T21:05"},
    ),
    (
        "It fell at 10 a.m. EDT (1400 GMT) on Monday.",
        {"10 a.m. EDT": "2024-06-24T10:00", "1400 GMT": "2024-06-24T14:00", "Monday": "2024-06-24"},
    ),
    ("It is shut from 0900 to 1300 GMT.", {"0900": "2024-06-27T09:00", "1300 GMT": "2024-06-27T13:00"}),
    (
        "It was shut from 9 to 11 p.m. on Monday.",
        {"9": "2024-06-24T21:00", "11 p.m. on Monday": "2024-06-24T23:00"},
    ),
]
DAYS = [
    ("It was founded on June first, 1999.", {"June first, 1999": "1999-06-01"}),
    ("It opened on March the tenth.", {"March the tenth": "2024-03-10"}),
    ("It opened on December twenty-second and closed.", {"December twenty-second": "2023-12-22"}),
    ("It opened on the second of May, nineteen sixty.", {"the second of May, nineteen sixty": "1960-05-02"}),
    ("In April first-round games began.", {"April": "2024-04"}),
    ("In June the second of three trials began.", {"June": "2024-06"}),
    ("The entry of 07-Jan-98 is torn.", {"07-Jan-98": "1998-01-07"}),
    ("The entry of 7/Jan/1998 is torn.", {"7/Jan/1998": "1998-01-07"}),
    ("The entry of 07JAN1998 is torn.", {"07JAN1998": "1998-01-07"}),
    ("The entry of 24.12.98 is torn.", {"24.12.98": "1998-12-24"}),
    ("Version 24.12.98 and release 3.10.16 are old.", {}),
    ("It reads Thu Jan 01 1998 00:10:00 GMT+0100.", {"Thu Jan 01 1998 00:10:00 GMT+0100": "1998-01-01T00:10:00"}),
    ("A July Fourth parade will be held.", {"July Fourth": "2024-07-04"}),
    ("On 19 November 12 ships sailed.", {"19 November": "2023-11-19"}),
    ("It reads Tue Mar 3 04:05:06 2015 there.", {"Tue Mar 3 04:05:06 2015": "2015-03-03T04:05:06"}),
    ("It reads Tue, 3 Mar 2015 04:05:06 +0100.", {"Tue, 3 Mar 2015 04:05:06 +0100": "2015-03-03T04:05:06"}),
    ("It is dated 2021.4.9 and sealed.", {"2021.4.9": "2021-04-09"}),
    ("Upgrade to Quillpad 2021.4.9 today.", {"today": "2024-06-27"}),
    ("Upgrade to version 2021.4.9 today.", {"today": "2024-06-27"}),
    ("Use 2021.4.9.1 for tests.", {}),
    ("It was sent 25/12/2023 08:15 by post.", {"25/12/2023 08:15": "2023-12-25T08:15"}),
]

NAMES = [
    ("The Sunday Herald asked on Monday.", {"Monday": "2024-06-24"}),
    ("A Sunday Post survey was out on Friday.", {"Friday": "2024-06-21"}),
    ("She told the Mail on Sunday so on Friday.", {"Friday": "2024-06-21"}),
    ("On Sunday Times Square was shut.", {"Sunday": "2024-06-23"}),
    ("Police said last Thursday Leader Dunn had left.", {"last Thursday": "2024-06-20"}),
    ("Police said Thursday People must stay indoors.", {"Thursday": "2024-06-27"}),
    ("On Tuesday University of Graz staff walked out.", {"Tuesday": "2024-06-25"}),
    ("A march recalled Bloody Sunday.", {}),
    ("Sheffield Wednesday won on Saturday.", {"Saturday": "2024-06-22"}),
    ("Mr Friday spoke on Friday.", {"Friday": "2024-06-21"}),
    ("He played in Friday Night Football.", {}),
    ("He danced on Friday night.", {"Friday night": "2024-06-21TNI"}),
    ("He wrote in Sunday Mirror columns.", {}),
    ("The Daily Mail on Friday said so.", {"Friday": "2024-06-21"}),
    ("The Fifth of May Square was full.", {}),
    ("The Christmas Truce was remembered.", {}),
    ("The Good Friday Accord was signed on Good Friday.", {"Good Friday": "2024-03-29"}),
    ("The July Monarchy fell; in May it rained.", {"May": "2024-05"}),
    ("The 25 April Bridge was closed on 25 April.", {"25 April": "2024-04-25"}),
    ("On May 4 Group of Ten ministers met.", {"May 4": "2024-05-04"}),
    ("The Winter Games ended in winter.", {"winter": "2023-WI"}),
    ("It is part of Vision 2035 and will be ready in 2035.", {"2035": "2035"}),
    ("He was on the Today programme today.", {"today": "2024-06-27"}),
    ("He owns the Tomorrow Group and will sell it tomorrow.", {"tomorrow": "2024-06-28"}),
    ("Rain Expected Tomorrow In Rome", {"Tomorrow": "2024-06-28"}),
    ("As seen by This Week in Asia, it rained this week.", {"this week": "2024-W26"}),
]
PERIODS = [
    ("Sales for Q2 FY26 will rise.", {"Q2 FY26": "2026-Q2"}),
    ("Sales for Q2FY2026 will rise.", {"Q2FY2026": "2026-Q2"}),
    ("Sales for FY26 Q2 will rise.", {"FY26 Q2": "2026-Q2"}),
    ("Sales for FY26's second quarter will rise.", {"FY26's second quarter": "2026-Q2"}),
    ("Sales in 2QFY26 and 1HFY26 will rise.", {"2QFY26": "2026-Q2", "1HFY26": "2026-H1"}),
    (
        "Sales in the second quarter of the fiscal year 2026 rose.",
        {"the second quarter of the fiscal year 2026": "2026-Q2"},
    ),
    ("Sales for the second quarter of FY26 will rise.", {"the second quarter of FY26": "2026-Q2"}),
    ("Sales for the second quarter of fiscal year 2026 rose.", {"the second quarter of fiscal year 2026": "2026-Q2"}),
    ("Sales for Q2 FY2025-26 will rise.", {"Q2 FY2025-26": "2026-Q2"}),
    ("Sales in 4Q22 and 2H23 rose.", {"4Q22": "2022-Q4", "2H23": "2023-H2"}),
    ("Sales in Q4'22 and Q1/2023 rose.", {"Q4'22": "2022-Q4", "Q1/2023": "2023-Q1"}),
    ("Sales in 1H FY24 rose.", {"1H FY24": "2024-H1"}),
    ("Sales in first half 2023 rose.", {"first half 2023": "2023-H1"}),
    ("Sales in Q1 and Q2 2023 rose.", {"Q1": "2023-Q1", "Q2 2023": "2023-Q2"}),
    ("Sales in fiscal 2023-24 rose.", {"fiscal 2023-24": "2024"}),
    ("H5N1 spread, and a 2H pencil broke.", {}),
    ("It shrank for the second quarter in a row.", {}),
    ("It was a fourth quarter running of losses.", {}),
    ("It was the third quarter of decline.", {}),
    ("It was the first quarter since 2019 without a loss.", {"2019": "2019"}),
    ("It lost more in the third quarter of about $2 million a day.", {"the third quarter": "2023-Q3", "a day": "P1D"}),
    ("A touchdown in the fourth quarter decided it.", {}),
    ("A fall in the fourth quarter decided it.", {"the fourth quarter": "2023-Q4"}),
]
DECADES = [
    ("Rents rose in the early 70s.", {"the early 70s": "197"}),
    ("Rents rose in the late-80s.", {"the late-80s": "198"}),
    ("Rents rose in the mid-to-late 90s.", {"the mid-to-late 90s": "199"}),
    ("Rents rose in the '30s and fell in the 40s.", {"the '30s": "193", "the 40s": "194"}),
    ("Rents rose in the 1960s and 70s.", {"the 1960s": "196", "70s": "197"}),
    ("He is in his early 70s.", {}),
    ("Both men were in their mid 60s.", {}),
    ("Highs climb into the mid-90s, forecasters said.", {}),
    ("Shares traded in the mid-80s, 86 cents at best.", {}),
]


AMOUNTS = [
    ("They waited hours.", {"hours": "PTXH"}),
    ("It takes 30-40 minutes.", {"30-40 minutes": "PTXM"}),
    ("It takes thirty-six years.", {"thirty-six years": "P36Y"}),
    ("Of the 15-25 year olds most can read.", {}),
    ("He hopes to return one day.", {}),
    ("It lasted one day.", {"one day": "P1D"}),
    ("She was named player of the year.", {}),
    ("It rose by the end of the year.", {"the end of the year": "2024"}),
    ("They built a town of 1065 houses.", {}),
    ("The town of 1065 was small.", {"1065": "1065"}),
    ("It took years to build.", {"years": "PXY"}),
    ("Weeks after the flood they left.", {"Weeks": "PXW"}),
    ("The end is months away.", {"months": "PXM"}),
    ("School days are short; working hours are not.", {}),
    ("It came two hours later than planned.", {"two hours": "PT2H"}),
    ("It opened three weeks earlier than expected.", {"three weeks": "P3W"}),
    ("It began a year later than in Rome.", {"a year": "P1Y"}),
    (
        "It began on June 3; two weeks later it ended.",
        {"June 3": "2024-06-03", "two weeks later": "2024-W25"},
    ),
    ("He is a year older and came a day early.", {"a year": "P1Y", "a day": "P1D"}),
    ("He left a week or so ago.", {"a week or so ago": "2024-W25"}),
    ("It stood for 3½ years.", {"3½ years": "P3Y6M"}),
    ("It grew over the past couple of years.", {"the past couple of years": "P2Y"}),
    ("It grew over the past three summers.", {}),
    ("They pay $5 each month and each business day.", {"each month": "P1M", "each business day": "P1D"}),
    ("They meet every few weeks and each and every day.", {"every few weeks": "PXW", "each and every day": "P1D"}),
    ("It makes 30 tonnes per annum.", {"per annum": "P1Y"}),
    ("It fell in each of the past three years.", {"the past three years": "P3Y"}),
    ("It will be ready by end of year or by mid-year.", {"end of year": "2024", "mid-year": "2024"}),
    ("The mid-year review is late.", {}),
    ("In the full year it lost money.", {"the full year": "2024"}),
    ("It rained in early spring and mid-summer.", {"early spring": "2024-SP", "mid-summer": "2024-SU"}),
    ("In the winter season of 2019-2020 it snowed.", {"the winter season of 2019-2020": "2019-WI"}),
    ("In winter 2019/20 it snowed.", {"winter 2019/20": "2019-WI"}),
    ("In the 2019-20 winter it snowed.", {"the 2019-20 winter": "2019-WI"}),
    ("Sales (2023/2021) rose.", {"2023": "2023", "2021": "2021"}),
    ("In January nineteen ninety-seven it rained.", {"January nineteen ninety-seven": "1997-01"}),
]

BEFORE_CHRIST: list[tuple[str, dict[str, str]]] = [
    ("He landed on March 12, 49 BC with a legion.", {"March 12, 49 BC": "BC0049-03-12"}),
    ("He landed on the 12th of March 49 BC.", {"the 12th of March 49 BC": "BC0049-03-12"}),
    ("Early in April 323 B.C. he fell ill.", {"Early in April 323 B.C.": "BC0323-04"}),
    ("It was besieged in late spring of 332 BC.", {"late spring of 332 BC": "BC0332-SP"}),
    ("It was besieged from 218 until about 201 BC.", {"about 201 BC": "BC0201"}),
    ("He was consul in 70 and 55 BC.", {"70": "BC0070", "55 BC": "BC0055"}),
    ("They farmed here between 10,000 and 8,000 BC.", {"10,000": "BC10000", "8,000 BC": "BC8000"}),
    ("He moved 12 to 400 BC tombs.", {"400 BC": "BC0400"}),
    ("It was made in the early 430s BC.", {"the early 430s BC": "BC043"}),
    ("He fell on 31 February 44 BC.", {}),
    ("In May 2019 BC Ferries raised its fares.", {"May 2019": "2019-05"}),
]
NOWADAYS: list[tuple[str, dict[str, str]]] = [
    ("That is $40 in today's money, or less by today's standards.", {}),
    ("For today's youth it is old.", {}),
    ("In today's world, nobody waits.", {}),
    ("He won today's world championship race.", {"today": "2024-06-27"}),
    ("She missed today's women's race.", {"today": "2024-06-27"}),
    ("He signed today's editions.", {"today": "2024-06-27"}),
    ("The fall of the wall until the Fall of the city was long.", {}),
    ("It opens in the fall of 2019.", {"the fall of 2019": "2019-FA"}),
    ("It opened in the fall of last year.", {"the fall of last year": "2023-FA"}),
    ("It opened in the fall.", {"the fall": "2023-FA"}),
    ("It burned in the early hours of Monday morning.", {"the early hours of Monday morning": "2024-06-24TMO"}),
]

SIDE_BY_SIDE = [
    (
        "It was played Saturday and Sunday, June 1-2.",
        {"Saturday": "2024-06-01", "Sunday": "2024-06-02", "June 1": "2024-06-01", "2": "2024-06-02"},
    ),
    (
        "They met on Friday and Monday, May 31 and June 3.",
        {"Friday": "2024-05-31", "Monday": "2024-06-03", "May 31": "2024-05-31", "June 3": "2024-06-03"},
    ),
    (
        "They met Friday or Monday, June 3 to 20.",
        {"Friday": "2024-06-21", "Monday, June 3": "2024-06-03"},
    ),
    ("It fell in late May or early June last year.", {"late May": "2023-05", "early June last year": "2023-06"}),
    ("It fell in May, and in June last year it rose.", {"May": "2024-05", "June last year": "2023-06"}),
    (
        "It airs at 9 p.m. Eastern/6 p.m. Pacific on Friday.",
        {"9 p.m. Eastern": "2024-06-21T21:00", "6 p.m. Pacific on Friday": "2024-06-21T18:00"},
    ),
    (
        "It was shut Friday, Saturday and Sunday, 21, 22 and 23 June.",
        {
            "Friday": "2024-06-21",
            "Saturday": "2024-06-22",
            "Sunday": "2024-06-23",
            "21": "2024-06-21",
            "22": "2024-06-22",
            "23 June": "2024-06-23",
        },
    ),
    ("It was shut from Monday 3rd to Friday 7th June.", {"Monday 3rd": "2024-06-03", "Friday 7th June": "2024-06-07"}),
    ("He died at 2 a.m. on the morning of Friday.", {"2 a.m. on the morning of Friday": "2024-06-21T02:00"}),
    ("It opens on Sunday and Monday mornings.", {"Sunday": "XXXX-WXX-7TMO", "Monday mornings": "XXXX-WXX-1TMO"}),
    ("They lost 7:30/8 p.m. on Friday.", {"Friday": "2024-06-21"}),
    (
        "He fell between ten and eleven last night.",
        {"ten": "2024-06-26T22:00", "eleven last night": "2024-06-26T23:00"},
    ),
    ("It will be sold early in the week after next.", {"early in the week after next": "2024-W28"}),
    ("It is due at 5 p.m. next Monday.", {"5 p.m. next Monday": "2024-07-01T17:00"}),
]


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        *SIDE_BY_SIDE,
        *COUNTED,
        *OFFSETS,
        *CLOCKS,
        *DAYS,
        *NAMES,
        *PERIODS,
        *DECADES,
        *AMOUNTS,
        *BEFORE_CHRIST,
        *NOWADAYS,
    ],
)
def test_compound_is_read_whole_or_not_at_all(sentence: str, values: dict[str, str]) -> None:
    found = {timex.text: timex.value for timex in TAGGER.tag(sentence, published=datetime(2024, 6, 27, tzinfo=UTC))}
    assert found == values


def test_a_time_in_words_may_be_before_or_after_noon() -> None:
    (timex,) = TAGGER.tag("It began at a quarter to seven.", published=datetime(2024, 6, 27, tzinfo=UTC))
    assert timex.value == "2024-06-27T06:45"
    assert timex.alternatives == (("2024-06-27T18:45", ("2024-06-27T18:45:00", "2024-06-27T18:46:00")),)
    assert timex.confidence < 0.7


def test_an_offset_from_utc_is_that_of_the_interval() -> None:
    (timex,) = TAGGER.tag("It began at 19:45 GMT+2 on Sunday.", published=datetime(2024, 6, 27, tzinfo=UTC))
    assert timex.interval == ("2024-06-23T19:45:00+02:00", "2024-06-23T19:46:00+02:00")
