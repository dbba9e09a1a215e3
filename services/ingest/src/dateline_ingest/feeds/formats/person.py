"""Read the names of authors in the forms that feeds use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dateline_ingest.feeds.html import html_to_text
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = ["names_of", "person_name", "unique"]

MAIL = r"(?:mailto:)?[^\s<>()@,]{1,200}@[^\s<>()@,]{1,200}"
MAIL_THEN_NAME = re.compile(rf"<?{MAIL}>?[ ,]*-?[ ,]*\((.*)")
NAME_THEN_MAIL = re.compile(rf"([^(<\[]*)[(<\[] ?{MAIL} ?[)>\]]?")
NOT_A_TAG = re.compile(r"<(?=[^<>@]*@)")
MAX_CHARS = 10_000
"""Longer texts are cut."""

MAX_CHARS_WITH_MAIL = 300
"""Longer texts are not searched for a mail address."""

WORK = 50
"""Cost of one step on a short text, in the unit of `Problems.afford`."""


def person_name(text: str, problems: Problems) -> tuple[str | None, str | None]:
    """Split `a@b.org (Name)`, `Name <a@b.org>`, `Name (a@b.org)` or `Name` into name and mail address."""
    text = text[:MAX_CHARS]
    if ("<" in text or "&" in text) and problems.afford(WORK + len(text) // 20):
        text = NOT_A_TAG.sub("&lt;", text)
        text = html_to_text(text)
    text = " ".join(text.split())
    if "@" not in text or len(text) > MAX_CHARS_WITH_MAIL or not problems.afford(WORK):
        return text.strip('" ') or None, None
    return _split(text)


def _split(text: str) -> tuple[str | None, str | None]:
    match = MAIL_THEN_NAME.fullmatch(text)
    if match:
        name = match[1].removesuffix(")") if match[1].count("(") < match[1].count(")") else match[1]
        return name.strip('" ') or None, text.partition("(")[0].strip(" <>,-")
    match = NAME_THEN_MAIL.fullmatch(text)
    if match:
        return match[1].strip('", ') or None, text[match.end(1) :].strip(" <>()[],")
    if re.fullmatch(MAIL, text):
        return None, text.removeprefix("mailto:")
    words = [word for word in text.split() if not re.fullmatch(rf"[<(]?{MAIL}[)>,;]?", word)]
    return " ".join(words).strip('", ') or None, None


def names_of(nodes: Iterable[Node], problems: Problems) -> list[str]:
    """Return the names of authors without repetitions; their mail addresses if no author has a name.

    Args:
        nodes: author elements, with text or with `name` and `email` inside.
        problems: limits the work.
    """
    mails: list[str] = []
    names: list[str] = []
    for node in nodes:
        text = node.value("name", "atom:name", "itunes:name", "dc:title") if node.children else node.text
        name, mail = person_name(text, problems) if text else (None, None)
        if name:
            names.append(name)
        mail = mail or node.value("email", "itunes:email")
        if mail:
            mails.append(mail)
    return unique(names or mails)


def unique(values: Iterable[str]) -> list[str]:
    """Remove repetitions and keep the order."""
    return list(dict.fromkeys(values))
