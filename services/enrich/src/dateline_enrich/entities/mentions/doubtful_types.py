"""Types of which the tagger is unsure, told by the tables and by a name's own words."""

from __future__ import annotations

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.vocabulary import COMPANY_SUFFIXES, FACILITIES

__all__ = ["correct_type"]

_UNSURE = 0.6
"""Confidence below which the tagger's type is in doubt."""

_KNOWN = 5.5
"""Weight from which on a place is so well known that its name alone says what it is."""


def correct_type(name: NameMention, lexicon: Lexicon, places: Gazetteer) -> None:
    """Change the type of a mention that is in doubt, if its name tells it.

    Args:
        name: The mention; changed in place.
        lexicon: The word lists.
        places: What places there are.
    """
    if name.key in lexicon.organizations and not name.titles and name.type in ("person", "location"):
        name.type = "organization"
        return
    if name.key in lexicon.regions and not name.titles:
        name.type = "location"
        return
    if name.score >= _UNSURE or name.titles or name.type not in ("person", "organization", "location"):
        return
    last = name.words[-1].rstrip(".")
    if name.type == "location" and last in FACILITIES:
        return
    if len(name.words) > 1 and (last in COMPANY_SUFFIXES or last in lexicon.organization_heads):
        name.type = "organization"
    elif name.type != "location" and not name.person and name.words[0] not in lexicon.given_names:
        known = places.find(name.key)
        if known and known[0].weight >= _KNOWN and known[0].kind != "organization":
            name.type = "location"
