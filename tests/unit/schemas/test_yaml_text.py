"""JSON written as YAML is read back as the same data."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.generation.yaml_text import yaml_text

# Excludes characters that a YAML 1.1 reader takes for line breaks or rejects; contracts do not contain them.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\ufeff") | st.just(" "))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXT, children, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_data_is_read_back_unchanged(document: Any) -> None:
    assert yaml.safe_load(yaml_text(document)) == document


@pytest.mark.parametrize("word", ["on", "No", "null", "1", "a b", "", "-", "a: b", "#", "{", "%"])
def test_words_with_a_meaning_in_yaml_are_quoted(word: str) -> None:
    assert yaml.safe_load(yaml_text({word: word})) == {word: word}


def test_nested_data_is_indented() -> None:
    document = {"a": {"b": [{"c": 1, "d": []}, [2]]}, "e": {}}

    assert yaml_text(document) == "a:\n  b:\n    - c: 1\n      d: []\n    - - 2\ne: {}\n"
