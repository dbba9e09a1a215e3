"""Properties of the finder for any text: exact offsets, no exception, linear time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_enrich.entities.finder import Tagger
from dateline_schemas import Entity
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.fake_tagger import FakeSpan, FakeTagger
from support.growth import lines_run, repeated, timed_expressions

FINDER = EntityFinder()

LABELS = ("PER", "ORG", "LOC", "X")

PIECES = [
    *(
        "President",
        "Maria Adams",
        "Ministry of",
        "Bank and",
        "Georgia",
        "U.S.",
        "(EU)",
        "European Union",
        "said",
        "the",
    ),
    *("J.", "K.", "Inc", ", Inc.", "’s", "'s", "“", "”", '"', "van der", "al-", "-based", "\n", "\r\n", " ", ".", "?"),
    *("İstanbul", "ﬁne", "ß", "É", "e\u0301", "\u202eمرحبا", "😀", "\x00", "\x85", "\u2028", "\ud800", "x" * 40, "_A_"),
    *("NEWS FROM", "NATO", "https://A.b", "@Paris", "a@b.c", "Lake", "Day", "War", "Mr", "Paris Hilton", "Chad", "1"),
    *(
        "non-performing loans (NPLs)",
        "Ana Mary Li (AML)",
        "US$",
        "\u00ad",
        "\u200b",
        "sub-Saharan",
        "storm",
        "Sri Lankan",
    ),
    *("film “Ab Cd”", "Sputnik V vaccine", "World Cup", "Savannah, Ga.", "anti-China", "A-B-C/D", "&", "of", "Smith"),
]

TEXT = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


class Anything:
    """Tags stretches of a text drawn at random, including ones that no real tagger would return."""

    version = "anything"

    def __init__(self, lots: Sequence[tuple[float, float, str, float]]) -> None:
        self._lots = lots

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [
            [
                FakeSpan(start=int(min(a, b) * len(text)), end=int(max(a, b) * len(text)), label=label, score=score)
                for a, b, label, score in self._lots
            ]
            for text in texts
        ]


SHARE = st.floats(0, 1)
LOTS = st.lists(st.tuples(SHARE, SHARE, st.sampled_from(LABELS), SHARE), max_size=12)


def check(title: str, body: str, entities: list[Entity]) -> None:
    fields = {"title": title, "body": body}
    taken: set[tuple[str, int]] = set()
    for entity in entities:
        assert entity.mentions
        assert entity.name.strip()
        places = [(m.field == "body", m.start) for m in entity.mentions]
        assert places == sorted(places)
        for mention in entity.mentions:
            assert 0 <= mention.start < mention.end
            assert fields[mention.field][mention.start : mention.end] == mention.text
            characters = {(mention.field, i) for i in range(mention.start, mention.end)}
            assert not characters & taken
            taken |= characters
    assert len({e.id for e in entities}) == len(entities)
    firsts = [(e.mentions[0].field == "body", e.mentions[0].start) for e in entities]
    assert firsts == sorted(firsts)


@settings(deadline=None, max_examples=300)
@given(title=TEXT, body=TEXT, lots=LOTS)
@example(title="", body="storm A0 Ministry", lots=[])  # an event, and an organisation around it
def test_mentions_are_exact_and_do_not_overlap_for_any_spans(
    title: str, body: str, lots: list[tuple[float, float, str, float]]
) -> None:
    finder = EntityFinder(taggers={"en": Anything(lots)})
    found = finder.find(title, body)
    check(title, body, found)
    assert finder.find(title, body) == found


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Then the Russian Army moved.", {"Russian": "LOC", "Army": "ORG"}),
        ("It rains in sub-Saharan Africa.", {"sub": "ORG", "Saharan Africa": "LOC"}),
    ],
)
def test_a_name_is_not_extended_over_the_mention_before_it(body: str, names: dict[str, str]) -> None:
    found = EntityFinder(taggers={"en": FakeTagger(names)}).find("", body)
    check("", body, found)
    assert [entity.name for entity in found] == list(names)


@settings(deadline=None, max_examples=60)
@given(title=TEXT, body=TEXT)
def test_mentions_of_the_model_are_exact_and_do_not_overlap(title: str, body: str) -> None:
    check(title, body, FINDER.find(title, body))


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "😀😀", "a", "\x00", "\u202e", "مرحبا بالعالم", "1"])
def test_texts_without_names_have_no_entities(text: str) -> None:
    assert FINDER.find(text, text) == []


class Word:
    """Tags every word, with each label in turn."""

    version = "word"

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [
            [
                FakeSpan(start=word.start(), end=word.end(), label=label)
                for word, label in zip(re.finditer(r"\S+", text), itertools.cycle(LABELS), strict=False)
            ]
            for text in texts
        ]


class Stretch:
    """Tags ten of every fifteen characters, wherever words begin and end, with each label in turn."""

    version = "stretch"

    def spans(self, texts: Sequence[str]) -> list[list[FakeSpan]]:
        return [
            [
                FakeSpan(start=start, end=start + 10, label=label)
                for start, label in zip(range(0, len(text) - 10, 15), itertools.cycle(LABELS), strict=False)
            ]
            for text in texts
        ]


UNITS = [
    *("A", "A ", "Aa. ", "a.", "A.", "“", "“Aa ", "John Smith ", "Ministry of ", "Bank and ", "'s", "Éa-", "a@"),
    *("X, Inc. ", "e\u0301", "President ", "Mr. ", "al-A ", "(EU) ", "Lake of the ", "https://", "Aa bin ", "A\n"),
    *("A\n\n", "the end of a wrapped line comes here and then\n", "Ma\u00adria Adams "),
    *("AA BB\n", "NEWS FROM NATO ", "TENNIS - AA BB CC\n"),
    *("A&", "Zorbia met. ", "Paris, Texas, ", "Aa Cup "),
]
"""The units that are repeated to make the texts whose cost is measured."""


@pytest.mark.parametrize("tagger", [Word(), Stretch()], ids=["word", "stretch"])
@pytest.mark.parametrize("unit", UNITS)
def test_executed_lines_grow_linearly_with_the_text(unit: str, tagger: Tagger) -> None:
    finder = EntityFinder(taggers={"en": tagger})
    finder.find("", repeated(unit, 4_000))

    texts = [repeated(unit, length) for length in (1_000, 2_000, 4_000)]
    short, middle, long = (lines_run(partial(finder.find, "", text)) for text in texts)

    # Twice the text is added, which costs twice as much; a quadratic step would cost four times as much.
    assert long - middle <= 2.2 * (middle - short) + 100


@pytest.mark.parametrize("unit", UNITS)
def test_regular_expressions_take_linear_time(unit: str) -> None:
    """Catches what counted lines do not show: an expression that backtracks over a whole text."""
    finder = EntityFinder(taggers={"en": Stretch()})
    text = repeated(unit, 100_000)
    with timed_expressions("dateline_enrich.entities") as spent:
        finder.find("", text)
    assert spent.calls
    # Linear expressions take a few hundredths of a second here, and a quadratic one at least five seconds.
    assert spent.seconds < 2


def test_a_finder_can_be_shared_by_threads() -> None:
    text = "Then Maria Adams of the European Union came to Paris."
    alone = FINDER.find("", text)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == alone for found in pool.map(lambda _: FINDER.find("", text), range(12)))
