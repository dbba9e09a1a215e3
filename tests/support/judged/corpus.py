"""The pages that judging is measured on: a half to develop with, and a half that was written before and held out."""

from random import Random
from typing import Literal

from dateline_pages.judging.problem import ProblemKind
from support.judged.challenges import challenge_page
from support.judged.consent import consent_page
from support.judged.fronts import front_page
from support.judged.innocents import innocent_page
from support.judged.logins import login_page
from support.judged.missing import missing_page
from support.judged.page import JudgedPage

__all__ = ["HALVES", "KINDS", "Half", "corpus"]

Half = Literal["development", "held out"]

HALVES: tuple[Half, ...] = ("development", "held out")

KINDS: tuple[ProblemKind, ...] = ("consent", "challenge", "login", "not found", "front page")
"""The kinds that are measured."""

PAGES = 50
"""Pages of each kind in each half."""

INNOCENT_PAGES = 100
"""Innocent pages in each half."""

ORIGINS: dict[Half, str] = {"development": "https://harbourpost.example", "held out": "https://nordkurier.example"}

ARTICLE_PATHS = ("/news/story-of-the-harbour-123456.html", "/2024/05/03/museum-reopens/", "/artikel/987654")


def corpus(half: Half) -> list[JudgedPage]:
    """Return the pages of a half; they are the same on each call."""
    origin = ORIGINS[half]
    found = []
    for kind in KINDS:
        for index in range(PAGES):
            rng = Random(f"{half} {kind} {index}")
            if kind == "front page":
                html, path, requested = front_page(half, index, rng)
            else:
                make = {
                    "consent": consent_page,
                    "challenge": challenge_page,
                    "login": login_page,
                    "not found": missing_page,
                }[kind]
                html, path = make(half, index, rng)
                # Half of the walls and forms are sent at the address of the article itself.
                requested = path if rng.random() < 0.5 else rng.choice(ARTICLE_PATHS)
                if rng.random() < 0.5:
                    path = requested
            found.append(
                JudgedPage(
                    name=f"{half} {kind} {index}",
                    kind=kind,
                    body=html.encode(),
                    url=origin + path,
                    requested=origin + requested,
                )
            )
    for index in range(INNOCENT_PAGES):
        rng = Random(f"{half} innocent {index}")
        html, path, requested = innocent_page(half, index, rng)
        name = f"{half} innocent {index}"
        found.append(
            JudgedPage(name=name, kind=None, body=html.encode(), url=origin + path, requested=origin + requested)
        )
    return found
