"""What holds for every text: exact offsets, no exception, linear time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from dateline_enrich.entities import EntityFinder
from dateline_schemas import Entity
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fake_tagger import FakeSpan

FINDER = EntityFinder()

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
    *("non-performing loans (NPLs)", "Ana Mary Li (AML)", "US$", "sub-Saharan", "storm", "Sri Lankan"),
    *("film “Ab Cd”", "Sputnik V vaccine", "World Cup", "Savannah, Ga.", "anti-China", "A-B-C/D", "&", "of", "Smith"),
]

TEXT = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


class Anything:
    """Tags stretches of a text that are drawn by lot, also such as no tagger would."""

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
LOTS = st.lists(st.tuples(SHARE, SHARE, st.sampled_from(["PER", "ORG", "LOC", "X"]), SHARE), max_size=12)


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
def test_whatever_a_tagger_finds_mentions_are_exact_and_do_not_overlap(
    title: str, body: str, lots: list[tuple[float, float, str, float]]
) -> None:
    finder = EntityFinder(taggers={"en": Anything(lots)})
    found = finder.find(title, body)
    check(title, body, found)
    assert finder.find(title, body) == found


@settings(deadline=None, max_examples=60)
@given(title=TEXT, body=TEXT)
def test_mentions_of_the_model_are_exact_and_do_not_overlap(title: str, body: str) -> None:
    check(title, body, FINDER.find(title, body))


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "😀😀", "a", "\x00", "\u202e", "مرحبا بالعالم", "1"])
def test_texts_without_names_have_no_entities(text: str) -> None:
    assert FINDER.find(text, text) == []


@pytest.mark.parametrize(
    "unit",
    [
        *("A", "A ", "Aa. ", "a.", "A.", "“", "“Aa ", "John Smith ", "Ministry of ", "Bank and ", "'s", "Éa-", "a@"),
        *("X, Inc. ", "e\u0301", "President ", "Mr. ", "al-A ", "(EU) ", "Lake of the ", "https://", "Aa bin ", "A\n"),
        *("A&", "Zorbia met. ", "Paris, Texas, ", "Aa Cup "),
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    every = [(i / 40, (i + 0.5) / 40, label, 0.9) for i, label in enumerate(["PER", "ORG", "LOC", "X"] * 10)]
    finder = EntityFinder(taggers={"en": Anything(every)})

    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        begin = time.process_time()
        finder.find("", text)
        return time.process_time() - begin

    seconds(1_000)
    short, long = (min(seconds(length) for _ in range(2)) for length in (5_000, 40_000))
    # Eight times the text; a quadratic step would take 64 times as long.
    assert long < 24 * short + 0.2


def test_threads_share_a_finder() -> None:
    text = "Then Maria Adams of the European Union came to Paris."
    alone = FINDER.find("", text)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == alone for found in pool.map(lambda _: FINDER.find("", text), range(12)))
