"""Decodes scores of tags into names: the best chain of tags, and how sure each name is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Name", "best_chains", "certainties", "names"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as places of words, the last one included."""

    first: int
    last: int
    label: str
    score: float


def best_chains(scores: Floats, counts: Integers, transitions: Floats, start: Floats) -> Integers:
    """Find the best chain of tags of each item (Viterbi), all items at once.

    Args:
        scores: [items, words, tags]; an item is padded at its end.
        counts: Words of each item, at least one.
        transitions: From row to column, [tags, tags].
        start: Of beginning with a tag, [tags].

    Returns:
        Tags, [items, words]; those of padding repeat the item's last one.
    """
    items, words, tags = scores.shape
    rows = np.arange(items)
    same = np.broadcast_to(np.arange(tags), (items, tags))
    back = np.empty((words, items, tags), dtype=np.int64)
    state = scores[:, 0] + start
    for i in range(1, words):
        reached = state[:, :, None] + transitions
        best = reached.argmax(axis=1)
        moved = np.take_along_axis(reached, best[:, None, :], axis=1)[:, 0] + scores[:, i]
        alive = (i < counts)[:, None]
        back[i] = np.where(alive, best, same)
        state = np.where(alive, moved, state)
    chain = np.empty((items, words), dtype=np.int64)
    chain[:, -1] = state.argmax(axis=1)
    for i in range(words - 1, 0, -1):
        chain[:, i - 1] = back[i, rows, chain[:, i]]
    return chain


def certainties(scores: Floats) -> Floats:
    """Turn scores into the probability of each tag of each word, without regard to its neighbours."""
    powers: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers


def names(chain: Sequence[int], certainty: Floats, tags: Sequence[str]) -> Iterator[Name]:
    """Read the names of one item off its chain; a name is as sure as its least sure word.

    Args:
        chain: A tag for each word.
        certainty: [words or more, tags].
        tags: Names of the tags: O, B-X, I-X.
    """
    first, label = -1, ""
    for i in range(len(chain) + 1):
        tag = tags[chain[i]] if i < len(chain) else "O"
        if first >= 0 and tag != f"I-{label}":
            columns = [tags.index(f"B-{label}"), tags.index(f"I-{label}")]
            score = float(certainty[first:i, columns].sum(axis=1).min())
            yield Name(first=first, last=i - 1, label=label, score=score)
            first = -1
        if tag != "O" and first < 0:
            first, label = i, tag[2:]
