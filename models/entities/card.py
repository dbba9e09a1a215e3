"""Writes the model card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["write_card"]

TITLES = {
    "gum_news": "GUM news and interviews, dev and test",
    "ewt_dev": "UNER English EWT dev (web texts)",
    "wwn_dev": "World-Wide Newswire dev (news)",
}

"""Titles of the scoring sets in the card."""

CARD = """# Model card: {version}

Finds persons, organisations and places in English texts. The network has six transformer layers of 384
(all-MiniLM-L6-v2, uncased), an added embedding of the shape of each word (lower, Title, UPPER, ...; first of its line),
and a chain of tags on top. Its int8 weights (seven bits per column in the layers, eight bits per row in the vocabulary)
take {size} MB. It needs only `onnxruntime`, `tokenizers` and `numpy` at run time.

- **For**: English news and other edited text. Not for other languages, speech, or decisions about people.
- **Trained on**: the sets that [NOTICE](NOTICE) names; no text is part of the weights. Few sentences are from Africa,
  Asia or Latin America; names from there replace others during training.
- **Licence**: weights CC BY-SA 4.0, code Apache-2.0.
- **Made by**: the recipe in `models/`; `docs/entities.md` describes what was tried.

## Quality
Exact spans, micro averages in percent (`bench/entities_score.py --by tagger`). The interval covers 95 % of F1 on
resampled texts. None of these texts was used for training.

| set | texts | precision | recall | F1 | interval | person F1 | organization F1 | location F1 |
|---|---|---|---|---|---|---|---|---|
{rows}

Organisations are the weakest class: the sets disagree whether museums, teams, ministries and newspapers belong to it.
"""
"""The text of the card."""


def write_card(folder: Path, figures: Sequence[dict[str, Any]]) -> None:
    """Write MODEL_CARD.md.

    Args:
        folder: the folder of the model.
        figures: lines of `bench/entities_score.py`.
    """
    rows = []
    for line in figures:
        whole = line["all"]
        low, high = line["interval"]
        classes = " | ".join(str(line[label]["f1"]) for label in ("PER", "ORG", "LOC"))
        title = TITLES.get(line["set"], line["set"])
        micro = f"{whole['p']} | {whole['r']} | {whole['f1']}"
        rows.append(f"| {title} | {line['texts']} | {micro} | {low}-{high} | {classes} |")
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    size = round((folder / "model.onnx").stat().st_size / 1e6, 1)
    card = CARD.format(version=description["version"], size=size, rows="\n".join(rows))
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
