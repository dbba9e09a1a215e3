"""The tagger: finds the expressions of a text, then reads each in the light of those before it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Literal

from dateline_enrich.dates import numeric
from dateline_enrich.dates.context import Context
from dateline_enrich.dates.language import Language, no_language
from dateline_enrich.dates.matching.pattern import Vocabulary
from dateline_enrich.dates.memory import remember
from dateline_enrich.dates.narrative import is_narrative
from dateline_enrich.dates.rule import Reading
from dateline_enrich.dates.scanner import Expression, Scanner
from dateline_enrich.dates.timex import Interval, Timex
from dateline_enrich.dates.value import interval_of, interval_of_point

__all__ = ["TAGGER_VERSION", "DateTagger", "tag"]

TAGGER_VERSION = "1.0.0"
"""Changes with every change of what is found or how it is read."""

Field = Literal["title", "body"]

_LANGUAGES = {"en": "english"}


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
        default_language: Language of texts that do not name theirs.
        minimum_confidence: Expressions that are less sure are left out.
        limit: Most expressions of a text; what follows them is not read. No article comes near it: it
            bounds the time that a hostile text can take.
    """

    def __init__(self, *, default_language: str = "en", minimum_confidence: float = 0.0, limit: int = 10_000) -> None:
        self._default = default_language
        self._minimum = minimum_confidence
        self._limit = limit
        _compiled(self._code(default_language))

    @staticmethod
    def _code(language: str) -> str:
        code = language.replace("_", "-").split("-")[0].lower()
        return code if code in _LANGUAGES else ""

    def tag(
        self,
        text: str,
        *,
        published: datetime | None,
        precision: str | None = None,
        language: str | None = None,
        country: str | None = None,
    ) -> list[Timex]:
        """Tags one text.

        Args:
            text: Plain text.
            published: When it was published; None if unknown, and values that need it have X in them.
            precision: How exact that is: `year`, `month`, `day` or finer.
            language: Its language as a BCP 47 tag; in other languages than English only dates in
                figures are found.
            country: Two-letter code of the country where it was published.

        Returns:
            The expressions in the order of the text, none overlapping.
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
        """Tags an article: what the title or the body says of the order of days, months and times holds for both.

        Args:
            title: Its title.
            body: Its text.
            published: As in `tag`.
            precision: As in `tag`.
            language: As in `tag`.
            country: As in `tag`.

        Returns:
            Pairs of the field and an expression with offsets into that field.
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
        spoken = language or self._default
        rules, scanner = _compiled(self._code(spoken))
        scans = []
        for name, text in fields:
            scan = scanner.scan(text)
            scans.append((name, text, scan, list(islice(scanner.find(scan), self._limit))))
        everything = [each for _, _, _, found in scans for each in found]
        narrative = is_narrative(everything, published)
        order = numeric.day_first(everything, language, country)
        tagged: list[tuple[Field, Timex]] = []
        for field, text, scan, found in scans:
            context = Context(
                scan, published, precision, rules.tense, narrative=narrative, day_first=order, country=country
            )
            for position, each in enumerate(found):
                reading = _read(each, found[position + 1 : position + 2], context)
                if reading is not None and reading.confidence >= self._minimum:
                    tagged.append((field, _timex(text, each, reading)))
        return tagged


_JOINTS = frozenset({"-", "–", "—", "to", "and", "through", "or", "until", "till"})


def _read(each: Expression, following: list[Expression], context: Context) -> Reading | None:
    context.range_year = _range_year(each, following)
    try:
        reading = each.rule.read(each.match, context)
        if reading is not None:
            remember(context, reading, each.rule)
    except (ValueError, OverflowError):
        # A date outside the calendar, such as 500 decades ago: it is one, but nobody can write its value.
        reading = Reading(type="DATE", value="XXXX", confidence=0.1)
    return reading


def _range_year(each: Expression, following: list[Expression]) -> int | None:
    """The year of "July 3, 1863" for the "July 1" of "July 1 to July 3, 1863"."""
    for other in following:
        if other.match.start - each.match.end > 5:
            break
        gap = [
            token.lower() for token in each.match.scan.tokens[each.match.end : other.match.start] if not token.isspace()
        ]
        if len(gap) == 1 and gap[0] in _JOINTS and (year := other.match.tokens("year")):
            return int(year[-1])
    return None


def _interval(reading: Reading) -> Interval | None:
    if reading.type == "DATE" and reading.point is not None:
        return interval_of_point(reading.point)
    return interval_of(reading.value, reading.zone) if reading.type in ("DATE", "TIME") else None


def _timex(text: str, each: Expression, reading: Reading) -> Timex:
    return Timex(
        start=each.start,
        end=each.end,
        text=text[each.start : each.end],
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
    """Tags one text with the usual settings; `DateTagger.tag` says what the arguments mean."""
    return _tagger().tag(text, published=published, precision=precision, language=language, country=country)
