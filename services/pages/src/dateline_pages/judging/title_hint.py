"""Compares a page with the title that its feed gives the article."""

import re

from dateline_pages.judging.survey import PageSurvey

__all__ = ["lacks_title", "shows_title"]

WORD = re.compile(r"\w+")

SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

WORD_CHARACTERS = 3
"""Words of at most this many characters stand in every text."""

FEW_PARTS = 3
"""A title with fewer words says too little."""

SHOWN_SHARE = 0.7
"""The share of a title's words that a page shows which is the article's."""

LACKED_SHARE = 0.1
"""The share of a title's words that a page may have by chance."""

WHOLE_CHARACTERS = 8
"""A title of few words counts as a whole if it is no shorter."""

LONG_CHARACTERS = 1500
"""A page with more text is not suspicious for want of a title."""


def shows_title(survey: PageSurvey, title: str | None) -> bool:
    """Return whether the headings of a page show the title that its feed gives the article."""
    parts = _parts(title)
    shown = " ".join([*survey.headings("h1", "h2")[:3], survey.title]).lower()
    if len(parts) < FEW_PARTS:
        whole = " ".join(WORD.findall((title or "").lower()))
        return len(whole) >= WHOLE_CHARACTERS and whole in " ".join(WORD.findall(shown))
    return sum(part in shown for part in parts) >= SHOWN_SHARE * len(parts)


def lacks_title(survey: PageSurvey, title: str | None) -> bool:
    """Return whether a short page has nothing of the title that its feed gives the article, in its text or its head."""
    parts = _parts(title)
    if len(parts) < FEW_PARTS:
        return False
    texts = [survey.title, *survey.metas.values()]
    texts += [block.text for block in survey.blocks if block.zone != "chrome"]
    text = " ".join(texts).lower()
    own = sum(len(block.text) for block in survey.blocks if block.zone == "main")
    return own < LONG_CHARACTERS and sum(part in text for part in parts) <= LACKED_SHARE * len(parts)


def _parts(title: str | None) -> set[str]:
    """Return the words of a title, and pairs of signs where words are not separated."""
    found: set[str] = set()
    for word in WORD.findall((title or "").lower()):
        if SIGN.search(word):
            found.update(word[place : place + 2] for place in range(len(word) - 1))
        elif len(word) > WORD_CHARACTERS:
            found.add(word)
    return found
