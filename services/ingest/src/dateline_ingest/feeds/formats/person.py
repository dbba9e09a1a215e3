"""Reads the names of authors in the forms that feeds use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dateline_ingest.feeds.html.text import html_to_text
from dateline_ingest.feeds.invisible import without_invisible
from dateline_ingest.feeds.problems import Problems
from dateline_ingest.feeds.xml.node import Node

__all__ = ["names_of", "people", "unique"]

MAIL = r"(?:mailto:)?[^\s<>()@,]{1,200}@[^\s<>()@,]{1,200}"
MAIL_THEN_NAME = re.compile(rf"<?{MAIL}>?[ ,]*-?[ ,]*\((.*)")
NAME_THEN_MAIL = re.compile(rf"([^(<\[]*)[(<\[] ?{MAIL} ?[)>\]]?")
DIVIDER = re.compile(r"[,;]|\s(?:&|and|und|et|y|e|och|og)\s")
PROTECTED_OR_DIVIDER = re.compile(
    r"""\([^()]*\)|<[^<>]*>|"[^"]*"|\s*([,;])\s*(?:and\s|&\s)?|(\s(?:&|and|und|et|y|e|och|og)\s)"""
)
"""Separators of people, and text in brackets or quotation marks, in which separators do not count."""

NAME_WORD = re.compile(r"[^\W\d_][\w.'’\u2010-]*")
PARTICLE_TEXT = "al af av bin da das de del della den der di do dos du el la le ten ter van von y zu"
PARTICLES = frozenset(PARTICLE_TEXT.split())
"""Words in lower case within names of people."""

TRADE_WORDS = """
agency agencies associates bureau chief club company contributor contributors correspondent council department desk
director editor editorial editors foundation group inc institute journal limited llc ltd magazine media news
newspaper office online photographer post press radio report reporter reporters school service services society
staff studio team television times today university weekly writer writers
"""
NOT_SURNAMES = frozenset(TRADE_WORDS.split())
"""Last words of trades, outlets and organisations that stand next to the names of authors."""

MAX_NAME_WORDS = 4
MAX_ABBREVIATION = 4
"""A last word in capitals of at most this many letters is not a surname."""

MAX_PEOPLE = 100
"""At most this many people are taken from one text."""

MAX_CHARS = 10_000
"""Longer texts are cut."""

MAX_CHARS_WITH_MAIL = 300
"""Longer texts are not searched for a mail address."""

WORK = 50
"""Cost of one step on a short text, in the unit of `Problems.afford`."""


def people(text: str, problems: Problems) -> list[tuple[str | None, str | None]]:
    """Return name and mail address of each person in a text, which mostly names one.

    A person is `a@b.org (Name)`, `Name <a@b.org>`, `Name (a@b.org)`, `a@b.org` or `Name`.
    """
    text = text[:MAX_CHARS]
    if ("<" in text or "&" in text) and problems.afford(WORK + len(text) // 20):
        text = html_to_text(text)
    text = " ".join(without_invisible(text).split())
    several = DIVIDER.search(text) is not None and problems.afford(WORK + len(text) // 20)
    found: list[tuple[str | None, str | None]] = []
    for part in _parts(text) if several else [text]:
        name, mail = _person(part, problems)
        # Several people may share one address.
        found += [(each, mail) for each in _parts(name)] if several and name and mail else [(name, mail)]
    return found


def _parts(text: str) -> list[str]:
    """Divide a list of people; a text that need not be one stays whole."""
    pieces: list[str] = []
    divided: list[tuple[str, str]] = []
    divider, position = "", 0
    for match in PROTECTED_OR_DIVIDER.finditer(text):
        if found := match[1] or match[2]:
            divided.append((divider, text[position : match.start()]))
            divider, position = found.strip(), match.end()
    divided.append((divider, text[position:]))
    if sum("@" in part for _, part in divided) > 1:
        # Whoever has an address is a person; a comma before that is part of the name.
        for divider, part in divided:
            if pieces and divider == "," and not re.search(MAIL, pieces[-1]):
                pieces[-1] = f"{pieces[-1]}, {part.strip()}"
            else:
                pieces.append(part)
    elif any(divider == ";" for divider, _ in divided):
        pieces = text.split(";") if "(" not in text else _joined(divided)
    elif all(_is_full_name(part) for _, part in divided if part.strip()):
        pieces = [part for _, part in divided]
    else:
        return [text]
    return [part.strip() for part in pieces if part.strip()][:MAX_PEOPLE] or [text]


def _joined(divided: list[tuple[str, str]]) -> list[str]:
    """Join what is divided by other than semicolons."""
    pieces: list[str] = []
    for divider, part in divided:
        if pieces and divider != ";":
            pieces[-1] = f"{pieces[-1]}{', ' if divider == ',' else f' {divider} '}{part.strip()}"
        else:
            pieces.append(part.strip())
    return pieces


def _is_full_name(text: str) -> bool:
    """Return whether a text looks like first and last name of a person, and like nothing else."""
    words = text.split()
    if not 2 <= len(words) <= MAX_NAME_WORDS or not all(map(NAME_WORD.fullmatch, words)):
        return False
    if words[0].lower() in ("the", "by") or not words[0][0].isupper() or words[-1].strip(".").lower() in NOT_SURNAMES:
        return False
    if len(words[-1]) <= MAX_ABBREVIATION and words[-1].isupper():
        return False
    return all(word[0].isupper() or word.lower() in PARTICLES for word in words)


def _person(text: str, problems: Problems) -> tuple[str | None, str | None]:
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
        found = people(text, problems) if text else []
        names += [name for name, _ in found if name]
        mails += [mail for _, mail in found if mail]
        stated = node.value("email", "itunes:email")
        if stated and not any(mail for _, mail in found):
            mails.append(stated)
    return unique(names or mails)


def unique(values: Iterable[str]) -> list[str]:
    """Remove repetitions and keep the order."""
    return list(dict.fromkeys(values))
