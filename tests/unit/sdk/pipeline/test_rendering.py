"""How an enriched article looks in a terminal."""

from datetime import UTC, datetime

import pytest
from dateline.pipeline.rendering import article_view, published
from dateline_schemas import DateMention, EnrichedArticle, Entity, Mention, retraction_of
from rich.console import Console
from support.articles import an_article


def shown(article: EnrichedArticle, *, colour: bool = False) -> str:
    console = Console(width=200, force_terminal=colour, color_system="truecolor" if colour else None, highlight=False)
    with console.capture() as capture:
        console.print(article_view(article))
    return capture.get()


def an_enriched_article(revision: int = 1) -> EnrichedArticle:
    mention = Mention(field="body", start=0, end=3, text="The")
    date = DateMention(field="body", start=25, end=31, text="Monday", type="DATE", value="2024-07-01", mod="START")
    return EnrichedArticle(
        article=an_article(),
        revision=revision,
        entities=[
            Entity(id="1", type="organization", name="Euxine Lines", mentions=[mention, mention]),
            Entity(id="2", type="person", name="Nino [bold] Kvaratelia", mentions=[mention]),
        ],
        dates=[date, date],
    )


def test_the_view_has_title_date_entities_by_type_and_dates_with_their_values() -> None:
    assert [line.rstrip() for line in shown(an_enriched_article(revision=2)).splitlines()] == [
        "Ferry service resumes",
        "2024-06-27 · test · revision 2",
        "  person       Nino [bold] Kvaratelia",
        "  organisation Euxine Lines ×2",
        "  dates        “Monday” → START 2024-07-01 ×2",
        "",
    ]


def test_the_view_of_a_retraction_says_so_and_names_the_article() -> None:
    gone = retraction_of(an_article(), datetime(2024, 7, 1, tzinfo=UTC))
    assert [line.rstrip() for line in shown(EnrichedArticle(article=gone, revision=2)).splitlines()] == [
        "retracted  https://news.example/ferry",
        "2024-06-27 · test · revision 2",
        "",
    ]


def test_each_type_has_its_own_colour() -> None:
    text = shown(an_enriched_article(), colour=True)
    assert "\x1b[1;35mNino" in text
    assert "\x1b[1;34mEuxine" in text


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("year", "2024"), ("month", "2024-06"), ("day", "2024-06-27"), ("minute", "2024-06-27 10:05 UTC")],
)
def test_a_date_is_shown_no_finer_than_its_precision(precision: str, expected: str) -> None:
    moment = datetime(2024, 6, 27, 10, 5, tzinfo=UTC)
    article = an_article().model_copy(update={"published": moment, "published_precision": precision})
    assert published(article) == expected


def test_an_article_without_a_date_says_so() -> None:
    assert published(an_article(published=None)) == "no date"
