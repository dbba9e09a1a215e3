from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from dateline_ingest.feeds import parse_date
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.datetimes(
    min_value=datetime(1950, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("Sun, 06 Jul 2014 12:56:00 GMT", "2014-07-06T12:56:00", "second"),
        ("Sun, 6 Jul 14 12:56 +0200", "2014-07-06T10:56:00", "minute"),
        ("06 Jul 2014 12:56:00", "2014-07-06T12:56:00", "second"),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27T19:35:05", "second"),
        ("Sunday, July 6, 2014 12:56 PM", "2014-07-06T12:56:00", "minute"),
        ("6 July 2014 9.05am", "2014-07-06T09:05:00", "minute"),
        ("Sunday 6 July 2014, 9.05 p.m. BST", "2014-07-06T20:05:00", "minute"),
        ("12.30 AM, 6.7.2014", "2014-07-06T00:30:00", "minute"),
        ("6/7/2014 9.05.30 PM", "2014-06-07T21:05:30", "second"),
        ("6.7.2014 8am", "2014-07-06T08:00:00", "minute"),
        ("6.7.2014 am Sonntag", "2014-07-06T00:00:00", "day"),
        ("Sun, 06 Jul 2014", "2014-07-06T00:00:00", "day"),
        ("Jul 2014", "2014-07-01T00:00:00", "month"),
        ("Thu Jan  1 19:48:21 2004", "2004-01-01T19:48:21", "second"),
        ("Wed Oct 12 2016 12:00:00 GMT-0700 (PDT)", "2016-10-12T19:00:00", "second"),
        ("Tue, 9 Mar 2021 12:00:00 UTC+01:00", "2021-03-09T11:00:00", "second"),
        ("Thu, 01 Jan 70 00:00:00 GMT", "1970-01-01T00:00:00", "second"),
        ("Thu, 01 Jan 104 00:00:00 GMT", "2004-01-01T00:00:00", "second"),
        ("Mon, 01 Jan 2024 24:00:00 GMT", "2024-01-02T00:00:00", "second"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00", "second"),
        ("2014-07-06T12:56:00Z", "2014-07-06T12:56:00", "second"),
        ("2014-07-06T12:56:00.123+02:00", "2014-07-06T10:56:00", "second"),
        ("2014-07-06 12:56:00 +0200", "2014-07-06T10:56:00", "second"),
        ("2014-07-06T12:56", "2014-07-06T12:56:00", "minute"),
        ("2014-07-06", "2014-07-06T00:00:00", "day"),
        ("2014-7-6 1:2", "2014-07-06T01:02:00", "minute"),
        ("2014-07", "2014-07-01T00:00:00", "month"),
        ("2014", "2014-01-01T00:00:00", "year"),
        ("2014-W27-7", "2014-07-06T00:00:00", "day"),
        ("20140706T125600Z", "2014-07-06T12:56:00", "second"),
        ("20140706", "2014-07-06T00:00:00", "day"),
        ("2022-07-28 10:00:00 +0000 UTC", "2022-07-28T10:00:00", "second"),
        ("2024-06-16T10:11:12 Europe/Paris", "2024-06-16T08:11:12", "second"),
        ("1404651360", "2014-07-06T12:56:00", "second"),
        ("1404651360123", "2014-07-06T12:56:00", "second"),
        ("1404651360.5", "2014-07-06T12:56:00", "second"),
        ("lundi 28 juillet 2022 14h35", "2022-07-28T14:35:00", "minute"),
        ("mar. 5 avr. 2022 10:00:00 +0200", "2022-04-05T08:00:00", "second"),
        ("Wed, 3 Août 2022 10:00:00 +0200", "2022-08-03T08:00:00", "second"),
        ("Ter, 5 Abr 2022 10:00:00 -0300", "2022-04-05T13:00:00", "second"),
        ("5 de março de 2022", "2022-03-05T00:00:00", "day"),
        ("Mo, 03 Mär 2022 10:00:00 MEZ", "2022-03-03T09:00:00", "second"),
        ("3 października 2022", "2022-10-03T00:00:00", "day"),
        ("5 мая 2022, 10:00", "2022-05-05T10:00:00", "minute"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00", "second"),
        ("2024年3月5日 下午 3:04", "2024-03-05T15:04:00", "minute"),
        ("28/07/2022 10:00", "2022-07-28T10:00:00", "minute"),
        ("7/28/2022 3:04:05 PM", "2022-07-28T15:04:05", "second"),
        ("12/01/2022 12:30 AM", "2022-12-01T00:30:00", "minute"),
        ("28.07.2022", "2022-07-28T00:00:00", "day"),
        ("1 January 2020 at 5pm", "2020-01-01T17:00:00", "minute"),
    ],
)
def test_date_is_read(text: str, moment: str, precision: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found[0].replace(microsecond=0).isoformat() == f"{moment}+00:00"
    assert found[1] == precision


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        *[("UT", 0), ("GMT", 0), ("Z", 0), ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7)],
        *[("MDT", -6), ("PST", -8), ("PDT", -7), ("A", -1), ("I", -9), ("K", -10), ("M", -12), ("N", 1), ("Y", 12)],
        *[("BST", 1), ("CET", 1), ("CEST", 2), ("IST", 5.5), ("JST", 9), ("AEST", 10), ("NZDT", 13)],
        *[("ET", -4), ("PT", -7), ("+1400", 14), ("+2300", 23), ("-1530", -15.5), ("+9900", 0), ("+0175", 0)],
    ],
)
def test_zone_of_rfc_822_is_known(zone: str, hours: float) -> None:
    found = parse_date(f"Sun, 06 Jul 2014 12:00:00 {zone}")
    assert found is not None
    assert found[0] == datetime(2014, 7, 6, 12, tzinfo=UTC) - timedelta(hours=hours)


def test_zone_name_without_season_depends_on_the_date() -> None:
    found = parse_date("Mon, 26 January 2004 16:31:00 ET")
    assert found == (datetime(2004, 1, 26, 21, 31, tzinfo=UTC), "second")


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "hello", "200", "12:30", "Sat, 31 Feb 2024 10:00:00 GMT", "0001-01-01T00:00:00Z", "2014-13-45"],
        *["Mon, 01 Jan 0001 00:00:00 +0000", "99999999999999999", "x" * 5000, "32/13/2022", "2014-07-06T25:00:00Z"],
    ],
)
def test_other_text_is_not_a_date(text: str) -> None:
    assert parse_date(text) is None


@given(MOMENTS)
def test_dates_written_by_the_standard_library_are_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_date(format_datetime(moment)) == (moment, "second")
    assert parse_date(moment.isoformat()) == (moment, "second")


@given(st.text(max_size=120) | st.from_regex(r"[0-9A-Za-z:.,+/ -]{0,60}"))
def test_any_text_is_a_date_in_utc_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or (found[0].tzinfo is UTC and found[1] in ("second", "minute", "day", "month", "year"))
