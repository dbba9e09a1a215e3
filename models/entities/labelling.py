"""Labels unmarked texts with a trained tagger; uncertain names stay open."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from dateline_enrich.entities.network.border import bordered
from dateline_enrich.entities.network.chain import best_chain, certainties, names
from dateline_enrich.entities.network.encoding import LINE_START, SHAPES, Encoder, encode, sentences, windows
from safetensors.torch import load_file

from models.entities.network import IMPOSSIBLE, TaggerNetwork, forbidden, marginals
from models.entities.texts.augmentation import TrainingWindow
from models.entities.texts.batches import batch
from models.entities.texts.corpus import MarkedName, Text, trimmed
from models.entities.texts.labels import ANY, TAGS

__all__ = ["labelled", "unmarked"]

UNMARKED = "dexter_wikinews_links"
"""365 Wikinews articles that are not scored; their links are not used."""

SURE = 0.85
"""Minimum probability of a name that is marked as certain."""

SURER = 0.95
"""Minimum probability of a name whose repetitions in the text are marked too."""

WINDOW = 190
"""Maximum pieces in a window."""

TOGETHER = 12
"""Windows in a batch."""

INSIDE = [i for i, tag in enumerate(TAGS) if tag.startswith("I-")]
"""Indices of the tags inside names."""

LabelledName = tuple[int, int, str, float]
"""Start, end, class and probability of a name."""


def unmarked(folder: Path, name: str = UNMARKED) -> Iterator[tuple[str, str]]:
    """Read the texts of a set without entities, as id and text."""
    with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record["text"]


def labelled(texts: Sequence[tuple[str, str]], weights: Path, encoder: Encoder) -> list[Text]:
    """Mark the names that a tagger finds.

    A certain name is marked, and so are its repetitions; for an uncertain name, it stays open whether it is a name.

    Args:
        texts: ids and texts.
        weights: the weights of the tagger.
        encoder: the tokenizer of the tagger.
    """
    network = TaggerNetwork(shapes=SHAPES)
    network.load_state_dict(load_file(weights))
    network.eval()
    return [_text(key, text, list(_found(text, network, encoder))) for key, text in texts]


def _found(text: str, network: TaggerNetwork, encoder: Encoder) -> Iterator[LabelledName]:
    """Yield each name in a text."""
    words = encode(text, encoder)
    parts = list(sentences(text, words))
    groups = windows([sum(len(words.pieces[i]) for i in part) for part in parts], WINDOW)
    cuts = [range(parts[group.start].start, parts[group.stop - 1].stop) for group in groups]
    transitions = (network.transitions + forbidden()).detach()
    for first in range(0, len(cuts), TOGETHER):
        some = cuts[first : first + TOGETHER]
        items = [
            TrainingWindow(list(words.pieces[c.start : c.stop]), list(words.shapes[c.start : c.stop]), [ANY] * len(c))
            for c in some
        ]
        b = batch(items)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores = network(b.ids, b.shapes, b.firsts).float()
        for row, item in enumerate(items):
            for place, shape in enumerate(item.shapes):
                if shape >= LINE_START:
                    scores[row, place, INSIDE] = IMPOSSIBLE
        sure = marginals(scores, transitions, b.counts).clamp_min(1e-9).log().numpy()
        for row, cut in enumerate(some):
            own = scores[row, : len(cut)].numpy()
            chain = best_chain(own, np.zeros(1, np.int64), transitions.numpy(), transitions[0].numpy())
            certainty = certainties(sure[row, : len(cut)], chain, TAGS)
            for name in names(chain.tolist(), certainty.tolist(), TAGS):
                start, end = words.starts[cut.start + name.first], words.ends[cut.start + name.last]
                yield *bordered(text, start, end, name.label), name.label, name.score


def _text(key: str, text: str, found: Sequence[LabelledName]) -> Text:
    marked: dict[tuple[int, int], frozenset[str]] = {}
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for first, last, label, sure in found:
        start, end = trimmed(text, first, last)
        if start == end:
            continue
        marked[start, end] = frozenset({label} if sure >= SURE else {label, "MISC", "O"})
        if sure >= SURER and end - start > 2:
            votes[text[start:end]][label] += 1
    known = {surface: next(iter(labels)) for surface, labels in votes.items() if len(labels) == 1}
    if known:
        pattern = "|".join(re.escape(surface) for surface in sorted(known, key=len, reverse=True))
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
            place = match.span()
            if place in marked or not any(s < place[1] and place[0] < e for s, e in marked):
                marked[place] = frozenset({known[match.group()]})
    return Text(
        id=key,
        source="unmarked",
        genre="news",
        split="train",
        text=text,
        names=tuple(MarkedName(start=s, end=e, labels=labels) for (s, e), labels in sorted(marked.items())),
    )
