"""Dates and times as pages write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dateline_schemas import DatePrecision

__all__ = ["Moment", "moment_in_address", "moment_in_text", "stated_moment"]

ZONES_MINUTES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "sast": 120, "eest": 180, "msk": 180, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Offsets of named zones. Names that stand for zones hours apart without a usual one, such as IST, are left out."""

MONTH_NAMES = (
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari januar jan",
    "february feb februar fevrier février févr febrero fevereiro fev febbraio februari febr",
    "march mar märz mrz maerz mars marzo março marco maart mrt mär",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei maj",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet juil julio julho luglio lug",
    "august aug août aout agosto ago augustus augusti",
    "september sep sept septembre septiembre setembro set settembre",
    "october oct oktober okt octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre",
)
"""Names of the months in English, German, French, Spanish, Portuguese, Italian, Dutch and the Nordic languages."""

MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, 1) for name in names.split()}

CLOCK = (
    r"(?:(?:,|\s|T|-|–|\||at|um|à|a las|às|alle|om|kl\.?){1,12}(?P<hour>[0-2]?\d)(?:[:.h](?P<minute>[0-5]\d)"
    r"(?:[:.](?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?)?(?!\d)\s{0,2}(?P<half>[ap]\.?m\b\.?)?"
    r"(?:\s{0,2}(?:Uhr|h|hrs|Uhr\s)?\s{0,2}\(?(?P<zone>[+-]\d\d:?(?:\d\d)?|[A-Za-z]{1,4}\b))?)?"
)
ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)" + CLOCK)
EAST_ASIAN = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일]?" + CLOCK
)
COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)"
    r":?(?P<second>[0-5]\d)?(?:\.\d{1,9})?(?P<zone>Z|[+-]\d\d:?(?:\d\d)?)?)?$"
)
NUMERIC = re.compile(
    r"(?<![\d.])(?P<first>\d\d?)(?P<mark>[./-])\s?(?P<second_part>\d\d?)(?P=mark)\s?(?P<year>(?:(?:19|20)\d\d|\d\d(?!\d)))(?!\d)"
    + CLOCK
)
WORD = r"[^\W\d_]{3,10}"
DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.|ª)?[\s-]{{1,3}}(?:of\s|de\s)?(?P<name>{WORD})\.?,?[\s-]{{1,3}}(?:de\s|del\s)?"
    r"(?P<year>(?:19|20)\d\d)(?!\d)" + CLOCK
)
MONTH_FIRST = re.compile(
    rf"\b(?P<name>{WORD})\.?\s{{1,3}}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s{{1,3}}(?P<year>(?:19|20)\d\d)(?!\d)" + CLOCK
)
EPOCH = re.compile(r"(?P<seconds>\d{10})(?:\d{3})?")
FOLDERS = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d\d?|[a-z]{3})/(?P<day>\d\d?)(?=/)", re.IGNORECASE)
ADDRESS = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)[/_-]?(?P<month>\d\d?|[a-z]{3})[/_-]?(?P<day>\d\d)(?=[/_.,-]|$)", re.IGNORECASE
)
MAX_TEXT_CHARS = 400
"""Of a longer text only the beginning is searched."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a page states it, with the offset that it states."""

    when: datetime
    precision: DatePrecision

    @property
    def day(self) -> str:
        """The day where the page was written: `YYYY-MM-DD`."""
        return self.when.date().isoformat()


def stated_moment(text: str, *, month_first: bool = False) -> Moment | None:
    """Return the time that a value for programs states; None if it is not a time.

    A time without a zone states no more than its day: it is that day in UTC, with the precision "day".

    Args:
        text: ISO 8601 in its variants, the date of an HTTP header, seconds or milliseconds since 1970, or a date
            in words.
        month_first: whether 4/5/2024 is in April.
    """
    text = text.strip()[:MAX_TEXT_CHARS]
    if match := EPOCH.fullmatch(text):
        seconds = int(match["seconds"])
        return Moment(datetime.fromtimestamp(seconds, UTC), "second")
    if match := COMPACT.match(text):
        return _moment(match, int(match["month"]), int(match["day"]))
    return moment_in_text(text, month_first=month_first)


def moment_in_text(text: str, *, month_first: bool = False) -> Moment | None:
    """Return the first date in a text for people; None if there is none."""
    found = list(_found(text[:MAX_TEXT_CHARS], month_first))
    return min(found, key=lambda each: each[0])[1] if found else None


def moment_in_address(address: str, *, only_folders: bool = False) -> Moment | None:
    """Return the day in the path of an address, such as `/2024/05/01/` or `-20240501`; None if there is none.

    Args:
        address: the address.
        only_folders: whether only the first form counts, because the second may be the day of an event.
    """
    path = address.split("//", 1)[-1].partition("/")[2].partition("?")[0]
    for match in (FOLDERS if only_folders else ADDRESS).finditer(f"/{path}"):
        name = match["month"].casefold()
        month = int(name) if name.isdigit() else MONTHS.get(name, 0)
        if moment := _moment(match, month, int(match["day"])):
            return moment
    return None


def _found(text: str, month_first: bool) -> Iterator[tuple[int, Moment]]:
    """Yield the place and the time of the first date of each form."""
    for pattern in (ISO, EAST_ASIAN):
        if (match := pattern.search(text)) and (moment := _moment(match, int(match["month"]), int(match["day"]))):
            yield match.start(), moment
    for pattern in (DAY_FIRST, MONTH_FIRST):
        for match in pattern.finditer(text):
            month = MONTHS.get(match["name"].casefold())
            if month and (moment := _moment(match, month, int(match["day"]))):
                yield match.start(), moment
                break
    if match := NUMERIC.search(text):
        first, second = int(match["first"]), int(match["second_part"])
        is_month_first = first <= 12 and (second > 12 or (month_first and match["mark"] != "."))
        month, day = (first, second) if is_month_first else (second, first)
        if moment := _moment(match, month, day):
            yield match.start(), moment


def _moment(match: re.Match[str], month: int, day: int) -> Moment | None:
    parts = match.groupdict()
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    zone = _zone(parts.get("zone"))
    try:
        if parts.get("hour") is None or parts.get("minute") is None or zone is None:
            return Moment(datetime(year, month, day, tzinfo=UTC), "day")
        hour = int(parts["hour"])
        if parts.get("half"):
            hour = hour % 12 + (12 if parts["half"].casefold().startswith("p") else 0)
        second = parts.get("second")
        when = datetime(year, month, day, hour, int(parts["minute"]), int(second or 0), tzinfo=zone)
        when.astimezone(UTC)
    except (ValueError, OverflowError):
        try:
            return Moment(datetime(year, month, day, tzinfo=UTC), "day")
        except ValueError:
            return None
    # A day that begins at midnight in UTC is what many systems write for a day without a time.
    is_midnight = zone.utcoffset(None) == timedelta(0) and (when.hour, when.minute, when.second) == (0, 0, 0)
    return Moment(when, "day" if is_midnight else "minute" if second is None else "second")


def _zone(text: str | None) -> timezone | None:
    name = (text or "").casefold()
    if name in ZONES_MINUTES:
        return timezone(timedelta(minutes=ZONES_MINUTES[name]))
    if not name or name[0] not in "+-":
        return None
    digits = name[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes)) if minutes < 15 * 60 else None
