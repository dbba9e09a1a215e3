"""Decodes scores of tags into names: finds the best chain of tags, and the confidence of each name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["IMPOSSIBLE", "Name", "best_chain", "certainties", "names"]

IMPOSSIBLE = -1e4
"""Score of a tag or transition that is not allowed."""

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name by the indices of its first and last word."""

    first: int
    last: int
    label: str
    score: float


def best_chain(scores: Floats, begins: Integers, transitions: Floats, start: Floats, outside: int = 0) -> Integers:
    """Find the best chain of tags of each item (Viterbi).

    Most words score so high as outside of names that the best chain gives them this tag whatever their neighbours are.
    These words split an item into short pieces, and all pieces are decoded together.

    Args:
        scores: scores of tags, [words, tags], items one after the other.
        begins: index of the first word of each item; no item is empty.
        transitions: scores of transitions from row to column, [tags, tags]; those from and to `outside` are allowed.
        start: scores of beginning with a tag, [tags]; `outside` is allowed.
        outside: the tag of words outside of names.

    Returns:
        one tag per word.
    """
    words = len(scores)
    chain = np.full(words, outside, dtype=np.int64)
    first = np.zeros(words + 1, dtype=bool)
    first[begins] = first[words] = True
    free = ~_certainly_outside(scores, first, transitions, start, outside)
    starts = np.flatnonzero(free & (first[:-1] | ~np.append(False, free[:-1])))
    if not len(starts):
        return chain
    stops = np.flatnonzero(free & (first[1:] | ~np.append(free[1:], False))) + 1
    counts = stops - starts
    longest_first = np.argsort(-counts, kind="stable")
    starts, stops, counts = starts[longest_first], stops[longest_first], counts[longest_first]
    before = np.where(first[starts][:, None], start, transitions[outside])
    after = np.where(first[stops][:, None], np.float32(0), transitions[:, outside])
    places = np.minimum(starts[:, None] + np.arange(counts[0]), words - 1)
    best = _best_chains(scores[places], counts, before, after, transitions)
    real = np.arange(counts[0]) < counts[:, None]
    chain[places[real]] = best[real]
    return chain


def _certainly_outside(scores: Floats, first: Any, transitions: Floats, start: Floats, outside: int) -> Any:
    """Return which words are outside of names in each best chain.

    Tagging such a word as outside gains its margin. The change affects at most three transitions, and a name that
    continues after the word has to begin there instead.
    """
    possible = transitions > IMPOSSIBLE / 2
    going_on = np.flatnonzero(~possible[outside])
    beginning = (possible[:, going_on] & possible[outside][:, None]).argmax(axis=0)
    swing = max(np.abs(transitions[possible]).max(), np.abs(start[possible[outside]]).max())
    margin = scores[:, outside] - np.delete(scores, outside, axis=1).max(axis=1)
    loss = np.maximum((scores[:, going_on] - scores[:, beginning]).max(axis=1, initial=0), 0)
    return margin > 6 * swing + np.where(first[1:], np.float32(0), np.append(loss[1:], np.float32(0)))


def _best_chains(scores: Floats, counts: Integers, before: Floats, after: Floats, transitions: Floats) -> Integers:
    """Return the best chain of each item, [items, words], padded at the end; the longest items come first."""
    items, words, tags = scores.shape
    back = np.zeros((words, items, tags), dtype=np.int64)
    state = scores[:, 0] + before
    for i in range(1, words):
        alive = int(np.searchsorted(-counts, -i))
        reached = state[:alive, :, None] + transitions
        back[i, :alive] = reached.argmax(axis=1)
        state[:alive] = reached.max(axis=1) + scores[:alive, i]
    tag = (state + after).argmax(axis=1)
    chains = np.empty((items, words), dtype=np.int64)
    rows = np.arange(items)
    for i in range(words - 1, -1, -1):
        chains[:, i] = tag
        alive = int(np.searchsorted(-counts, -i))
        tag[:alive] = back[i, rows[:alive], tag[:alive]]
    return chains


def certainties(scores: Floats, chain: Integers, tags: Sequence[str]) -> Floats:
    """Return the probability that each word belongs to the class of its tag, regardless of its neighbours.

    Args:
        scores: scores of tags, [words, tags].
        chain: one tag per word.
        tags: names of the tags: O, B-X, I-X.

    Returns:
        probabilities, [words]; B-X and I-X are one class.
    """
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    same = np.array([[tag[2:] == other[2:] for other in tags] for tag in tags])
    shares: Floats = (powers * same[chain]).sum(axis=1) / powers.sum(axis=1)
    return shares


def names(chain: Sequence[int], certainty: Sequence[float], tags: Sequence[str]) -> Iterator[Name]:
    """Yield the names in a chain; the confidence of a name is the lowest one of its words.

    Args:
        chain: one tag per word.
        certainty: the probability of each word's class.
        tags: names of the tags: O, B-X, I-X.
    """
    outside = tags.index("O")
    stop = 0
    for first, tag in enumerate(chain):
        if tag == outside or first < stop:
            continue
        label = tags[tag][2:]
        stop = first + 1
        while stop < len(chain) and tags[chain[stop]] == f"I-{label}":
            stop += 1
        yield Name(first=first, last=stop - 1, label=label, score=min(certainty[first:stop]))
