"""Packs the windows of an epoch into batches of similar length, as tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from dateline_enrich.entities.network.encoding import windows

from models.entities.texts.augmentation import Bank, TrainingWindow, as_headline, joined, quoted, renamed
from models.entities.texts.examples import Sentence
from models.entities.texts.labels import ANY, TAGS

__all__ = ["Mixture", "TrainingBatch", "batch", "epoch"]

CLS, SEP = 101, 102
"""Ids of the pieces at the start and end of each window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBatch:
    """Tensors of one batch of windows; see `TaggerNetwork.forward` and `chain_loss`."""

    ids: torch.Tensor
    shapes: torch.Tensor
    firsts: torch.Tensor
    allowed: torch.Tensor
    counts: torch.Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """How often windows are changed, and their size."""

    headlines: float = 0.1
    """Share of windows written as headlines."""

    quotes: float = 0.03
    """Share of windows with a name in quotation marks."""

    renamed: float = 0.35
    """Share of windows in which names are replaced."""

    names: float = 0.5
    """Share of names replaced in these windows."""

    smallest: int = 24
    largest: int = 128
    """The maximum pieces in a window are drawn between these two for each text."""


def batch(items: Sequence[TrainingWindow]) -> TrainingBatch:
    """Return windows as tensors."""
    sizes = [item.size + 2 for item in items]
    counts = [len(item.pieces) for item in items]
    ids = torch.zeros(len(items), max(sizes), dtype=torch.long)
    shapes = torch.zeros_like(ids)
    firsts = torch.zeros(len(items), max(counts), dtype=torch.long)
    allowed = torch.full((len(items), max(counts)), ANY, dtype=torch.long)
    for row, item in enumerate(items):
        flat = [CLS]
        flat_shapes = [0]
        first = []
        for pieces, shape in zip(item.pieces, item.shapes, strict=True):
            first.append(len(flat))
            flat += pieces
            flat_shapes += [shape] * len(pieces)
        flat.append(SEP)
        ids[row, : len(flat)] = torch.tensor(flat)
        shapes[row, : len(flat_shapes)] = torch.tensor(flat_shapes)
        firsts[row, : len(first)] = torch.tensor(first)
        allowed[row, : len(item.tags)] = torch.tensor(item.tags)
    bits = torch.arange(len(TAGS))
    return TrainingBatch(
        ids=ids,
        shapes=shapes,
        firsts=firsts,
        allowed=((allowed[:, :, None] >> bits) & 1).bool(),
        counts=torch.tensor(counts),
    )


def epoch(
    texts: Sequence[tuple[Sequence[Sentence], float]], bank: Bank, mixture: Mixture, budget: int, rng: random.Random
) -> Iterator[list[TrainingWindow]]:
    """Yield the batches of one epoch, in random order: each text as often as its weight, with random changes.

    Args:
        texts: the sentences and the weight of each text; the fraction of a weight is a probability.
        bank: the names that replace others.
        mixture: shares of changes.
        budget: maximum pieces in a batch, including padding.
        rng: source of randomness.
    """
    made: list[TrainingWindow] = []
    for sentences, weight in texts:
        for _ in range(int(weight + rng.random())):
            size = rng.randint(mixture.smallest, mixture.largest)
            parts = windows([s.size for s in sentences], size)
            made += [_changed(joined(sentences[part.start : part.stop]), bank, mixture, rng) for part in parts]
    rng.shuffle(made)
    groups: list[list[TrainingWindow]] = []
    chunk = 4096
    for start in range(0, len(made), chunk):
        group: list[TrainingWindow] = []
        for window in sorted(made[start : start + chunk], key=lambda w: w.size):
            if group and (window.size + 2) * (len(group) + 1) > budget:
                groups.append(group)
                group = []
            group.append(window)
        groups.append(group)
    rng.shuffle(groups)
    yield from groups


def _changed(window: TrainingWindow, bank: Bank, mixture: Mixture, rng: random.Random) -> TrainingWindow:
    if window.mentions and rng.random() < mixture.quotes:
        window = quoted(window, rng, [m for m in window.mentions if m.label in ("ORG", "MISC")])
    elif window.mentions and rng.random() < mixture.renamed:
        window = renamed(window, bank, rng, mixture.names)
    if rng.random() < mixture.headlines:
        window = as_headline(window, rng)
    return window
