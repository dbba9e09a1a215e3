"""The entity tagger: finds persons, organisations and places with a small trained network."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from dateline_enrich.entities.network.border import addressed, bordered
from dateline_enrich.entities.network.chain import IMPOSSIBLE, best_chain, certainties, names
from dateline_enrich.entities.network.encoding import LINE_START, SHAPES
from dateline_enrich.entities.network.weights import MODEL, ModelError, Weights, read_weights
from dateline_enrich.entities.network.window import Window, cut

__all__ = ["EntityTagger", "ModelError", "Span"]

LABELS = ("PER", "ORG", "LOC")
"""The classes of returned names. The model has one more class, which keeps other names out of these."""

GROUP = 4096
"""Windows of about this many pieces are sorted by length and batched; threads run one group while the next is cut."""

BATCH = 256
"""Maximum pieces in a batch of several windows: enough to fill the processor, few enough for its caches."""

CLS, SEP = 101, 102
"""Ids of the pieces at the start and end of each input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A name in a text."""

    start: int
    """The first code point."""

    end: int
    """The code point after the name."""

    label: str
    """PER, ORG or LOC."""

    score: float
    """The confidence of the class, from 0 to 1."""


class EntityTagger:
    """Finds persons, organisations and places; thread-safe.

    Args:
        weights: the trained model.
        threads: number of batches of a call that run at the same time.
    """

    def __init__(self, weights: Weights, *, threads: int = 1) -> None:
        self.version = weights.version
        self.threads = threads
        self._window = weights.window
        self._tags = weights.tags
        self._transitions, self._start = _chain_scores(weights)
        self._encoder: Any = Tokenizer.from_buffer(weights.tokenizer)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        # The graph is already in its fastest form, see models/entities/export.py.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            weights.graph, sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._pool = ThreadPoolExecutor(threads, "entity-tagger") if threads > 1 else None

    @classmethod
    def load(cls, folder: Path = MODEL, *, threads: int = 1) -> EntityTagger:
        """Return the tagger of a model folder; it is shared by all callers with the same arguments.

        Args:
            folder: contains model.json, model.onnx and tokenizer.json.
            threads: number of batches of a call that run at the same time.

        Raises:
            ModelError: a file is missing or its checksum is wrong.
        """
        with _lock:
            return _loaded(folder, threads)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """Find the names in texts.

        Texts are batched together: one call for many short texts is faster than one call each.

        Args:
            texts: texts of any length.

        Returns:
            the names of each text, in order and without overlaps.
        """
        found: list[list[Span]] = [[] for _ in texts]
        windows = (w for i, text in enumerate(texts) for w in cut(i, text, self._encoder, self._window))
        for group, scores in self._scored(windows):
            for window, span in self._decoded(group, scores):
                found[window.text].append(span)
        return [list(_ordered(text, spans)) for text, spans in zip(texts, found, strict=True)]

    def _scored(self, windows: Iterator[Window]) -> Iterator[tuple[list[Window], Iterable[Any]]]:
        """Yield groups of windows with their scores.

        The threads compute one group while the next group is cut and the previous one decoded.
        """
        read = map if self._pool is None else self._pool.map
        before = None
        for group in _groups(windows):
            batches = list(_batches(group, self.threads))
            reading = [window for batch in batches for window in batch], read(self._read, batches)
            if before:
                yield before
            before = reading
        if before:
            yield before

    def _read(self, batch: list[Window]) -> Any:
        (scores,) = self._session.run(None, _inputs(batch))
        return scores

    def _decoded(self, group: list[Window], read: Iterable[Any]) -> Iterator[tuple[Window, Span]]:
        counts = [window.stop - window.first for window in group]
        stops = np.cumsum(counts).tolist()
        begins = [0, *stops[:-1]]
        rows = (row for batch in read for row in batch)
        scores = np.concatenate([row[:count] for row, count in zip(rows, counts, strict=True)])
        _forbid_inside(scores, group, self._tags)
        chain = best_chain(scores, np.array(begins), self._transitions, self._start)
        certainty = certainties(scores, chain, self._tags)
        for name in names(chain.tolist(), certainty.tolist(), self._tags):
            which = bisect_right(stops, name.first)
            window = group[which]
            move = window.first - begins[which]
            first = name.first + move
            if name.label in LABELS and window.own_first <= first < window.own_stop:
                words = window.words
                yield (
                    window,
                    Span(
                        start=window.offset + words.starts[first],
                        end=window.offset + words.ends[name.last + move],
                        label=name.label,
                        score=round(name.score, 4),
                    ),
                )


_lock = threading.Lock()


@cache
def _loaded(folder: Path, threads: int) -> EntityTagger:
    return EntityTagger(read_weights(folder), threads=threads)


def _chain_scores(weights: Weights) -> tuple[Any, Any]:
    """Return the scores of transitions between tags and of first tags; invalid ones are impossible."""
    tags = weights.tags
    transitions = np.array(weights.transitions, dtype=np.float32)
    start = np.zeros(len(tags), dtype=np.float32)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            start[j] = IMPOSSIBLE
            for i, before in enumerate(tags):
                if before not in (tag, f"B-{tag[2:]}"):
                    transitions[i, j] = IMPOSSIBLE
    return transitions, start


def _groups(windows: Iterable[Window]) -> Iterator[list[Window]]:
    group: list[Window] = []
    size = 0
    for window in windows:
        group.append(window)
        size += window.size
        if size >= GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _batches(group: list[Window], threads: int) -> Iterator[list[Window]]:
    """Batch windows of the same length, so that no padding is needed; a small group is shared among all threads."""
    ordered = sorted(group, key=lambda window: window.size, reverse=True)
    most = max(1, -(-len(ordered) // threads))
    batch: list[Window] = []
    for window in ordered:
        full = (window.size + 2) * (len(batch) + 1) > BATCH or len(batch) >= most
        if batch and (window.size != batch[0].size or full):
            yield batch
            batch = []
        batch.append(window)
    yield batch


def _inputs(batch: list[Window]) -> dict[str, Any]:
    counts = [window.stop - window.first for window in batch]
    ids = np.empty((len(batch), batch[0].size + 2), dtype=np.int64)
    ids[:, 0], ids[:, -1] = CLS, SEP
    shapes = np.zeros_like(ids)
    firsts = np.zeros((len(batch), max(counts)), dtype=np.int64)
    for row, window in enumerate(batch):
        words = window.words
        at = np.array(words.at[window.first : window.stop + 1])
        ids[row, 1:-1] = words.ids[at[0] : at[-1]]
        shapes[row, 1:-1] = np.repeat(np.array(words.shapes[window.first : window.stop]) % SHAPES, np.diff(at))
        firsts[row, : counts[row]] = at[:-1] - at[0] + 1
    return {"ids": ids, "shapes": shapes, "firsts": firsts}


def _forbid_inside(scores: Any, group: list[Window], tags: Sequence[str]) -> None:
    """Make it impossible for a name to continue after the end of a line or after left-out text."""
    shapes = [shape for window in group for shape in window.words.shapes[window.first : window.stop]]
    lines = [[word] for word, shape in enumerate(shapes) if shape >= LINE_START]
    inside = [i for i, tag in enumerate(tags) if tag.startswith("I-")]
    if lines:
        scores[lines, inside] = IMPOSSIBLE


def _ordered(text: str, spans: list[Span]) -> Iterator[Span]:
    """Sort the spans, correct their borders, and drop parts of addresses.

    A span that overlaps an earlier one is dropped too, since two windows may read one name differently.
    """
    before = 0
    for span in sorted(spans, key=lambda s: s.start):
        start, end = bordered(text, span.start, span.end, span.label)
        if start >= before and not addressed(text, start, end):
            yield Span(start=start, end=end, label=span.label, score=span.score)
            before = end
