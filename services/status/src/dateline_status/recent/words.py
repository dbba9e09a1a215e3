"""The words of a text and of a question, in the form in which they are compared."""

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Term", "folded", "terms_of"]

MOST_TERMS = 12
"""A question has at most this many terms; further ones are ignored."""

WORD = re.compile(r"[^\W_]+")
"""Letters and digits in a row."""

PART = re.compile(r'"([^"]*)"|(\S+)')
"""A phrase in quotation marks, or what stands between white space."""

LINK_ID = re.compile(r"[\w-]+:\S+")
"""A link with its scheme, such as `wikidata:Q64`."""

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]")
"""Scripts that write no space between words, such as Thai and Chinese; there a word may begin anywhere."""


def folded(text: str) -> str:
    """Return the words of a text without case and accents, with a space before and after each."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in text if not unicodedata.combining(character))
    return f" {' '.join(WORD.findall(text.casefold()))} "


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a question; it is found where one of its forms is a part of the folded text."""

    forms: tuple[str, ...]

    def within(self, text: str) -> bool:
        """Return whether the term is found in a folded text."""
        return any(form in text for form in self.forms)


def terms_of(question: str) -> list[Term]:
    """Return the terms of a question: words, phrases in quotation marks, and links.

    A word is found where a word begins with it; a word that has a digit, and a link, only where all of it stands.
    """
    terms = []
    for match in PART.finditer(question):
        part = match[1] if match[1] is not None else match[2]
        forms = [_form(part)] if WORD.search(part) else []
        if match[1] is None and LINK_ID.fullmatch(part):
            forms.append(f" {part.casefold()} ")
        if forms:
            terms.append(Term(tuple(forms)))
    return terms[:MOST_TERMS]


def _form(part: str) -> str:
    text = folded(part)
    last = text.split()[-1] if text.split() else ""
    if any(character.isdigit() for character in last):
        return text
    return text.strip() if UNSPACED.search(text) else text.rstrip()
