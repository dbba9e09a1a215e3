"""Whether the text of an item looks like a teaser."""

import pytest
from dateline_ingest.articles.teasers import MAX_TEASER_CHARS, MIN_CONTENT_CHARS, MIN_SUMMARY_CHARS, lack_of
from hypothesis import given, settings
from hypothesis import strategies as st

SENTENCE = "The council met on Monday and decided to close the bridge for a week. "
WHOLE = SENTENCE * 40


@pytest.mark.parametrize(
    "end",
    [
        "The mayor said that…",
        "The mayor said that...",
        "The mayor said that . . .",
        "The mayor said that [...]",
        "The mayor said that […]",
        "The mayor said that (…) →",
        "The mayor said so. Read more",
        "The mayor said so.\n\nRead more »",
        "The mayor said so ... Read More",
        "The mayor said so Read more",
        "The mayor said so...Read More",
        "Continue reading A bridge too far →",
        "The mayor said so. Continue reading A bridge too far",
        "Der Bürgermeister schwieg. Weiterlesen",
        "Le maire se tait. Lire la suite",
        "El alcalde calla.\n\nSeguir leyendo",
        "O prefeito cala. Leia mais",
        "Il sindaco tace. Leggi tutto",
        "De burgemeester zwijgt. Lees verder >",
        "Мэр молчит. Читать далее",
        "市长没有说话。阅读全文",
        "市長は黙っていた。続きを読む",
        "The mayor said […]\n\nThe post A bridge too far appeared first on The Daily.",
    ],
)
def test_a_text_that_ends_like_a_teaser_is_cut_whatever_its_length(end: str) -> None:
    assert lack_of(SENTENCE * 5 + end, is_content=True) == "cut"


@pytest.mark.parametrize("end", ["[…]", "Read more", "Weiterlesen"])
def test_a_long_text_is_cut_only_by_an_unmistakable_end(end: str) -> None:
    assert lack_of(f"{WHOLE}\n{end}", is_content=True) == "cut"


@pytest.mark.parametrize(
    "end",
    [
        "He smiled, and then he left us…",
        "Who knows what will come next...",
        "Read more about it in my book on bridges",
        "The post A bridge too far appeared first on The Daily.",
        "One can read more in the library.",
        "They had much more to see.",
        "This year I want to read more.",
        "La lotta continua.",
    ],
)
def test_a_whole_text_may_end_in_dots_or_speak_of_reading(end: str) -> None:
    assert len(WHOLE) > MAX_TEASER_CHARS
    assert lack_of(WHOLE + end, is_content=True) is None


def test_a_short_text_may_speak_of_reading_too() -> None:
    assert lack_of(SENTENCE * 10 + "This year I want to read more.", is_content=True) is None


def test_a_summary_has_to_be_longer_than_a_content_to_count_as_whole() -> None:
    for characters, in_summary, in_content in (
        (MIN_CONTENT_CHARS - 1, "short", "short"),
        (MIN_CONTENT_CHARS, "short", None),
        (MIN_SUMMARY_CHARS, None, None),
        (0, "short", "short"),
    ):
        text = "a" * characters
        assert lack_of(text, is_content=False) == in_summary
        assert lack_of(text, is_content=True) == in_content


@settings(deadline=None)
@given(st.text(max_size=3000), st.booleans())
def test_any_text_is_judged_and_what_is_whole_as_a_summary_is_whole_as_a_content(text: str, is_content: bool) -> None:
    assert lack_of(text, is_content=is_content) in (None, "cut", "short")
    if lack_of(text, is_content=False) is None:
        assert lack_of(text, is_content=True) is None
