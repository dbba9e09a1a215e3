"""English words by class, and named patterns. A word that starts with `=` matches in exactly this case."""

from __future__ import annotations

from dateline_enrich.dates.matching.number_classes import number_classes

__all__ = ["MACROS", "MONTHS", "SYMBOLS", "UNITS", "WEEKDAYS", "symbols"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""The numbers of month names."""

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon mondays", "tuesday tues tue tuesdays", "wednesday wed wednesdays",
            "thursday thurs thur thu thursdays", "friday fri fridays", "saturday sat saturdays", "sunday sun sundays",
        )
    )
    for name in names.split()
}  # fmt: skip
"""The numbers of weekday names; Monday is 0."""

UNITS = {
    name: grain
    for grain, names in {
        "second": "second seconds sec secs",
        "minute": "minute minutes min mins",
        "hour": "hour hours hr hrs",
        "day": "day days",
        "night": "night nights",
        "weekend": "weekend weekends",
        "week": "week weeks wk wks",
        "fortnight": "fortnight fortnights",
        "month": "month months",
        "quarter": "quarter quarters",
        "year": "year years yr yrs",
        "decade": "decade decades",
        "century": "century centuries",
        "millennium": "millennium millennia millenniums",
    }.items()
    for name in names.split()
}
"""The unit of each word for a unit of time."""

WORDS = {
    "MONTHFULL": "january february =March =MARCH april =May =MAY june july august september october november december",
    "MONTHABBR": "jan feb =Mar =MAR apr jun jul aug sep sept oct nov dec",
    "LOWMONTH": "=may =march",
    "WEEKDAY": "monday tuesday wednesday thursday friday saturday sunday",
    "WEEKABBR": "=Mon =Tue =Tues =Wed =Thu =Thur =Thurs =Fri =Sat =Sun =MON =TUE =WED =THU =FRI =SAT =SUN",
    "WEEKDAYS": "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
    "SEASON": "spring summer autumn =winter =Winter =fall =Fall",
    "ONES": "one two three four five six seven eight nine",
    "TEENS": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "TENS": "twenty thirty forty fourty fifty sixty seventy eighty ninety",
    "SCALE": "hundred thousand million billion dozen",
    "ORDWORD": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
    "QUARTERTH": "first second third fourth",
    "ORDSUFFIX": "st nd rd th",
    "DECADEFIGURES": "10 20 30 40 50 60 70 80 90",
    "DECADEWORD": "twenties thirties forties fifties sixties seventies eighties nineties",
    "UNIT": "day week month quarter year decade century millennium hour minute fortnight weekend night",
    "UNITS": "days weeks months quarters years decades centuries millennia hours hrs minutes mins seconds "
    "fortnights weekends nights yrs",
    "CALENDARUNIT": "day week weekend month year decade century fortnight",
    "BUSINESSUNIT": "quarter period half",
    "PARTOFDAY": "morning afternoon evening night dawn noon midday midnight lunchtime dusk",
    "PHASE": "early late mid earlier later",
    "APOS": "' ’ ‘ `",
    "DASH": "- – —",
    "REFNOUN": "future past term present",
    "BC": "=BC =BCE",
    "AD": "=AD =CE",
    "ZONENAME": "=Eastern =Central =Mountain =Pacific =Atlantic",
    "ZONEPLACE": "eastern central mountain pacific atlantic european greenwich moscow beijing tokyo seoul london paris "
    "berlin kyiv kiev istanbul jerusalem israel tehran kabul dubai delhi india indian singapore manila jakarta hanoi "
    "bangkok sydney melbourne japan uk us gulf british irish swiss swedish german french",
    "Q": "=Q",
    "H": "=H",
    "ZONE": "=GMT =UTC =EST =EDT =ET =CST =CDT =CT =MST =MDT =MT =PST =PDT =PT =BST =CET =CEST =IST =JST =AEST "
    "=MSK =EET =EEST =HKT =SGT =Z",
}

"""The words of each class, separated by spaces."""

SYMBOLS: dict[str, tuple[str, ...]] = {name: tuple(words.split()) for name, words in WORDS.items()}
"""The words of each class."""

MACROS = {
    "MONTH": "MONTHFULL | MONTHABBR ~.?",
    "ANYMONTH": "MONTHFULL | MONTHABBR ~.? | LOWMONTH",
    "DATEDAY": "DAY ~ORDSUFFIX?",
    "FULLDATE": "( WEEKNAME ~,? )? "
    "( month=ANYMONTH day=DATEDAY ( ~,? year=YEAR )? | day=DATEDAY month=ANYMONTH ( ~,? year=YEAR )? )",
    "WEEKNAME": "weekday=WEEKDAY | weekday=WEEKABBR ~.?",
    "APPROXIMATELY": "approx=( about | around | circa )",
    "NUMWORD": "ONES | TEENS | TENS | SCALE",
    "CARDINAL": "( INT | ONES | TEENS | TENS ) and a half | INT ( ~, ~THREE )? ( INT ~/ ~INT )? "
    "| INT ~. ~INT | INT ~½ | INT SCALE | ( a | one | two )? NUMWORD ( and? NUMWORD ){0,4}",
    "VAGUE": "several | many | some | ( a | the )? few | a dozen | dozens of | hundreds of | a number of",
    "YEARWORDS": "TEENS ( TENS ONES? | TEENS | hundred ) "
    "| two thousand ( and? ( ONES | TEENS | TENS ONES? ) )? | twenty ( TENS ONES? | TEENS )",
    "ORDINAL": "ORDWORD | TENS ORDWORD | INT ~ORDSUFFIX",
    "APPROX": "around | approximately | roughly | some | nearly | almost | more than | less than | fewer than "
    "| at least | at most | up to | under | no more than | no less than | as many as | as much as "
    "| just over | just under | well over | close to",
    "PHASEWORD": "phase=( early | earlier | late | later | sometime )",
    "CLOCK": "hour=HOUR ~: ~minute=SIXTY ( ~: ~second=SIXTY )? ( _MERIDIEM | in the part=( morning | afternoon | "
    "evening ) | at part=night )? | hour=HOUR _MERIDIEM "
    "| hour=HOUR ~. ~minute=SIXTY _MERIDIEM | hour=( ONES | TEENS ) ( minutes=( TENS ONES? | fifteen ) )? MERIDIEM "
    "| hour=( ONES | ten | eleven | twelve ) minutes=( TENS ONES? | fifteen ) | 12? named=( noon | midnight | midday ) "
    "| hour=HOURWORD o ~APOS ~clock ( in the part=( morning | afternoon | evening ) | at part=night )? "
    "| hour=HOURWORD ( minutes=( TENS ONES? | fifteen ) )? in the part=( morning | afternoon | evening ) "
    "| offset=( half past | a? quarter ( past | to | after | before | of | till ) "
    "| ( TENS ONES? | ONES | TEENS | INT ) ( minutes | mins | min | minute )? ( past | to | till ) "
    "| ( TENS ONES? | ONES | TEENS | INT ) ( minutes | mins | min | minute ) ( after | before ) ) "
    "( hour=HOURWORD ( o ~APOS ~clock )? ( _MERIDIEM )? | named=( noon | midnight | midday ) ) "
    "( in the part=( morning | afternoon | evening ) | at part=night )? "
    "| military=HHMM ( ZONED | units=( hours | hrs ) ) | hour=HOUR ~. ~minute=SIXTY zone=ZONE",
    "CLOCKDAY": "FULLDATE | ( deictic=( next | last | this ) )? weekday=WEEKDAY part=PARTOFDAY? "
    "| today=( today | yesterday | tomorrow | tonight | this | last ) part=PARTOFDAY?",
    "HOURWORD": "HOUR | ONES | TEENS",
    "MERIDIEM": "am=( am | a ~. ~m ~.? ) | pm=( pm | p ~. ~m ~.? )",
    "ZONED": "zone=ZONE ( _shift=( ( + | - ) ~( INT | HHMM ) ( ~: ~YY )? ) | ( ~/ ~ZONE ){0,2} ) | shift=( ( + | - ) "
    "~HHMM ) "
    "| ( local | ZONEPLACE ) ( standard | daylight | summer | mean )? time",
    "QCODE": "Q ~INT | INT ~Q",
    "HCODE": "H ~INT | INT ~H",
    "FISCALYEAR": "( fy | cy ) _( opens=YEAR _( - | / ) ~ends=( YY | YEAR ) | year=YEAR | opens=YY ~( - | / ) ~ends=YY "
    "| short=YY | short=( APOS ~YY ) )",
    "EARLYLATE": "mid ( to | ~- to ) late | early ( to | ~- to ) mid | early | late | mid",
    "PHASED": "phase=( EARLYLATE ) ( in the? | of )? "
    "| phase=( the? very? ( beginning | start | end | middle | close ) of )",
    "PORTION": "phase=( ( the | its )? ( first | opening | last | final | closing | latter | second ) ( half | third "
    "| days | weeks | months | years | decades | hours ) of ) ( the | that )?",
    "RELATEDYEAR": "( the? same | that same? | last | next | this ) year",
    "PARTOF": "( early in )? the? ( early | late )? "
    "part=( morning | afternoon | evening | night | dawn ) hours? of the? | the early part=hours of the?",
}
"""Patterns by name."""


def symbols() -> dict[str, tuple[str, ...]]:
    """Return the words of each class, numbers in figures included."""
    return {**number_classes(), **SYMBOLS}
