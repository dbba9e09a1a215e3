"""Names of authors: the people in what a page states about its author."""

import re
from collections.abc import Collection, Iterable

from dateline_pages.metadata.authors.vocabulary import (
    EAST_ASIAN_NAME,
    EAST_ASIAN_ORGANIZATION,
    GENERIC,
    ORGANIZATION,
    PARTICLES,
    PREFIX,
    ROLE,
)

__all__ = ["AuthorNames", "author_names"]

MAX_NAMES = 30
"""Further authors of an article are left out."""

MAX_NAME_WORDS = 6
"""A text of more words is not a name."""

MAX_NAME_CHARS = 80
"""Longer texts are not names."""

SEPARATOR = re.compile(
    r"\s*(?:[;|•·¦»›、／\n]|\s/\s|\s[–—-]\s|,?\s+(?:&|and|und|og|och|и|with|avec|mit)\s)\s*", re.IGNORECASE
)
"""What separates the names of several authors."""

WEAK_SEPARATOR = re.compile(r"\s+(?:et|y|e|en)\s+|\s*/\s*")
"""Words that separate authors or are part of a name: they separate texts of two words or more."""

TAIL = re.compile(
    r"\s*(?:\([^)]{0,80}\)?|\[[^\]]{0,80}\]?|@\w+|\s(?:for|in|at|of|from|special to|on)\s.{2,}|"
    r"\b(?:updated|published|posted|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d).*)$",
    re.IGNORECASE,
)
"""What follows a name: parentheses, the place, the client."""

ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S*|www\.\S+|(?<!\w)@\w+|[\w-]+\.(?:com|org|net|de|co\.\w\w|info)/\S*")
INITIALS = re.compile(r"[A-Z](?:\.\s?[A-Z])*\.?|[A-Z]{2}")


SHORT_LAST_WORD = re.compile(r"(?:^|\s)\w{1,3}\.$")
"""An initial or `Jr.`, whose point belongs to the name."""

NOT_OF_NAMES = re.compile(r"[\d_@#/\\{}<>=%&!?]")
WORD = re.compile(r"[^\W\d_][\w'’-]+(?: [A-Z]\.)?")


class AuthorNames:
    """The people and the organisations that one source of a page names as authors."""

    __slots__ = ("organizations", "people")

    def __init__(self, people: list[str], organizations: list[str]) -> None:
        self.people = people
        """Names of people without repetitions, in the order of the source."""
        self.organizations = organizations
        """Names of organisations, such as an agency that signs."""


def author_names(
    texts: Iterable[str],
    site_names: Iterable[str] = (),
    *,
    organizations: Collection[str] = (),
    declared: bool = True,
) -> AuthorNames:
    """Return the names in what a source states about the authors.

    Job titles, places, addresses, handles and words such as "By" are removed. Words that name nobody, such as
    "Staff" or "Admin", are left out.

    Args:
        texts: what the source states, one text for each author, or several authors in one text.
        site_names: names of the site and its publisher, which are not people.
        organizations: those of `texts` that are known to be organisations.
        declared: whether the source states nothing but authors; elsewhere a single word is not a name.
    """
    sites = {_key(name) for name in site_names if name}
    people: dict[str, str] = {}
    signing: dict[str, str] = {}
    for text in texts:
        found = [] if text in organizations else _people(text, sites, declared)
        for name in found:
            known = people.get(_key(name))
            if known is None or (known == known.lower() != name):
                people[_key(name)] = name
        if not found and (organization := _organization(text, sites)):
            signing.setdefault(_key(organization), organization)
    return AuthorNames(list(people.values())[:MAX_NAMES], list(signing.values())[:MAX_NAMES])


def _people(text: str, sites: set[str], declared: bool) -> list[str]:
    text = ADDRESS.sub(" ", text[:1_000]).strip(" ,;:-–—|")
    text = PREFIX.sub("", text)
    names: list[str] = []
    for part in SEPARATOR.split(text):
        for piece in _pieces(part):
            name = _name(piece, sites, declared)
            if name and not (names and " " not in name and declared and " " in names[-1] and not _is_east_asian(name)):
                names.append(name)
    return names


