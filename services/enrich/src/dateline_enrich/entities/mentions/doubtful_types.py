"""Corrects the types of mentions that the tagger is unsure of, by tables and by the words of the name."""

from __future__ import annotations

import re

from dateline_enrich.entities.gazetteer import Gazetteer
from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.lexicon import Lexicon
from dateline_enrich.entities.text.vocabulary import COMPANY_SUFFIXES, FACILITIES

__all__ = ["correct_type"]

UNSURE = 0.6
"""Confidence below which the tagger's type is doubtful."""

JUNIORS = frozenset(("jr", "sr"))
"""Last words that only names of persons have."""

POSSESSIVE = re.compile("['’]s ")
"""Inside a name, a sign of a brand: Carl's Jr."""

KNOWN = 5.5
"""Minimum weight of a place that is known well enough for its name alone to mean the place."""


def correct_type(name: NameMention, lexicon: Lexicon, places: Gazetteer) -> None:
    """Correct the type of a mention if its name tells the type, and the tagger is unsure or a list knows the name.

    Args:
        name: the mention, changed in place.
        lexicon: the word lists.
        places: the known places.
    """
    if name.key in lexicon.organizations and not name.titles and name.type in ("person", "location"):
        name.type = "organization"
        return
    if name.key in lexicon.things and not name.titles:
        name.type = lexicon.things[name.key]
        return
    if name.key in lexicon.regions and not name.titles:
        name.type = "location"
        return
    if len(name.words) > 1 and name.words[-1] in JUNIORS and not POSSESSIVE.search(name.text):
        name.type = "person"
        return
    if name.score >= UNSURE or name.titles or name.type not in ("person", "organization", "location"):
        return
    last = name.words[-1].rstrip(".")
    if name.type == "location" and last in FACILITIES:
        return
    if len(name.words) > 1 and (last in COMPANY_SUFFIXES or last in lexicon.organization_heads):
        name.type = "organization"
    elif name.type != "location" and not name.person and name.words[0] not in lexicon.given_names:
        known = places.find(name.key)
        if known and known[0].weight >= KNOWN and known[0].kind != "organization":
            name.type = "location"
