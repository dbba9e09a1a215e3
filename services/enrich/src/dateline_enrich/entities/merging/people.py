"""Finds the person that a short form stands for: surnames, initials, given names with a patronymic."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline_enrich.entities.mentions.mention import NameMention
from dateline_enrich.entities.text.vocabulary import PERSON_SUFFIXES

__all__ = ["People", "Person"]

PATRONYMICS = ("ovich", "evich", "ovych", "evych", "ovna", "evna", "ivna", "yivna", "ichna", "oglu", "ogly", "qizi")
"""Endings of patronymics. A person can be addressed by given name and patronymic: "Anna Petrovna"."""

NICKNAMES = {
    "abe": "abraham", "al": "albert", "alex": "alexander", "andy": "andrew", "ben": "benjamin", "bernie": "bernard",
    "bill": "william", "billy": "william", "bob": "robert", "bobby": "robert", "charlie": "charles",
    "chris": "christopher", "chuck": "charles", "dan": "daniel", "dave": "david", "dick": "richard", "don": "donald",
    "ed": "edward", "fred": "frederick", "greg": "gregory", "jack": "john", "jeff": "jeffrey", "jim": "james",
    "jimmy": "james", "joe": "joseph", "ken": "kenneth", "kate": "katherine", "larry": "lawrence", "liz": "elizabeth",
    "matt": "matthew", "mike": "michael", "nick": "nicholas", "pat": "patrick", "pete": "peter", "phil": "philip",
    "rick": "richard", "rob": "robert", "ron": "ronald", "sam": "samuel", "steve": "steven", "sue": "susan",
    "ted": "edward", "tim": "timothy", "tom": "thomas", "tony": "anthony", "will": "william",
}  # fmt: skip
"""The full form of short given names."""


@dataclass(slots=True)
class Person:
    """A person whose full name the article mentions."""

    words: tuple[str, ...]
    places: list[tuple[bool, int]] = field(default_factory=list)
    """The positions of the full name, in order."""

    @property
    def key(self) -> str:
        """The full name, folded."""
        return " ".join(self.words)

    @property
    def surname(self) -> str:
        """The last word, without a suffix such as Jr."""
        return _surname(self.words)

    @property
    def family(self) -> str:
        """The first word, if a hyphenated given name follows: Moon Jae-in; else the surname."""
        return self.words[0] if len(self.words) == 2 and "-" in self.words[1] else self.surname

    @property
    def given(self) -> tuple[str, ...]:
        """The words before the surname."""
        return _core(self.words)[:-1]


class People:
    """The persons that an article names by at least two words, by full names and short forms."""

    def __init__(self, names: Iterable[NameMention]) -> None:
        """Collect the persons.

        Args:
            names: the mentions of persons, in order.
        """
        self._persons: list[Person] = []
        self._by_word: dict[str, list[Person]] = {}
        for name in sorted(names, key=lambda each: (_is_patronymic(each.words[-1]), -len(_core(each.words)))):
            if len(_core(name.words)) > 1:
                self._add(name)

    def _add(self, name: NameMention) -> None:
        person = self._twin(name.words)
        if person is None:
            person = Person(name.words)
            self._persons.append(person)
            for word in dict.fromkeys((*_core(name.words), person.surname)):
                self._by_word.setdefault(word, []).append(person)
        insort(person.places, name.place)

    def _twin(self, words: tuple[str, ...]) -> Person | None:
        """Return the person whose name these words are another form of, or None unless exactly one fits."""
        surname, given = _surname(words), _core(words)[:-1]
        twins = [
            each
            for each in self._by_word.get(surname, ())
            if each.surname == surname and _agree(given, each.given) and _ending(words) in ("", _ending(each.words))
        ]
        if not twins:
            twins = [
                each
                for each in self._by_word.get(_core(words)[0], ())
                if _is_address(words, each) or (len(words) < len(each.words) and _is_within(words, each.words))
            ]
        return twins[0] if len(twins) == 1 else None

    def of(self, name: NameMention) -> Person | None:
        """Return the person that a mention means, or None unless exactly one fits."""
        words = _core(name.words)
        if len(words) > 1:
            return next((each for each in self._persons if each.words == name.words), None) or self._twin(name.words)
        if not words:
            return None
        known = self._by_word.get(words[0], []) or self._by_word.get(words[0].removeprefix("al-"), [])
        for named in (
            [each for each in known if each.surname == words[0].removeprefix("al-")],
            [each for each in known if each.words[0] == words[0]],
            known,
        ):
            if named:
                return _nearest(named, name.place) if named[0].surname in words[0] else _only(named)
        return None

    def has_surname(self, key: str) -> bool:
        """Return whether a word is the surname of one of the persons."""
        return any(key in (each.surname, each.family) for each in self._by_word.get(key, ()))


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if len(words) > 1 and words[-1] in PERSON_SUFFIXES else words


def _ending(words: tuple[str, ...]) -> str:
    return words[-1] if words[-1] in PERSON_SUFFIXES else ""


def _surname(words: tuple[str, ...]) -> str:
    return _core(words)[-1].removeprefix("al-")


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether given names fit one person: equal, initials of each other, or with additional middle names."""
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    if all(len(word) == 1 for word in short) and len(short) > 1:
        return tuple(word[0] for word in long) == short
    if not _same(short[0], long[0]):
        return False
    rest = iter(long[1:])
    return all(any(_same(word, each) for each in rest) for word in short[1:])


def _same(one: str, other: str) -> bool:
    if one == other or NICKNAMES.get(one, one) == NICKNAMES.get(other, other):
        return True
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _is_address(words: tuple[str, ...], person: Person) -> bool:
    """Return whether the words are the person's given name and a patronymic that does not contradict the full name."""
    if len(words) != 2 or not _is_patronymic(words[1]) or words[0] != person.words[0]:
        return False
    middle = person.given[1:]
    return not middle or _same(middle[0], words[1])


def _is_patronymic(word: str) -> bool:
    return word.endswith(PATRONYMICS)


def _is_within(words: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Return whether a longer name contains the words one after the other: Teresa Rivas in Ana Teresa Rivas Soler."""
    return any(whole[at : at + len(words)] == words for at in range(len(whole) - len(words) + 1))


def _nearest(persons: list[Person], place: tuple[bool, int]) -> Person:
    """Return the person named last before a position, or the person named first if all are named later."""
    before = [(each.places[at - 1], each) for each in persons if (at := bisect_right(each.places, place))]
    return max(before, key=lambda pair: pair[0])[1] if before else min(persons, key=lambda each: each.places[0])


def _only(persons: list[Person]) -> Person | None:
    return persons[0] if len(persons) == 1 else None
