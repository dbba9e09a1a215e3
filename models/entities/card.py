"""Writes the model card beside the weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["write_card"]

_TITLES = {
    "gum_news": "GUM news and interviews, dev and test",
    "ewt_dev": "UNER English EWT dev (web texts)",
    "wwn_dev": "World-Wide Newswire dev (news)",
}

_CARD = """# Model card: {version}

Finds persons, organisations and places in English texts. Six transformer layers of 384 (all-MiniLM-L6-v2, uncased),
the shape of each word (lower, Title, UPPER, ...; first of its line) as an added embedding, a chain of tags above.
int8 weights (seven bits a column in the layers, eight a row in the vocabulary), {size} MB; nothing but `onnxruntime`,
`tokenizers` and `numpy` is needed to run it.

- **For**: English news and other edited text. Not for other languages, speech, or decisions about people.
- **Trained on**: the sets that [NOTICE](NOTICE) names; no text is part of the weights. Few sentences are of Africa,
  Asia or Latin America; names from there are put in place of others while training.
- **Licence**: weights CC BY-SA 4.0, code Apache-2.0.
- **Made by**: the recipe in `models/`; `docs/entities.md` says what was tried.

## How well
Exact spans, micro averages in percent (`bench/entities_score.py --by tagger`); the interval is of F1, 95 %, texts
resampled. None of these texts was trained on.

| set | texts | precision | recall | F1 | interval | person F1 | organization F1 | location F1 |
|---|---|---|---|---|---|---|---|---|
{rows}

Organisations are the weak class: whether a museum, a team, a ministry or a paper is one differs from set to set.
"""


def write_card(folder: Path, figures: Sequence[dict[str, Any]]) -> None:
    """Write MODEL_CARD.md.

    Args:
        folder: Of the model.
        figures: Lines of `bench/entities_score.py`.
    """
    rows = []
    for line in figures:
        whole = line["all"]
        low, high = line["interval"]
        classes = " | ".join(str(line[label]["f1"]) for label in ("PER", "ORG", "LOC"))
        title = _TITLES.get(line["set"], line["set"])
        micro = f"{whole['p']} | {whole['r']} | {whole['f1']}"
        rows.append(f"| {title} | {line['texts']} | {micro} | {low}-{high} | {classes} |")
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    size = round((folder / "model.onnx").stat().st_size / 1e6, 1)
    card = _CARD.format(version=description["version"], size=size, rows="\n".join(rows))
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
