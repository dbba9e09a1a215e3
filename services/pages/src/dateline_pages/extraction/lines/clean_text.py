"""White space and invisible characters of a text."""

from __future__ import annotations

import re

__all__ = ["clean_line", "words_of"]

INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
"""Characters without width and without meaning for the text; joiners are kept, some scripts are spelled with them."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
"""Control characters, separators of lines and halves of pairs."""

WORD = re.compile(r"\w+")


def clean_line(text: str) -> str:
    """Return a text as one line: white space collapsed, invisible and control characters removed."""
    return " ".join(CONTROL.sub(" ", INVISIBLE.sub("", text)).split())


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, for comparisons."""
    return WORD.findall(text.lower())
