"""Reads the pages of the independent sets."""

import re
from html import escape
from pathlib import Path
from random import Random
from typing import Literal

from dateline_pages.judging.problem import ProblemKind
from support.judged.independent.fronts import independent_front
from support.judged.page import JudgedPage

__all__ = ["SETS", "IndependentSet", "independent_pages"]

IndependentSet = Literal["first", "second", "third", "fourth"]

SETS: tuple[IndependentSet, ...] = ("first", "second", "third", "fourth")

HEADLINE = re.compile(r"(?:^# |<h1>|<b>)([^<\n]+)", re.M)

HERE = Path(__file__).parent

FILES: dict[str, ProblemKind | None] = {
    "consent": "consent",
    "challenge": "challenge",
    "login": "login",
    "missing": "not found",
    "innocent": None,
}

FRONTS = {"first": range(30), "second": range(30, 42), "third": range(42, 54), "fourth": range(54, 66)}

ORIGIN = "https://paper.example"

FRONT_SHELLS = {"de": "bem", "fr": "french", "ar": "arabic", "ja": "bare"}


def shell(name: str, language: str, title: str, head: str, main: str) -> str:
    found = (HERE / "shells" / f"{name}.html").read_text()
    for place, text in (("lang", language), ("title", title), ("head", head), ("main", main)):
        found = found.replace("{" + place + "}", text)
    return found


def written(name: str, language: str, lines: list[str]) -> str:
    """Return the HTML of a page that is written in short: `T ` title, `H ` head, `# ` heading, a paragraph a line."""
    title, head, main = "", "", []
    for line in lines:
        mark, _, rest = line.partition(" ")
        if mark == "T":
            title = rest
        elif mark == "H":
            head = rest
        elif mark == "#":
            main.append(f"<h1>{rest}</h1>")
            title = title or rest
        else:
            main.append(line if line.startswith("<") else f"<p>{line}</p>")
    return shell(name, language, escape(title, quote=False), head, "\n".join(main))


def pages_of(which: IndependentSet, file: str, kind: ProblemKind | None) -> list[JudgedPage]:
    found = []
    for index, record in enumerate((HERE / which / f"{file}.txt").read_text().split("\n== ")):
        first, *lines = record.removeprefix("== ").strip().split("\n")
        name, language, path, requested = first.split()
        html = "\n".join(lines) if name == "raw" else written(name, language, lines)
        requested = path if requested == "-" else requested
        path = requested if path == "-" else path
        found.append(
            JudgedPage(
                name=f"{which} {file} {index}",
                kind=kind,
                headline=next(iter(HEADLINE.findall("\n".join(lines))), None),
                body=html.encode(),
                url=f"{ORIGIN}/{path.lstrip('/')}",
                requested=f"{ORIGIN}/{requested.lstrip('/')}",
            )
        )
    return found


def independent_pages(which: IndependentSet) -> list[JudgedPage]:
    """Return the pages of a set; they are the same on each call."""
    found = [page for file, kind in FILES.items() for page in pages_of(which, file, kind)]
    for index in FRONTS[which]:
        body, language, path, requested = independent_front(index, Random(f"{which} front {index}"))
        name = FRONT_SHELLS.get(language, ("wordpress", "react", "table")[index % 3])
        found.append(
            JudgedPage(
                name=f"{which} front {index}",
                kind="front page",
                body=shell(name, language, "Home", "", body).encode(),
                url=ORIGIN + path,
                requested=ORIGIN + requested,
            )
        )
    return found
