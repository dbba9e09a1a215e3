"""Short forms that brackets behind a name introduce: acronyms of organisations and initials of persons."""

from __future__ import annotations

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.passage import Passage

__all__ = ["acronym_after", "initials_after"]


def acronym_after(passage: Passage, name: NameMention) -> str:
    """Return the key of the acronym that brackets after a name introduce: "European Union (EU)"; empty if none."""
    at = passage.after(name.end)
    tokens = passage.tokens
    if len(name.words) < 2 or at + 2 >= len(tokens) or tokens[at].text != "(" or tokens[at + 2].text not in ");,":
        return ""
    acronym = tokens[at + 1]
    letters = acronym.text.replace(".", "")
    if not acronym.word or not 2 <= len(letters) <= 10 or sum(c.isupper() for c in letters) < 2:
        return ""
    remaining = iter("".join(name.words))
    return acronym.key if all(c in remaining for c in acronym.key if c.isalnum()) else ""


def initials_after(passage: Passage, name: NameMention) -> str:
    """Return the key of a person's initials that brackets behind the name introduce; empty if there are none.

    "Andrés Manuel López Obrador (AMLO)". Two letters are too few: a party stands there as often.
    """
    at = passage.after(name.end)
    tokens = passage.tokens
    if (
        at + 2 >= len(tokens)
        or tokens[at].text != "("
        or tokens[at + 2].text != ")"
        or not tokens[at + 1].text.isupper()
    ):
        return ""
    initials = "".join(part[:1] for word in name.words for part in word.split("-"))
    return initials if len(initials) > 2 and initials.isalpha() and tokens[at + 1].key == initials else ""
