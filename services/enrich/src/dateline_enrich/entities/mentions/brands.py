"""Keeps the 's of brands: McDonald's, Moody's, Lloyd's of London."""

from __future__ import annotations

from collections.abc import Sequence

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.passage import Passage
from dateline_enrich.entities.text.vocabulary import COMPANY_VERBS, SAYING

__all__ = ["keep_brands"]

ENDINGS = ("'s", "’s", "ʼs", "'S", "’S")
"""Forms of the ending."""

AUXILIARIES = frozenset(("is", "was", "has", "had", "will", "would", "can", "could", "may", "did", "does"))
"""Verbs that follow neither a possessive nor a short form of is or has."""

SAINTS = frozenset(("st", "saint"))
"""First words of places whose name ends in 's: St. John's."""


def keep_brands(passages: Sequence[Passage], names: Sequence[NameMention], lexicon: Lexicon) -> None:
    """Let mentions of brands include the 's of their name, which a possessive does not have.

    A name of the list is a brand where the tagger finds no person, or where no thing that a person could own follows
    ("Lloyd's sister"). A word of a person's full name in the article is not a brand. An organisation that is not in the
    list is a brand if a verb follows its 's, and it has no mention without it.

    Args:
        passages: title and body.
        names: the mentions, changed in place.
        lexicon: the word lists.
    """
    by_field = {passage.field: passage for passage in passages}
    parts = {word for name in names if name.type == "person" and len(name.words) > 1 for word in name.words}
    bare = {name.key for name in names if not _ending(by_field[name.field], name)}
    persons = {name.key for name in names if name.type == "person" and (name.titles or name.key in bare)}
    brands = {
        name.key
        for name in names
        if _ending(by_field[name.field], name)
        and name.key not in persons
        and not (len(name.words) == 1 and name.key in parts)
        and _is_brand(by_field[name.field], name, lexicon, known=name.key in lexicon.brands, bare=name.key in bare)
    }
    for name in names:
        passage = by_field[name.field]
        if name.key in brands and (ending := _ending(passage, name)):
            name.end += len(ending)
            name.text = passage.text[name.start : name.end]
            name.type = "location" if name.words[0] in SAINTS and name.type == "location" else "organization"


def _ending(passage: Passage, name: NameMention) -> str:
    following = passage.text[name.end : name.end + 2]
    return following if following in ENDINGS else ""


def _is_brand(passage: Passage, name: NameMention, lexicon: Lexicon, *, known: bool, bare: bool) -> bool:
    at = passage.after(name.end + 2)
    token = passage.tokens[at] if at < len(passage.tokens) else None
    following = token.key if token is not None and token.spaced else ""
    acts = following in AUXILIARIES or following in SAYING or (known and following in COMPANY_VERBS)
    if not known:
        saint = len(name.words) > 1 and name.words[0] in SAINTS and name.type in ("location", "organization")
        return saint or (name.type == "organization" and acts and not bare and name.key not in lexicon.organizations)
    if name.type in ("organization", "location"):
        return True
    return acts or not following or not following[0].isalnum() or following in lexicon.function_words