def _pieces(part: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split(r"[,，]", part) if piece.strip()]
    # "Doe, Jane", as library catalogues write it.
    if len(pieces) == 2 and all(WORD.fullmatch(each) and not _names_nobody(each) for each in pieces):
        return [f"{pieces[1]} {pieces[0]}"]
    result: list[str] = []
    for piece in pieces:
        halves = WEAK_SEPARATOR.split(piece)
        result += halves if len(halves) > 1 and all(len(half.split()) > 1 for half in halves) else [piece]
    return result


def _names_nobody(piece: str) -> bool:
    return piece.casefold() in GENERIC or ROLE.match(piece) is not None or ORGANIZATION.search(piece) is not None


def _name(piece: str, sites: set[str], declared: bool) -> str | None:
    piece = TAIL.sub("", PREFIX.sub("", piece.strip())).strip(' ,:;-–—|*"“”')
    piece = ROLE.sub("", piece).strip(" ,:;-–—|").lstrip(".")
    if piece.endswith(".") and not SHORT_LAST_WORD.search(piece):
        piece = piece.rstrip(".")
    if not piece or len(piece) > MAX_NAME_CHARS or _key(piece) in sites or NOT_OF_NAMES.search(piece):
        return None
    if _is_east_asian(piece):
        return None if EAST_ASIAN_ORGANIZATION.search(piece) else piece
    words = _readable(piece).split()
    if ORGANIZATION.search(piece) or {word.casefold() for word in words} & GENERIC or len(words) > MAX_NAME_WORDS:
        return None
    if len(words) == 1:
        return piece if declared and _is_mononym(piece) else None
    is_name = words[0].casefold() != "the" and all(map(_is_name_word, words))
    return " ".join(words) if is_name else None


def _is_mononym(word: str) -> bool:
    """Return whether a single word may be a name: not a user name, an abbreviation or a host."""
    is_abbreviation = word.isascii() and word.isupper()
    return len(word) > 2 and word[0].isalpha() and not word.islower() and "." not in word and not is_abbreviation


def _is_name_word(word: str) -> bool:
    if word[0].isupper() or not word[0].isascii() or word.casefold() in PARTICLES:
        return True
    match = re.match(r"([^'’-]{1,4})['’-](.)", word)
    return match is not None and match[2].isupper()


def _is_east_asian(text: str) -> bool:
    return EAST_ASIAN_NAME.fullmatch(text) is not None


def _readable(name: str) -> str:
    """Return a name of capitals or of small letters alone as people write it."""
    if not (name.isupper() or (name.islower() and " " in name)) or len(name) < 4:
        return name
    words = name.split()
    return " ".join(_readable_word(word, index) for index, word in enumerate(words))


def _readable_word(word: str, index: int) -> str:
    lower = word.lower()
    if index and lower in PARTICLES:
        return lower
    if (
        word.isupper()
        and INITIALS.fullmatch(word)
        and ("." in word or len(word) == 1 or not re.search("[AEIOUY]", word))
    ):
        return word
    text = re.sub(r"(^|[-'’.])([^\W\d_])", lambda match: match[1] + match[2].upper(), lower)
    return re.sub(r"^Mc([a-z])", lambda match: f"Mc{match[1].upper()}", text)


def _organization(text: str, sites: set[str]) -> str | None:
    name = PREFIX.sub("", text.strip()).strip(" ,.;:-–—|")
    words = re.findall(r"[^\W\d_][\w/-]*", name)
    if not words or len(name) > MAX_NAME_CHARS or "@" in name or "://" in name or name.casefold().startswith("www."):
        return None
    if all(word.casefold() in GENERIC for word in words):
        return None
    # A lower-case word is a user name, a bare host is an address, unless they are the name of the site.
    if (name.islower() or re.fullmatch(r"[\w-]+(\.[\w-]+)+", name)) and name.isascii() and _key(name) not in sites:
        return None
    return name


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
