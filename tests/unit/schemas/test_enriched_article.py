"""Offsets: a mention's text is always the slice that its offsets name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dateline_schemas import (
    Article,
    DateMention,
    EnrichedArticle,
    Entity,
    Interval,
    Mention,
    Source,
    check_offsets,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

TITLE = "Flut in Köln 🌊 am 3. Mai"
BODY = "🌊 Köln."


def enriched(mentions: list[Mention], dates: list[DateMention] | None = None) -> EnrichedArticle:
    article = Article(
        id="a",
        source=Source(kind="stdin", uri="-"),
        title=TITLE,
        body=BODY,
        fetched=datetime(2024, 6, 27, tzinfo=UTC),
        content_hash="ab" * 32,
    )
    entity = Entity(id="location:koeln", type="location", name="Köln", mentions=mentions)
    return EnrichedArticle(article=article, revision=1, entities=[entity], dates=dates or [])


def test_offsets_count_code_points() -> None:
    mentions = [
        Mention(field="title", start=8, end=12, text="Köln"),
        Mention(field="body", start=2, end=6, text="Köln"),
    ]
    date = DateMention(field="title", start=18, end=24, text="3. Mai", type="DATE", value="2024-05-03")

    assert check_offsets(enriched(mentions, [date])) == []


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(3, 7, "Köln"), (2, 6, "Bonn"), (2, 2, ""), (6, 2, ""), (7, 99, ""), (2, 99, "Köln.")],
    ids=["shifted", "other text", "empty", "turned round", "outside", "longer than the text"],
)
def test_mention_whose_text_is_not_its_slice_is_named(start: int, end: int, text: str) -> None:
    right = Mention(field="body", start=2, end=6, text="Köln")
    wrong = Mention(field="body", start=start, end=end, text=text)

    violations = check_offsets(enriched([right, wrong]))

    assert len(violations) == 1
    assert violations[0].startswith("entities[0].mentions[1]: ")


def test_date_whose_text_is_not_its_slice_is_named() -> None:
    date = DateMention(field="title", start=0, end=4, text="Mai", type="DATE", value="XXXX-05")

    assert check_offsets(enriched([], [date])) == ["dates[0]: text 'Mai' is not title[0:4] of 24 characters"]


@given(st.integers(0, len(BODY)), st.integers(0, len(BODY)))
def test_every_slice_of_the_text_passes_after_a_round_trip(start: int, end: int) -> None:
    mention = Mention(field="body", start=start, end=end, text=BODY[start:end])
    read = EnrichedArticle.from_bytes(enriched([mention]).to_bytes())

    assert (check_offsets(read) == []) == (start < end)


def test_negative_offset_is_rejected() -> None:
    with pytest.raises(ValidationError):
        Mention(field="body", start=-1, end=2, text="x")


@pytest.mark.parametrize(
    "point",
    [
        "2024",
        "2024-06",
        "2024-06-27",
        "2024-06-27T09",
        "2024-06-27T09:30Z",
        "2024-06-27T09:30:05.25+02:00",
        "-0044-03-15",
    ],
)
def test_interval_accepts_points_of_iso_8601(point: str) -> None:
    assert json.loads(Interval(start=point, end=point).to_bytes()) == {"start": point, "end": point}


@pytest.mark.parametrize(
    "point", ["", "24-06-27", "June 27", "2024-6-27", "2024-06-27 09:30", "２０２４", "2024-06-27\n"]
)
def test_interval_rejects_anything_but_points_of_iso_8601(point: Any) -> None:
    with pytest.raises(ValidationError):
        Interval(start=point, end="2025")
