"""The public interface of the date tagger."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from dateline_enrich.dates import TAGGER_VERSION, DateTagger, Timex, tag
from support.growth import lines_run, repeated, timed_expressions

TAGGER = DateTagger()
THURSDAY = datetime(2024, 6, 27, tzinfo=UTC)


def values(text: str, *, published: datetime | None = THURSDAY, **settings: str | None) -> dict[str, str]:
    return {timex.text: timex.value for timex in TAGGER.tag(text, published=published, **settings)}


def only(text: str, **settings: str | None) -> Timex:
    (timex,) = TAGGER.tag(text, published=THURSDAY, **settings)
    return timex


def test_dates_of_a_news_article_are_resolved() -> None:
    found = values(
        "Recently the ministry of Ruritania answered. On June 11 it had denied the report. In 2012 talks began, "
        "after the 2008 war. Its spokesman, who may march to the Sun on page 17, will speak on Friday."
    )
    assert found == {
        "Recently": "PAST_REF",
        "June 11": "2024-06-11",
        "2012": "2012",
        "2008": "2008",
        "Friday": "2024-06-28",
    }


def test_without_a_publication_date_unknown_parts_are_x() -> None:
    found = values(
        "On June 11 he left; on Friday, last year, last week, next month and today he slept.", published=None
    )
    assert found == {
        "June 11": "XXXX-06-11",
        "Friday": "XXXX-WXX-5",
        "last year": "XXXX",
        "last week": "XXXX-WXX",
        "next month": "XXXX-XX",
        "today": "XXXX-XX-XX",
    }


def test_without_a_publication_date_expressions_have_no_interval() -> None:
    found = TAGGER.tag("On June 11 he left; on Friday he slept. It was in the spring.", published=None)
    assert found
    assert all(timex.interval is None and timex.confidence < 0.7 for timex in found)


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("year", {"yesterday": "XXXX-XX-XX", "last month": "XXXX-XX", "last year": "2023"}),
        ("month", {"yesterday": "XXXX-XX-XX", "last month": "2024-05", "last year": "2023"}),
        ("day", {"yesterday": "2024-06-26", "last month": "2024-05", "last year": "2023"}),
    ],
)
def test_a_publication_date_resolves_only_units_of_its_precision(precision: str, expected: dict[str, str]) -> None:
    assert values("He left yesterday, last month and last year.", precision=precision) == expected


def test_the_day_of_publication_is_that_of_its_own_time_zone() -> None:
    late = datetime(2024, 6, 27, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert values("He left today.", published=late) == {"today": "2024-06-27"}


@pytest.mark.parametrize(
    ("text", "settings", "expected"),
    [
        ("On 03/04/2024 and 25/12/2023 they met.", {}, "2024-04-03"),
        ("On 03/04/2024 and 12/25/2023 they met.", {}, "2024-03-04"),
        ("On 03/04/2024 they met.", {"country": "GB"}, "2024-04-03"),
        ("On 03/04/2024 they met.", {"country": "US"}, "2024-03-04"),
        ("On 03/04/2024 they met.", {"language": "en-AU"}, "2024-04-03"),
        ("Am 03/04/2024 war es so weit.", {"language": "de"}, "2024-04-03"),
    ],
)
def test_order_of_day_and_month_comes_from_the_article_then_from_country_or_language(
    text: str, settings: dict[str, str], expected: str
) -> None:
    first = TAGGER.tag(text, published=THURSDAY, **settings)[0]
    assert (first.value, first.alternatives) == (expected, ())


def test_a_date_of_unknown_order_has_both_readings() -> None:
    timex = only("On 03/04/2024 they met.")
    readings = {timex.value, *(value for value, _ in timex.alternatives)}
    assert readings == {"2024-03-04", "2024-04-03"}
    assert timex.confidence <= 0.5
    assert timex.alternatives[0][1] == ("2024-04-03", "2024-04-04")


def test_a_date_with_one_possible_order_has_no_alternative() -> None:
    timex = only("On 25/12/2023 they met.")
    assert (timex.value, timex.alternatives, timex.confidence > 0.9) == ("2023-12-25", (), True)


def test_a_language_without_rules_gives_only_dates_in_figures() -> None:
    text = "Am Montag, 11.06.2024, und im Mai today 2024-06-12 last week."
    assert values(text, language="de") == {"11.06.2024": "2024-06-11", "2024-06-12": "2024-06-12"}


def test_title_and_body_are_read_together() -> None:
    found = TAGGER.tag_article("Sold on 25/12/2023", "It was sold again on 03/04/2024.", published=THURSDAY)
    assert [(field, timex.value) for field, timex in found] == [("title", "2023-12-25"), ("body", "2024-04-03")]


def test_an_interval_has_the_offset_of_a_named_zone() -> None:
    timex = only("It starts at 9:30 a.m. EST on Friday, June 28.")
    assert timex.interval == ("2024-06-28T09:30:00-05:00", "2024-06-28T09:31:00-05:00")


@pytest.mark.parametrize(
    ("text", "value", "interval"),
    [
        ("in the late 1990s", "199", ("1990-01-01", "2000-01-01")),
        ("in the 19th century", "18", ("1800-01-01", "1900-01-01")),
        ("in the winter of 2022", "2022-WI", ("2022-12-01", "2023-03-01")),
        ("in the first half of 2023", "2023-H1", ("2023-01-01", "2023-07-01")),
        ("last week", "2024-W25", ("2024-06-17", "2024-06-24")),
        ("on Tuesday night", "2024-06-25TNI", ("2024-06-25T18:00:00", "2024-06-26T06:00:00")),
        ("for three years", "P3Y", None),
        ("every Friday", "XXXX-WXX-5", None),
        ("in 44 BC", "BC0044", None),
    ],
)
def test_interval_covers_the_value(text: str, value: str, interval: tuple[str, str] | None) -> None:
    timex = only(text)
    assert (timex.value, timex.interval) == (value, interval)


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May met Mr. March and April Ludgate.",
        "They may fall, and prices spring up in a second attempt.",
        "The Sun, The Daily Telegraph and USA Today were sold out.",
        "He read Orwell's 1984, a novel, on bus 2012, flight 1949 and page 2001.",
        "It costs $1999, 2,010 points or 1,950.5; call 555-2012 or use version 2024.1.",
        "He won 3-2, 10-12 and by 1/2.",
        "Three-quarters of 1900 people agreed.",
        "The march on the capital drew 2024 people.",
    ],
)
def test_words_and_numbers_that_only_look_like_dates_are_not_tagged(text: str) -> None:
    assert TAGGER.tag(text, published=THURSDAY) == []


def test_a_story_of_another_time_counts_from_its_own_dates() -> None:
    found = values(
        "On September 1, 1939, the war broke out. By October 6, 1939 it was over. In April 1940 a fleet sailed; in "
        "May it landed. On June 10, 1940 another country joined. In 1941 it went on. In July it stopped. The next "
        "year, in 1942, all was quiet."
    )
    assert found["May"] == "1940-05"
    assert found["July"] == "1941-07"


def test_expressions_below_the_minimum_confidence_are_left_out() -> None:
    sure = DateTagger(minimum_confidence=0.7)
    assert sure.tag("On 03/04/2024 they met.", published=THURSDAY) == []
    assert len(sure.tag("On June 11, 2024 they met.", published=THURSDAY)) == 1


def test_text_wrapped_inside_a_sentence_is_read_across_the_line() -> None:
    text = "The ministers of both countries are going to meet again on June\n11, 2025 in the capital."
    (timex,) = TAGGER.tag(text, published=THURSDAY)
    assert (timex.text, timex.value) == ("June\n11, 2025", "2025-06-11")


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "²³ ٣ Ⅷ", "🎄 2024-06-11 🎄"])
def test_odd_characters_are_accepted(text: str) -> None:
    assert all(timex.value == "2024-06-11" for timex in TAGGER.tag(text, published=THURSDAY))


REPEATED = ["may ", "the ", "twenty ", "12 ", "Monday ", "9", "-", "one-"]


@pytest.mark.parametrize("word", REPEATED)
def test_executed_lines_grow_linearly_with_a_repeated_word(word: str) -> None:
    TAGGER.tag(word * 1_000, published=THURSDAY)
    texts = [word * count for count in (250, 500, 1_000)]
    short, middle, long = (lines_run(partial(TAGGER.tag, text, published=THURSDAY)) for text in texts)
    # Twice as many words are added, which costs twice as much; a quadratic step would cost four times as much.
    assert long - middle <= 2.2 * (middle - short) + 100


@pytest.mark.parametrize("word", REPEATED)
def test_regular_expressions_take_linear_time_for_a_repeated_word(word: str) -> None:
    with timed_expressions("dateline_enrich.dates") as spent:
        TAGGER.tag(repeated(word, 100_000), published=THURSDAY)
    assert spent.calls
    # Linear expressions take a few hundredths of a second here, and a quadratic one at least five seconds.
    assert spent.seconds < 2


def test_import_loads_no_calendar_library() -> None:
    check = (
        "import sys; from dateline_enrich.dates import DateTagger; DateTagger(); "
        "print({'holidays', 'dateutil'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True)
    assert run.stdout.strip() == "set()"


def test_version_has_three_parts() -> None:
    assert TAGGER_VERSION.count(".") == 2


def test_a_text_of_dates_only_is_read_up_to_the_limit() -> None:
    assert len(DateTagger(limit=10).tag("Monday " * 100, published=THURSDAY)) == 10


def test_the_function_tags_like_a_tagger_with_default_settings() -> None:
    text, published = "They met on June 11.", datetime(2024, 6, 27, tzinfo=UTC)
    assert tag(text, published=published) == DateTagger().tag(text, published=published)
    assert [timex.value for timex in tag(text)] == ["XXXX-06-11"]
