"""News that looks back far, and what it shares with stories of another time."""

from datetime import UTC, datetime

from dateline_enrich.dates import DateTagger

TAGGER = DateTagger()
THURSDAY = datetime(2024, 6, 27, tzinfo=UTC)


def values(text: str, published: datetime | None = THURSDAY) -> dict[str, str]:
    return {timex.text: timex.value for timex in TAGGER.tag(text, published=published)}


def test_weekdays_of_an_obituary_are_those_of_its_week() -> None:
    found = values(
        "The sculptor Odo Brandt, born in March 1934, died on Sunday. He moved to Lisbon in April 1958, married in "
        "July 1961, showed his first bronze in May 1966 and his last in October 2011. The funeral is on Friday."
    )
    assert found["Sunday"] == "2024-06-23"
    assert found["Friday"] == "2024-06-28"
    assert found["July 1961"] == "1961-07"


def test_months_of_news_about_an_old_firm_are_near_its_date() -> None:
    found = values(
        "Brewer Tolle closes its plant, it said this week. It was founded in 1871, moved in 1899, burned in 1912 and "
        "1944, and was sold in 1958, 1977, 1989 and 2003. Its sales fell in March. The last will leave in September."
    )
    assert found["March"] == "2024-03"
    assert found["September"] == "2024-09"


def test_an_announcement_in_a_story_is_near_the_publication() -> None:
    found = values(
        "On May 3, 1931 she was born. In June 1955 she married, in October 1962 she sailed, and on 4 July 1976 she "
        "landed. In 1990 she rested. In March she fell ill. A service will be held in August."
    )
    assert found["August"] == "2024-08"


def test_a_long_story_may_name_a_weekday() -> None:
    months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
    text = " ".join(f"In {month} {1890 + number} a ship sailed." for number, month in enumerate(months))
    found = values(text + " Another one followed in December. On Sunday it rained.")
    assert found["December"] == "1899-12"
    assert not found["Sunday"].startswith("2024")


def test_a_short_history_counts_from_its_own_dates() -> None:
    found = values(
        "In April 1861 the war began. In July the capital fell. On 9 April 1865 it ended; in May all was quiet."
    )
    assert (found["July"], found["May"]) == ("1861-07", "1865-05")


def test_where_somebody_said_so_today_the_text_is_news() -> None:
    found = values(
        "In April 1961 the plant opened; in June 1962, in July 1963, in May 1964 and in March 1965 it grew. By June "
        "1966 it led, by June 1967 it was third, by June 1968 fourth, by June 1969 fifth and by June 1970 last. In "
        "April it was sold, the owner said today."
    )
    assert (found["April"], found["today"]) == ("2024-04", "2024-06-27")


def test_a_sentence_that_opens_with_an_old_date_is_of_that_time() -> None:
    found = values("In 1944, after landing in June, the regiment lost half its men, and in August it rested.")
    assert found == {"1944": "1944", "June": "1944-06", "August": "1944-08"}


def test_an_old_year_elsewhere_in_the_sentence_says_nothing_about_its_months() -> None:
    found = values("The mill, built in 1902, closed in March. It opened in 1902. In April it was sold.")
    assert (found["March"], found["April"]) == ("2024-03", "2024-04")


def test_a_sentence_of_an_old_time_that_tells_when_somebody_spoke_is_news() -> None:
    assert values("In 1990, the mayor said on Tuesday, it was a village.")["Tuesday"] == "2024-06-25"


def test_a_weekday_in_an_inserted_clause_is_not_the_weekday_of_the_day_after_it() -> None:
    found = values("The vote will be held, the court ruled on Monday, on 9 July.")
    assert found == {"Monday": "2024-06-24", "9 July": "2024-07-09"}


def test_a_weekday_that_fits_no_near_year_does_not_choose_a_far_one() -> None:
    (timex,) = TAGGER.tag("It was signed on Sunday, 11 June.", published=THURSDAY)
    assert timex.value == "2023-06-11"
    (timex,) = TAGGER.tag("It was signed on Monday, 11 June.", published=THURSDAY)
    assert timex.value == "2024-06-11"
    assert timex.confidence < 0.7


def test_a_weekday_chooses_between_the_years_beside_the_publication() -> None:
    assert values("It will be signed on Tuesday, July 1.")["Tuesday, July 1"] == "2025-07-01"


def test_any_weekday_is_none_of_this_week() -> None:
    assert values("The anniversary falls on a Monday.") == {"Monday": "XXXX-WXX-1"}
    assert values("A Monday meeting brought nothing.") == {"Monday": "2024-06-24"}


def test_the_weekday_of_a_day_before_it_is_that_day() -> None:
    assert values("It burned on 1 October 2023, a Sunday, for hours.")["Sunday"] == "2023-10-01"
    assert values("The 1st of October 2023 was a Sunday.")["Sunday"] == "2023-10-01"
    assert values("The anniversary is a Sunday.") == {"Sunday": "XXXX-WXX-7"}


def test_the_same_year_is_that_of_the_text() -> None:
    found = values("He won in 1940; the rematch was in June that same year, the revenge on August 8 of that same year.")
    assert found["June that same year"] == "1940-06"
    assert found["August 8 of that same year"] == "1940-08-08"


def test_the_date_of_the_dateline_stands_in_for_an_unknown_publication() -> None:
    for dateline in ("CAIRO - 17 July 2022:", "NEW DELHI, July 17, 2022 (Agency) -", "Kyiv, 2022-07-17 /Agency/."):
        found = values(f"{dateline} The council met on Sunday and will meet again on Friday.", None)
        assert found["Sunday"] == "2022-07-17"
        assert found["Friday"] == "2022-07-22"


def test_a_date_in_the_first_sentence_is_no_dateline() -> None:
    assert values("On 17 July 2022 the council met. On Friday it rained.", None)["Friday"] == "XXXX-WXX-5"
    assert values("He was born in Graz on 17 July 1922 - a Monday. On Friday he died.", None)["Friday"] == "XXXX-WXX-5"


def test_a_dateline_changes_nothing_if_the_publication_is_known() -> None:
    assert values("CAIRO - 17 July 2022: It rained on Sunday.")["Sunday"] == "2024-06-23"


def test_without_a_publication_a_year_nearby_is_not_that_of_a_day() -> None:
    assert values("On July 13 the club signed him for the season of 2022-2023.", None)["July 13"] == "XXXX-07-13"


def test_a_month_right_after_an_old_year_is_uncertain() -> None:
    found = TAGGER.tag(
        "The war began in 1914. In December it froze. Last week it rained. In May it rained.", published=THURSDAY
    )
    confidence = {timex.text: timex.confidence for timex in found}
    assert confidence["December"] < 0.7
    assert confidence["May"] > 0.7
