"""Names of authors, in each of the shapes that feeds give them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dateline_ingest.feeds.html import html_to_text
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = ["names_of", "person_name", "unique"]

_MAIL = r"(?:mailto:)?[^\s<>()@,]{1,200}@[^\s<>()@,]{1,200}"
_MAIL_THEN_NAME = re.compile(rf"<?{_MAIL}>?[ ,]*-?[ ,]*\((.*)")
_NAME_THEN_MAIL = re.compile(rf"([^(<\[]*)[(<\[] ?{_MAIL} ?[)>\]]?")
_NOT_A_TAG = re.compile(r"<(?=[^<>@]*@)")
_LONGEST = 10_000
_LONGEST_WITH_MAIL = 300
_WORK = 50


def person_name(text: str, problems: Problems) -> tuple[str | None, str | None]:
    """Name and mail address in a text like `a@b.org (Name)`, `Name <a@b.org>`, `Name (a@b.org)`, `Name`."""
    text = text[:_LONGEST]
    if ("<" in text or "&" in text) and problems.afford(_WORK + len(text) // 20):
        text = _NOT_A_TAG.sub("&lt;", text)
        text = html_to_text(text)
    text = " ".join(text.split())
    if "@" not in text or len(text) > _LONGEST_WITH_MAIL or not problems.afford(_WORK):
        return text.strip('" ') or None, None
    return _split(text)


def _split(text: str) -> tuple[str | None, str | None]:
    match = _MAIL_THEN_NAME.fullmatch(text)
    if match:
        name = match[1].removesuffix(")") if match[1].count("(") < match[1].count(")") else match[1]
        return name.strip('" ') or None, text.partition("(")[0].strip(" <>,-")
    match = _NAME_THEN_MAIL.fullmatch(text)
    if match:
        return match[1].strip('", ') or None, text[match.end(1) :].strip(" <>()[],")
    if re.fullmatch(_MAIL, text):
        return None, text.removeprefix("mailto:")
    words = [word for word in text.split() if not re.fullmatch(rf"[<(]?{_MAIL}[)>,;]?", word)]
    return " ".join(words).strip('", ') or None, None


def names_of(nodes: Iterable[Node], problems: Problems) -> list[str]:
    """The names in the first kind of element that has any; mail addresses where there are only those.

    Args:
        nodes: author elements, with text or with `name` and `email` inside.
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
    """The values without repetitions, in order."""
    return list(dict.fromkeys(values))
