"""Properties that hold for every text."""

from datetime import UTC, datetime, timedelta

from dateline_enrich.dates import DateTagger, Timex
from dateline_enrich.dates.english import english
from dateline_enrich.dates.value import interval_of, is_value
from hypothesis import given, settings
from hypothesis import strategies as st

TAGGER = DateTagger()
THURSDAY = datetime(2024, 6, 27, tzinfo=UTC)

WORDS = sorted({word.removeprefix("=") for words in english().symbols.values() for word in words if len(word) < 12})
SENTENCES = [sentence.replace("[", "").replace("]", "") for rule in english().rules for sentence, _ in rule.examples]

published = st.one_of(
    st.none(),
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
fragments = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(list(" ,.-'/:()’–\n$%")), st.integers(0, 99999).map(str)),
    max_size=40,
)
texts = st.one_of(
    st.text(max_size=200),
    fragments.map(" ".join),
    fragments.map("".join),
    st.lists(st.sampled_from(SENTENCES), max_size=5).map(" ".join),
)


def check(text: str, found: list[Timex]) -> None:
    end = 0
    for timex in found:
        assert text[timex.start : timex.end] == timex.text != ""
        assert timex.start >= end
        end = timex.end
        assert timex.type in ("DATE", "TIME", "DURATION", "SET")
        assert is_value(timex.value), timex
        assert 0 <= timex.confidence <= 1
        for value, interval in ((timex.value, timex.interval), *timex.alternatives):
            assert is_value(value)
            if interval is not None:
                check_interval(value, *interval)


def check_interval(value: str, start: str, end: str) -> None:
    """Check that the interval starts where the value does and is not empty."""
    date, _, clock = value.partition("T")
    first = datetime.fromisoformat(start).replace(tzinfo=None)
    last = datetime.fromisoformat(end).replace(tzinfo=None)
    assert first < last
    if clock == "24:00":
        first -= timedelta(days=1)
    if "-W" in date or date[-2:] in ("SP", "SU", "FA", "WI") or date[-2:-1] in ("Q", "H"):
        assert f"{first.isocalendar()[0]:04}" == date[:4] or first.year == int(date[:4])
    elif first.year >= 1 and date.strip("0"):
        assert first.isoformat().startswith(date)


@settings(max_examples=400, deadline=None)
@given(text=texts, moment=published, precision=st.sampled_from([None, "day", "month", "year", "minute"]))
def test_every_expression_is_well_formed(text: str, moment: datetime | None, precision: str | None) -> None:
    check(text, TAGGER.tag(text, published=moment, precision=precision))


@settings(max_examples=100, deadline=None)
@given(
    text=texts,
    language=st.sampled_from(["de", "en-GB", "xx", "en_US", ""]),
    country=st.sampled_from(["US", "DE", None]),
)
def test_any_language_and_country_is_accepted(text: str, language: str, country: str | None) -> None:
    check(text, TAGGER.tag(text, published=THURSDAY, language=language, country=country))


@settings(max_examples=100, deadline=None)
@given(paragraphs=st.lists(st.one_of(st.sampled_from(SENTENCES), fragments.map(" ".join)), min_size=1, max_size=5))
def test_a_paragraph_has_the_same_spans_alone_and_within_an_article(paragraphs: list[str]) -> None:
    paragraphs = [paragraph.replace("\n", " ") for paragraph in paragraphs]
    together = [(timex.start, timex.end) for timex in TAGGER.tag("\n\n".join(paragraphs), published=THURSDAY)]
    alone = []
    offset = 0
    for paragraph in paragraphs:
        alone += [(offset + timex.start, offset + timex.end) for timex in TAGGER.tag(paragraph, published=THURSDAY)]
        offset += len(paragraph) + 2
    assert together == alone


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_spans_do_not_depend_on_the_publication_date(text: str) -> None:
    dated, undated = (TAGGER.tag(text, published=moment) for moment in (THURSDAY, None))
    assert [(timex.start, timex.end) for timex in dated] == [(timex.start, timex.end) for timex in undated]


@settings(max_examples=100, deadline=None)
@given(
    sentence=st.sampled_from(
        [
            "He left on Monday.",
            "They will meet on Friday.",
            "She spoke today and yesterday.",
            "It closed last week.",
            "It opens next Wednesday.",
            "It rained over the weekend.",
            "It was sold ten days ago.",
            "He was shot on Tuesday night.",
            "They left three weeks ago.",
            "It burned this morning, and tomorrow it rains.",
        ]
    ),
    moment=st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    weeks=st.integers(-200, 200),
)
def test_shifting_the_publication_by_weeks_shifts_days_and_weeks(sentence: str, moment: datetime, weeks: int) -> None:
    step = timedelta(weeks=weeks)
    before = TAGGER.tag(sentence, published=moment)
    after = TAGGER.tag(sentence, published=moment + step)
    assert before
    for one, other in zip(before, after, strict=True):
        assert one.interval is not None
        assert other.interval is not None
        for first, second in zip(one.interval, other.interval, strict=True):
            assert datetime.fromisoformat(first) + step == datetime.fromisoformat(second)


@given(
    value=st.from_regex(
        r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?|-W[0-5][0-9](-[1-7])?|-Q[1-4]|-H[12])?", fullmatch=True
    )
)
def test_an_interval_starts_where_its_value_does(value: str) -> None:
    interval = interval_of(value)
    if interval is not None:
        check_interval(value, *interval)
