"""Hints in HTTP headers on when to ask a server again."""

from datetime import UTC, datetime, timedelta

import pytest
from dateline_web.headers.hints import Hint, freshness, retry_after
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2024, 6, 27, 10, 20, tzinfo=UTC)
HEADERS = st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Age", "Date"]), st.text(max_size=60))


@pytest.mark.parametrize(
    ("headers", "hint"),
    [
        ({"Cache-Control": "public, max-age=600"}, Hint(600, "max-age=600 (server)")),
        ({"Cache-Control": 'Max-Age="600"'}, Hint(600, "max-age=600 (server)")),
        ({"Cache-Control": "max-age=600", "Age": "500"}, Hint(100, "max-age=600 less Age 500 (server)")),
        (
            {"Cache-Control": "max-age=600", "Expires": "Thu, 27 Jun 2030 10:00:00 GMT"},
            Hint(600, "max-age=600 (server)"),
        ),
        ({"Cache-Control": "max-age=600", "Age": "601"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=1.5"}, None),
        (
            {"Expires": "Thu, 27 Jun 2024 10:40:00 GMT", "Date": "Thu, 27 Jun 2024 10:30:00 GMT"},
            Hint(600, "Expires in 600 s (server)"),
        ),
        ({"Expires": "Thu, 27 Jun 2024 10:30:00 GMT"}, Hint(600, "Expires in 600 s (server)")),
        (
            {"Cache-Control": "public", "Expires": "Thu, 27 Jun 2024 10:30:00 GMT"},
            Hint(600, "Expires in 600 s (server)"),
        ),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_freshness_follows_the_cache_headers(headers: dict[str, str], hint: Hint | None) -> None:
    assert freshness(headers, NOW) == hint


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Thu, 27 Jun 2024 10:30:00 GMT", 600),
        ("Thu, 27 Jun 2024 12:30:00 +0200", 600),
        ("Thursday, 27-Jun-24 10:30:00 GMT", 600),
        ("Wed, 26 Jun 2024 10:30:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(HEADERS, st.text(max_size=60))
def test_any_header_gives_a_usable_number_or_nothing(headers: dict[str, str], value: str) -> None:
    hint = freshness(headers, NOW)
    assert hint is None or hint.seconds > 0
    assert (retry_after(value, NOW) or 0) >= 0


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 30])
def test_a_number_of_any_length_can_be_added_to_a_date(digits: str) -> None:
    hint = freshness({"Cache-Control": f"max-age={digits}"}, NOW)
    assert hint is not None
    assert NOW + timedelta(seconds=hint.seconds) > NOW
    assert (retry_after(digits, NOW) or 0) > 0
