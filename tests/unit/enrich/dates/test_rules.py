"""The examples of the rules."""

from datetime import UTC, datetime

import pytest
from dateline_enrich.dates import DateTagger
from dateline_enrich.dates.english import english
from dateline_enrich.dates.numeric import RULES

PUBLISHED = datetime(2024, 6, 27, tzinfo=UTC)
TAGGER = DateTagger()
ALL_RULES = (*english().rules, *RULES)
EXAMPLES = [
    pytest.param(sentence, value, id=f"{rule.name}: {sentence}")
    for rule in ALL_RULES
    for sentence, value in rule.examples
]


@pytest.mark.parametrize(("marked", "value"), EXAMPLES)
def test_example_of_a_rule_has_its_value(marked: str, value: str | None) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    sentence = marked.replace("[", "", 1).replace("]", "", 1)
    found = {(timex.start, timex.end): timex.value for timex in TAGGER.tag(sentence, published=PUBLISHED)}
    if value is None:
        assert not [span for span in found if span[0] < end and start < span[1]]
    else:
        assert found.get((start, end)) == value


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_each_rule_has_an_example(rule: object) -> None:
    assert getattr(rule, "examples", ())


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rule in ALL_RULES]
    assert len(names) == len(set(names))
