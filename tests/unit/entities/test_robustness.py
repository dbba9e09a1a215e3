"""What holds for every text: exact offsets, no exception, linear time."""

from __future__ import annotations

import time

import pytest
from dateline_enrich.entities import EntityFinder
from hypothesis import given, settings
from hypothesis import strategies as st

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
    *("NEWS FROM", "NATO", "https://A.b", "@Paris", "Lake", "Day", "War", "Mr", "Paris Hilton", "Chad", "1", "&", "of"),
]

TEXT = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


@settings(deadline=None)
@given(title=TEXT, body=TEXT)
def test_every_mention_is_exactly_its_slice_and_none_overlap(title: str, body: str) -> None:
    fields = {"title": title, "body": body}
    taken: set[tuple[str, int]] = set()
    entities = FINDER.find(title, body)
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


@settings(deadline=None)
@given(title=TEXT, body=TEXT)
def test_the_same_article_gives_the_same_entities(title: str, body: str) -> None:
    assert FINDER.find(title, body) == EntityFinder().find(title, body)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "😀😀"])
def test_texts_without_words_have_no_entities(text: str) -> None:
    assert FINDER.find(text, text) == []


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "A",
            "A ",
            "Aa. ",
            "a.",
            "A.",
            "“",
            "“Aa ",
            "John Smith ",
            "Ministry of ",
            "Bank and ",
            "'s",
            "Éa-",
            "a@",
            "A&",
        ),
        *("X, Inc. ", "e\u0301", "President ", "Mr. ", "al-A ", "(EU) ", "Lake of the ", "https://", "Aa bin ", "A\n"),
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        begin = time.process_time()
        FINDER.find("", text)
        return time.process_time() - begin

    seconds(1_000)
    short, long = (min(seconds(length) for _ in range(2)) for length in (5_000, 40_000))
    # Eight times the text; a quadratic step would take 64 times as long.
    assert long < 24 * short + 0.2
