"""Maps the zone names in feeds to offsets from UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

__all__ = ["named_zone", "offset_zone"]

FIXED_HOURS: dict[str, float] = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "uct": 0, "zulu": 0,
    "bst": 1, "west": 1, "cet": 1, "met": 1, "mez": 1, "wat": 1, "hec": 1, "rok": 9,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "cat": 2, "sast": 2, "ist": 5.5, "idt": 3,
    "eest": 3, "msk": 3, "eat": 3, "trt": 3, "ast": -4, "msd": 4, "samt": 4, "gst": 4, "irst": 3.5, "irdt": 4.5,
    "pkt": 5, "uzt": 5, "yekt": 5, "npt": 5.75, "bdt": 6, "omst": 6, "mmt": 6.5,
    "ict": 7, "wib": 7, "krat": 7, "wita": 8, "sgt": 8, "myt": 8, "hkt": 8, "pht": 8, "awst": 8, "irkt": 8,
    "jst": 9, "kst": 9, "wit": 9, "yakt": 9, "acst": 9.5, "aest": 10, "vlat": 10, "acdt": 10.5, "aedt": 11,
    "magt": 11, "nzst": 12, "nzt": 12, "pett": 12, "nzdt": 13,
    "azot": -1, "egt": -1, "ndt": -2.5, "nst": -3.5, "nt": -3.5, "brst": -2, "brt": -3, "art": -3, "uyt": -3, "gft": -3,
    "clst": -3, "adt": -3, "clt": -4, "bot": -4, "vet": -4, "pyt": -4, "edt": -4, "est": -5, "cot": -5, "pet": -5,
    "ect": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "akdt": -8, "ydt": -8,
    "akst": -9, "yst": -9, "hdt": -9, "hst": -10, "ahst": -10, "bdst": 2, "sst": -11,
}  # fmt: skip
"""Fixed offsets in hours. An ambiguous name is the zone of RFC 822, or else the one most frequent in feeds."""

REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "at": "America/Halifax",
    "akt": "America/Anchorage",
}
"""Names that do not say whether summer time applies."""

REGION_HOURS = {"et": -5, "ct": -6, "mt": -7, "pt": -8, "at": -4, "akt": -9}
"""Standard time of the names in `REGIONS`, for machines without a zone database."""

MAX_OFFSET_MINUTES = 24 * 60 - 1
"""Python supports only offsets of less than a day."""


@lru_cache(maxsize=256)
def offset_zone(sign: str, hours: str, minutes: str) -> tzinfo | None:
    """Return the zone of a numeric offset; None if it is a day or more, or has more than 59 minutes.

    Offsets of more than 14 hours do not exist, but are accepted as written.
    """
    total = int(hours) * 60 + int(minutes or 0)
    if total > MAX_OFFSET_MINUTES or int(minutes or 0) > 59:
        return None
    return timezone(timedelta(minutes=-total if sign == "-" else total))


@lru_cache(maxsize=256)
def _region(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None


def named_zone(name: str, moment: datetime) -> tzinfo | None:
    """Return the zone of a name at a local time; None if the name is unknown.

    Args:
        name: an abbreviation, a military letter (with the signs of RFC 822), or `Area/City`.
        moment: the local time, which decides between standard time and summer time.
    """
    if "/" in name:
        zone = _region(name)
    else:
        key = name.lower()
        if len(key) == 1 and key.isascii() and key.isalpha() and key not in "jz":
            return timezone(timedelta(hours=_military(key)))
        if key in FIXED_HOURS:
            return timezone(timedelta(hours=FIXED_HOURS[key]))
        zone = _region(REGIONS[key]) if key in REGIONS else None
        if zone is None and key in REGION_HOURS:
            return timezone(timedelta(hours=REGION_HOURS[key]))
    offset = zone.utcoffset(moment) if zone else None
    return None if offset is None else timezone(offset)


def _military(letter: str) -> int:
    position = "abcdefghiklm".find(letter)
    return -(position + 1) if position >= 0 else "nopqrstuvwxy".index(letter) + 1
