"""Recognises the sentences of walls, forms and error pages: a thing and what is done with it, said to the reader."""

import re
from functools import lru_cache

from dateline_pages.judging.wording.notice_words import (
    ACTS,
    ALONE,
    ASKS,
    COOKIES,
    FILLERS,
    GATES,
    GONE,
    OFFER,
    QUOTED,
    SAYING,
    THINGS,
    WE,
)
from dateline_pages.judging.wording.vocabulary import Wall

__all__ = [
    "is_filler",
    "is_gate",
    "is_named",
    "is_notice",
    "is_offer",
    "is_small_print",
    "is_unmistakable",
    "sentences",
    "width",
]

SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。!?])")

NOTICE_CHARACTERS = 420
"""Sentences of walls are shorter, even where lawyers wrote them."""

GATE_CHARACTERS = 300
"""A gate is a short box."""

NAME_CHARACTERS = 70
"""Titles of walls and error pages are shorter."""

NAMED_SHARE = 0.6
"""The share of a heading that such a phrase makes up."""

SCRIPTS = re.compile(r"javascript|\bjs\b")
"""Guards want cookies as well as walls for consent, but scripts too."""

SMALL_PRINT = re.compile(
    r"\bterms\b|nutzungsbedingungen|\bagb\b|conditions (?:générales|d'utilisation)|términos|termini"
    r"|voorwaarden|regulamin"
)
"""Forms to sign in have a sentence about their conditions, which speaks of privacy as walls for consent do."""

FILLER_CHARACTERS = 90
"""Sentences that say what to do next are shorter."""

IDEOGRAMS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

IDEOGRAM_WIDTH = 3
"""A sign of Chinese, Japanese or Korean says as much as this many letters."""


def width(text: str) -> int:
    """Return the length of a text in letters, such that texts of all scripts compare."""
    return len(text) + (IDEOGRAM_WIDTH - 1) * len(IDEOGRAMS.findall(text))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [part.strip() for part in SENTENCE.split(text) if part.strip()]


@lru_cache(maxsize=4096)
def is_notice(sentence: str, kind: Wall, *, weak: bool = False) -> bool:
    """Return whether a sentence is one of the pages of a kind, and not one of news about them.

    Args:
        sentence: the sentence.
        kind: the kind.
        weak: whether the sentence need not speak to its reader, because the page is suspicious for another reason.
    """
    if len(sentence) > NOTICE_CHARACTERS:
        return False
    text = sentence.lower()
    if kind == "consent" and (SCRIPTS.search(text) or SMALL_PRINT.search(text)):
        return False
    if kind == "consent" and COOKIES.search(text) and WE.search(text):
        return not _reports(text)
    said = ALONE[kind].search(text) or (
        THINGS[kind].search(text) and ACTS[kind].search(text) and (weak or ASKS.search(text))
    )
    return bool(said) and not _reports(text)


def is_gate(text: str, kind: Wall) -> bool:
    """Return whether a text says that the rest of the article is only for those who pay, register, or agree."""
    if kind not in GATES or len(text) > GATE_CHARACTERS:
        return False
    return any(
        GATES[kind].search(sentence)
        and (THINGS[kind].search(sentence) or (kind == "login" and ACTS[kind].search(sentence)))
        and not _reports(sentence)
        for sentence in sentences(text.lower())
    )


def is_named(heading: str, kind: Wall) -> bool:
    """Return whether a title or heading has a phrase that stands on the pages of a kind alone."""
    text = heading.lower()
    if len(text) > NAME_CHARACTERS:
        return False
    match = ALONE[kind].search(text) or (GONE.search(text) if kind == "not found" else None)
    # A headline says something about the phrase.
    return match is not None and len(match[0]) >= NAMED_SHARE * len(text) and not _reports(text)


def is_unmistakable(sentence: str, kind: Wall) -> bool:
    """Return whether a sentence has a phrase that stands on the pages of a kind alone."""
    text = sentence.lower()
    return ALONE[kind].search(text) is not None or (kind == "not found" and GONE.search(text) is not None)


def is_offer(sentence: str) -> bool:
    """Return whether a sentence offers a subscription at a price."""
    return OFFER.search(sentence.lower()) is not None


def is_ours(heading: str) -> bool:
    """Return whether a title or heading is about the cookies of the site itself."""
    text = heading.lower()
    return COOKIES.search(text) is not None and WE.search(text) is not None and not _reports(text)


def is_filler(sentence: str) -> bool:
    """Return whether a sentence says what to do next, as error pages and guards do."""
    return len(sentence) <= FILLER_CHARACTERS and FILLERS.search(sentence.lower()) is not None


def is_small_print(sentence: str) -> bool:
    """Return whether a sentence is about the conditions of a form."""
    text = sentence.lower()
    return SMALL_PRINT.search(text) is not None and ASKS.search(text) is not None


def _reports(text: str) -> bool:
    """Return whether a sentence says what somebody said."""
    return SAYING.search(text) is not None or QUOTED.search(text) is not None
