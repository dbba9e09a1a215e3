"""Runs dateparser's search or the Microsoft recognizers on texts from standard input, for `dates_speed.py`.

`python dates_peers.py NAME` runs with the Python of a separate environment. It reads one JSON document per line
(`text`, `published`), writes one line of `[start, end, value]` lists for each, and at the end the seconds spent.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

Mentions = list[tuple[int, int, str]]

REQUIREMENTS = {
    "dateparser": ["dateparser==1.5.0"],
    "recognizers": ["recognizers-text-date-time==1.0.2a2", "emoji<2", "grapheme", "multipledispatch", "setuptools<81"],
}
"""The requirements of each peer; the recognizers import a name that newer releases of emoji no longer have."""


def dateparser_search() -> Callable[[str, datetime], Mentions]:
    search_dates = import_module("dateparser.search").search_dates

    def find(text: str, published: datetime) -> Mentions:
        found, at = [], 0
        settings = {"RELATIVE_BASE": published, "PREFER_DATES_FROM": "past"}
        for words, moment in search_dates(text, languages=["en"], settings=settings) or ():
            start = text.find(words, at)
            if start >= 0:
                at = start + len(words)
                found.append((start, at, moment.date().isoformat()))
        return found

    return find


def recognizers() -> Callable[[str, datetime], Mentions]:
    recognizer = import_module("recognizers_date_time")

    def find(text: str, published: datetime) -> Mentions:
        found = []
        for each in recognizer.recognize_datetime(text, recognizer.Culture.English, reference=published):
            values: list[dict[str, Any]] = (each.resolution or {}).get("values") or [{}]
            timex = values[0].get("timex", "")
            value = values[0].get("value") or values[0].get("start") or "" if "X" in timex else timex
            found.append((each.start, each.end + 1, value))
        return found

    return find


def main() -> None:
    find = {"dateparser": dateparser_search, "recognizers": recognizers}[sys.argv[1]]()
    spent = 0.0
    for line in sys.stdin:
        document = json.loads(line)
        published = datetime.fromisoformat(document["published"])
        started = time.process_time()
        try:
            found = find(document["text"], published)
        except Exception as error:  # noqa: BLE001 - a peer that fails on a text finds nothing in it
            print(f"{sys.argv[1]}: {error!r}", file=sys.stderr)
            found = []
        spent += time.process_time() - started
        print(json.dumps(found))
    print(json.dumps({"seconds": spent}))


if __name__ == "__main__":
    main()
