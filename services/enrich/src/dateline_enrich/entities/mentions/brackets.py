"""Short forms in brackets after a name: acronyms of organisations and initials of persons."""

from __future__ import annotations

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.passage import Passage

__all__ = ["acronym_after", "initials_after"]


def acronym_after(passage: Passage, name: NameMention) -> str:
    """Return the key of the acronym in brackets after a name, as in "European Union (EU)", or an empty string."""
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
    """Return the key of the initials in brackets after a person's name, or an empty string.

    "Andrés Manuel López Obrador (AMLO)". Two letters are not enough, because a party stands there as often.
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
