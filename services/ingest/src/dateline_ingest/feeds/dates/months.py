"""Recognises month names in the languages of news feeds."""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["fold", "month_number"]

NAMES = """
en january february march april may june july august september october november december
fr janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
pt janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
de januar februar maerz april mai juni juli august september oktober november dezember
at janner feber marz april mai juni juli august september oktober november dezember
nl januari februari maart april mei juni juli augustus september oktober november december
da januar februar marts april maj juni juli august september oktober november december
sv januari februari mars april maj juni juli augusti september oktober november december
fi tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu
pl stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
pl styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
cs ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
cs leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec
hu januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ca gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre
tr ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
id januari februari maret april mei juni juli agustus september oktober november desember
ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ru январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
uk січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
bg януари февруари март април май юни юли август септември октомври ноември декември
el ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
el ιανουαριος φεβρουαριος μαρτιος απριλιος μαιος ιουνιος ιουλιος αυγουστος σεπτεμβριος οκτωβριος νοεμβριος δεκεμβριος
"""
"""Full names without accents, from January to December; the first line that has a name decides."""

SHORT = {"sept": 9, "agt": 8, "ago": 8, "sty": 1, "mrt": 3, "mrz": 3, "prosinc": 12, "fev": 2, "dez": 12, "dic": 12}
"""Abbreviations that are not the beginning of exactly one name."""

ENGLISH = {
    **{"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6},
    **{"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12},
}
"""The most frequent abbreviations, looked up before the full table is built."""


def fold(text: str) -> str:
    """Convert to lower case and remove accents."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).replace("ß", "ss")


@cache
def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    beginnings: dict[str, set[int]] = {}
    english: dict[str, int] = {}
    for line in NAMES.strip().splitlines():
        language, *names = line.split()
        for number, name in enumerate(names, 1):
            name = fold(name)
            table.setdefault(name, number)
            for length in range(3, len(name)):
                beginnings.setdefault(name[:length], set()).add(number)
                if language == "en":
                    english.setdefault(name[:length], number)
    for beginning, numbers in beginnings.items():
        if len(numbers) == 1:
            table.setdefault(beginning, next(iter(numbers)))
    return {**table, **SHORT, **english}


def month_number(word: str) -> int | None:
    """Return 1 to 12 for a month name or an abbreviation of at least three letters; None for other words."""
    return ENGLISH.get(word) or _table().get(fold(word))
