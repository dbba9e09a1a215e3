"""The tagger: finds the expressions of a text, then resolves them in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Literal

from dateline_enrich.dates import numeric
from dateline_enrich.dates.context import Context
from dateline_enrich.dates.datelines import date_of_dateline
from dateline_enrich.dates.frames import enter_week, leave_week
from dateline_enrich.dates.language import Language, no_language
from dateline_enrich.dates.matching.pattern import Vocabulary
from dateline_enrich.dates.memory import remember
from dateline_enrich.dates.narrative import is_narrative
from dateline_enrich.dates.ranges import enter_range
from dateline_enrich.dates.rule import Reading
from dateline_enrich.dates.scanner import Expression, Scanner
from dateline_enrich.dates.timex import Interval, Timex
from dateline_enrich.dates.value import interval_of, interval_of_point

__all__ = ["TAGGER_VERSION", "DateTagger", "tag"]

TAGGER_VERSION = "1.1.0"
"""Changes whenever any text may be tagged differently."""

Field = Literal["title", "body"]
"""The fields of an article."""

LANGUAGES = frozenset({"en"})
"""Languages that have rules, as ISO 639-1 codes."""


def _language(code: str) -> Language:
    if code == "en":
        from dateline_enrich.dates.english import english

        return english()
    return no_language()


@lru_cache(maxsize=4)
def _compiled(code: str) -> tuple[Language, Scanner]:
    language = _language(code)
    rules = (*language.rules, *numeric.RULES)
    vocabulary = Vocabulary(language.symbols, language.macros, [rule.pattern for rule in rules])
    return language, Scanner(vocabulary, rules)


class DateTagger:
    """Finds, types and resolves the temporal expressions of texts.

    Args:
        default_language: the language of texts whose language is not given.
        minimum_confidence: expressions with a lower confidence are left out.
        limit: at most this many expressions are read in each field; the rest is ignored. No real article
            reaches the limit: it bounds the time for a hostile text.
    """

    def __init__(self, *, default_language: str = "en", minimum_confidence: float = 0.0, limit: int = 10_000) -> None:
        self._default = default_language
        self._minimum = minimum_confidence
        self._limit = limit
        _compiled(self._code(default_language))

    @staticmethod
    def _code(language: str) -> str:
        code = language.replace("_", "-").split("-")[0].lower()
        return code if code in LANGUAGES else ""

    def tag(
        self,
        text: str,
        *,
        published: datetime | None,
        precision: str | None = None,
        language: str | None = None,
        country: str | None = None,
    ) -> list[Timex]:
        """Tag one text.

        Args:
            text: plain text.
            published: the publication date; if None, the date in the dateline of the text takes its place, and
                without one, values that depend on it contain X.
            precision: precision of the publication date: `year`, `month`, `day` or finer.
            language: BCP 47 tag; in languages other than English, only dates in figures are found.
            country: two-letter code of the country of publication.

        Returns:
            the expressions in the order of the text, without overlaps.
        """
        return [timex for _, timex in self._tag([("body", text)], published, precision, language, country)]

    def tag_article(
        self,
        title: str,
        body: str,
        *,
        published: datetime | None,
        precision: str | None = None,
        language: str | None = None,
        country: str | None = None,
    ) -> list[tuple[Field, Timex]]:
        """Tag an article. Both fields decide together whether it is a story and whether days precede months.

        Args:
            title: the title.
            body: the text.
            published: as in `tag`.
            precision: as in `tag`.
            language: as in `tag`.
            country: as in `tag`.

        Returns:
            pairs of a field and an expression with offsets into that field.
        """
        return self._tag([("title", title), ("body", body)], published, precision, language, country)

    def _tag(
        self,
        fields: list[tuple[Field, str]],
        published: datetime | None,
        precision: str | None,
        language: str | None,
        country: str | None,
    ) -> list[tuple[Field, Timex]]:
        rules, scanner = _compiled(self._code(language or self._default))
        scans = []
        for name, text in fields:
            scan = scanner.scan(text)
            scans.append((name, text, scan, list(islice(scanner.find(scan), self._limit))))
        everything = [expression for _, _, _, found in scans for expression in found]
        order = numeric.day_first(everything, language, country)
        if published is None:
            _, text, scan, found = scans[-1]
            context = Context(scan, None, None, rules.tense, rules.sentences, day_first=order)
            published, precision = date_of_dateline(text, found, context), "day"
        narrative = is_narrative(everything, published, rules.tense, rules.sentences)
        tagged: list[tuple[Field, Timex]] = []
        for field, text, scan, found in scans:
            context = Context(
                scan, published, precision, rules.tense, rules.sentences, narrative=narrative, day_first=order
            )
            previous: tuple[Expression, Reading] | None = None
            ahead: dict[int, Reading] = {}
            for at, expression in enumerate(found):
                reading = _read(found, at, previous, context, ahead)
                previous = None if reading is None else (expression, reading)
                if reading is not None and reading.confidence >= self._minimum:
                    tagged.append((field, _timex(text, expression, reading)))
        return tagged


def _read(
    found: Sequence[Expression],
    at: int,
    previous: tuple[Expression, Reading] | None,
    context: Context,
    ahead: dict[int, Reading],
) -> Reading | None:
    expression = found[at]
    try:
        enter_range(context, found, at, previous)
        enter_week(context, found, at, ahead)
        reading = ahead.get(expression.match.start) or expression.rule.read(expression.match, context)
        if reading is not None:
            remember(context, reading, expression)
            leave_week(context, found, at, reading)
    except (ValueError, OverflowError):
        # A date outside the calendar, such as 500 decades ago, has no value that can be written.
        reading = Reading(type="DATE", value="XXXX", confidence=0.1)
    return reading


def _interval(reading: Reading) -> Interval | None:
    if reading.type == "DATE" and reading.point is not None:
        return interval_of_point(reading.point)
    return interval_of(reading.value, reading.zone) if reading.type in ("DATE", "TIME") else None


def _timex(text: str, expression: Expression, reading: Reading) -> Timex:
    return Timex(
        start=expression.start,
        end=expression.end,
        text=text[expression.start : expression.end],
        type=reading.type,
        value=reading.value,
        mod=reading.mod,
        interval=_interval(reading),
        alternatives=tuple((value, interval_of(value)) for value in reading.alternatives),
        confidence=reading.confidence,
    )


@lru_cache(maxsize=1)
def _tagger() -> DateTagger:
    return DateTagger()


def tag(
    text: str,
    *,
    published: datetime | None = None,
    precision: str | None = None,
    language: str | None = None,
    country: str | None = None,
) -> list[Timex]:
    """Tag one text with default settings; see `DateTagger.tag` for the arguments."""
    return _tagger().tag(text, published=published, precision=precision, language=language, country=country)
