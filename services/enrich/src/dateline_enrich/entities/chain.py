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


def certainties(scores: Floats, tags: Sequence[str]) -> Floats:
    """How likely each word is in a name of each class, without regard to its neighbours.

    Args:
        scores: [..., tags].
        tags: Names of the tags: O, B-X, I-X.

    Returns:
        Probabilities, [..., tags]; those of B-X and I-X are both that of X.
    """
    powers: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    of_class = [[tag[2:] == other[2:] for other in tags] for tag in tags]
    return powers @ np.array(of_class, dtype=np.float32)


def names(chain: Sequence[int], certainty: Sequence[Sequence[float]], tags: Sequence[str]) -> Iterator[Name]:
    """Read the names of one item off its chain; a name is as sure as its least sure word.

    Args:
        chain: A tag for each word.
        certainty: [words or more, tags], as `certainties` gives it.
        tags: Names of the tags: O, B-X, I-X.
    """
    outside = tags.index("O")
    places = [i for i, tag in enumerate(chain) if tag != outside]
    for k, first in enumerate(places):
        if k and first == places[k - 1] + 1 and tags[chain[first]] == f"I-{tags[chain[first - 1]][2:]}":
            continue
        last = first
        while last + 1 < len(chain) and tags[chain[last + 1]] == f"I-{tags[chain[first]][2:]}":
            last += 1
        score = min(certainty[i][chain[i]] for i in range(first, last + 1))
        yield Name(first=first, last=last, label=tags[chain[first]][2:], score=score)
