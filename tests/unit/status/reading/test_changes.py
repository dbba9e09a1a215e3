import time

import pytest
from dateline_status.reading.changes import ChangedParagraph, changes


def shown(paragraph: ChangedParagraph) -> str:
    signs = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return " ".join(signs[run.kind].format(run.text) for run in paragraph.runs)


def differences(old: str, new: str) -> list[tuple[int, str]]:
    return [(each.unchanged, shown(each)) for each in changes(old, new)]


def test_a_changed_word_is_shown_in_its_paragraph() -> None:
    old, new = "One.\nTwo people died.\nThree.", "One.\nFour people died.\nThree."
    assert differences(old, new) == [(1, "-Two- +Four+ people died.")]


def test_paragraphs_that_came_and_went_are_whole() -> None:
    assert differences("a\nb\nc", "a\nc\nd") == [(1, "-b-"), (1, "+d+")]
    assert differences("", "new") == [(0, "+new+")]


def test_white_space_is_no_change() -> None:
    assert differences("One  two.\n\n\nThree.", "One two.\nThree.\n") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("a\nb\n" * 50_000, "b\na\n" * 50_000),
        ("\n".join(["a b"] * 299), "\n".join(["b a"] * 299)),
        ("\n".join("a b " * 250 for _ in range(290)), "\n".join("b a " * 250 + str(n) for n in range(290))),
    ],
)
def test_hostile_texts_cost_little(old: str, new: str) -> None:
    began = time.process_time()
    assert changes(old, new)
    assert time.process_time() - began < 3.0


def test_long_texts_are_shown_as_replaced() -> None:
    old, new = "\n".join(f"old {n}" for n in range(400)), "\n".join(f"new {n}" for n in range(400))
    (paragraph,) = changes(old, new)
    assert [run.kind for run in paragraph.runs] == ["removed", "added"]
