"""Finds the titles and roles of a person, before the name and at the front of a tagger's span."""

from __future__ import annotations

from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import COMPANY_SUFFIXES, PERSON_SUFFIXES

__all__ = ["titles_before", "titles_inside"]

LONGEST = 12
"""Maximum number of words in a person's title; without a limit, a text of titles only takes quadratic time."""


def titles_inside(passage: Passage, begin: int, end: int, lexicon: Lexicon) -> tuple[list[str], int]:
    """Return the titles at the front of a person's span, and where the name begins.

    No title is returned if nothing would be left of the name, or if a sentence ends after the titles.
    """
    tokens = passage.tokens
    cut = at = begin
    while at < end - 1:
        token = tokens[at]
        if token.key in lexicon.given_names and token.capital:
            break
        if token.key in lexicon.titles or (token.key in lexicon.roles and not token.capital):
            cut = at + 1
        elif token.key not in lexicon.title_modifiers and not (
            token.text == "." and at > begin and (at == cut or tokens[at - 1].key in lexicon.dotted_titles)
        ):
            break
        at += 1
    last = cut - 1
    while begin < cut < end and not tokens[cut].word:
        cut += 1
    if cut == begin or all(key in PERSON_SUFFIXES for key in passage.keys(cut, end)):
        return [], begin
    is_sentence_end = tokens[last + 1].text == "." and tokens[last].key not in lexicon.dotted_titles
    return [] if is_sentence_end else [_written(passage, begin, last + 1)], cut


def titles_before(passage: Passage, begin: int, lexicon: Lexicon) -> list[str]:
    """Return the titles right before a person, as one string, or nothing.

    A period stands between only after an abbreviation: "Gen. Smith", but not "the president. Smith".
    """
    tokens = passage.tokens
    last = _before(passage, begin, lexicon)
    if last < 0 or not tokens[last].word or not _is_title(passage, last, lexicon) or not tokens[begin].spaced:
        return []
    at = last
    while at and last - at < LONGEST - 1 and tokens[at].spaced:
        before = _before(passage, at, lexicon)
        if before < 0 or not _goes_on(passage, before, at, lexicon):
            break
        at = before
    return [_written(passage, at, last + 1)]


def _before(passage: Passage, at: int, lexicon: Lexicon) -> int:
    """Return the token before a token, past the period of an abbreviated title."""
    tokens = passage.tokens
    if at > 1 and tokens[at - 1].text == "." and tokens[at - 1].spaced:
        before = tokens[at - 2]
        return at - 2 if before.key in lexicon.dotted_titles and before.capital else at - 1
    return at - 1


def _is_title(passage: Passage, at: int, lexicon: Lexicon) -> bool:
    token = passage.tokens[at]
    return not token.closed and (token.key in lexicon.titles if token.capital else token.key in lexicon.roles)


def _goes_on(passage: Passage, at: int, behind: int, lexicon: Lexicon) -> bool:
    """Return whether a title continues with the word before it."""
    token = passage.tokens[at]
    if not token.word or token.closed or token.key in COMPANY_SUFFIXES or token.key in PERSON_SUFFIXES:
        return False
    if passage.tokens[behind].capital:
        return token.capital and (token.key in lexicon.titles or token.key in lexicon.title_modifiers)
    return not token.capital and (token.key in lexicon.title_modifiers or token.key in lexicon.roles)


def _written(passage: Passage, begin: int, end: int) -> str:
    return " ".join(token.text for token in passage.tokens[begin:end] if token.word)
