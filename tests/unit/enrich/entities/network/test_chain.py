"""The best chain of tags, compared with every possible chain."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from dateline_enrich.entities.network.chain import IMPOSSIBLE, best_chain, certainties, names
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
POSSIBLE = np.array([[not t.startswith("I-") or before[2:] == t[2:] for t in TAGS] for before in TAGS])
START = np.array([IMPOSSIBLE if tag.startswith("I-") else 0 for tag in TAGS], dtype=np.float32)

numbers = st.integers(-40, 40).map(lambda n: n / 4)


def value(chain: tuple[int, ...], scores: Any, transitions: Any) -> float:
    steps = sum(transitions[a, b] for a, b in pairwise(chain))
    return float(START[chain[0]] + sum(scores[i, tag] for i, tag in enumerate(chain)) + steps)


@given(
    scores=arrays(np.float32, st.tuples(st.integers(1, 6), st.just(5)), elements=numbers),
    transitions=arrays(np.float32, (5, 5), elements=st.integers(-4, 4).map(lambda n: n / 8)),
    cut=st.integers(0, 5),
)
@settings(deadline=None, max_examples=150)
def test_the_best_of_all_chains_is_found_for_each_item(scores: Any, transitions: Any, cut: int) -> None:
    transitions = np.where(POSSIBLE, transitions, np.float32(IMPOSSIBLE))
    begins = [0, *({cut} & set(range(1, len(scores))))]
    chain = best_chain(scores, np.array(begins), transitions, START).tolist()
    for begin, stop in zip(begins, [*begins[1:], len(scores)], strict=True):
        item = scores[begin:stop]
        best = max(value(each, item, transitions) for each in product(range(5), repeat=stop - begin))
        assert value(tuple(chain[begin:stop]), item, transitions) == pytest.approx(best, abs=1e-3)


def test_a_name_has_the_lowest_confidence_of_its_words() -> None:
    scores = np.log(np.array([[0.1, 0.8, 0.1, 0, 0], [0.4, 0.1, 0.5, 0, 0], [0.9, 0.1, 0, 0, 0]]) + 1e-9)
    chain = np.array([1, 2, 0])
    (name,) = names(chain.tolist(), certainties(scores.astype(np.float32), chain, TAGS).tolist(), TAGS)
    assert (name.first, name.last, name.label) == (0, 1, "PER")
    assert name.score == pytest.approx(0.6, abs=1e-3)


def test_adjacent_names_are_two_names() -> None:
    found = list(names([1, 2, 1, 3, 0, 3], [1.0] * 6, TAGS))
    assert [(name.first, name.last, name.label) for name in found] == [
        (0, 1, "PER"),
        (2, 2, "PER"),
        (3, 3, "LOC"),
        (5, 5, "LOC"),
    ]
