"""Trains the recipe many times at a small equal budget, each time with one thing changed, and scores each."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.entities.package import package
from models.entities.recipe import Recipe, encoder, trained
from models.entities.scoring import SETS, by_tagger, file_of, load, scored
from models.entities.texts.batches import Mixture
from models.entities.training import Plan

__all__ = ["VARIANTS", "ablate", "one"]

STEPS = 250
SAMPLE = 250
"""Articles of World-Wide Newswire that score, the same for all."""

_PLAN = Plan(steps=STEPS, budget=1024, workers=1, half=True)
_BASE = Recipe(plan=_PLAN)

VARIANTS: dict[str, Recipe] = {
    "baseline": _BASE,
    "another seed": replace(_BASE, plan=replace(_PLAN, seed=7)),
    "no chain: each word by itself": replace(_BASE, plan=replace(_PLAN, chain=False)),
    "no shapes of words": replace(_BASE, plan=replace(_PLAN, shapes=False)),
    "no open tags: as marked": replace(_BASE, open_tags=False),
    "other names are no names": replace(_BASE, other_names=False),
    "no swapped names": replace(_BASE, mixture=Mixture(renamed=0)),
    "no headlines or quotation marks": replace(_BASE, mixture=Mixture(headlines=0, quotes=0)),
    "all texts once": replace(_BASE, weighted=False),
    "with invented names": replace(_BASE, invented=True),
    "with unmarked news that a trained tagger labels": replace(_BASE, unmarked=True),
}
"""What is changed, and the recipe with it."""


def ablate(
    data: Path, held_out: Sequence[Path], work: Path, names: Sequence[str], labeller: Path, *, at_once: int
) -> None:
    """Train and score variants, some at once, and print the table.

    Args:
        data: Folder of the training sets.
        held_out: Folders of the sets that score.
        work: Where weights and figures go; what has figures there is not run again.
        names: Of the variants.
        labeller: Weights that label unmarked news.
        at_once: How many run at the same time, each on one core.
    """
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "models.entities", "ablate", "--data", str(data), "--work", str(work.parent)]
    command += ["--start", str(labeller)]
    for folder in held_out:
        command += ["--held-out", str(folder)]

    def run(name: str) -> None:
        if not _figures(work, name).exists():
            with _figures(work, name).with_suffix(".log").open("w") as log:
                subprocess.run([*command, "--only", name], check=True, stdout=log, stderr=subprocess.STDOUT)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, names))
    print(table(work, names))


def one(name: str, data: Path, held_out: Sequence[Path], work: Path, labeller: Path) -> None:
    """Train one variant, unless its weights are there already, and score it."""
    weights = _figures(work, name).with_suffix(".safetensors")
    if not weights.exists():
        trained(VARIANTS[name], data, weights, labeller=labeller, stages=1)
    folder = weights.with_suffix("")
    package(weights, encoder() / "tokenizer.json", folder, version="ablation")
    find = by_tagger(folder)
    figures: dict[str, Any] = {}
    for where in (data, *held_out):
        for dataset in SETS:
            if not any(where.glob(f"{file_of(dataset)}.jsonl*")):
                continue
            texts = load(where, dataset)
            if len(texts) > SAMPLE and dataset == "wwn_dev":
                texts = random.Random(0).sample(texts, SAMPLE)
            figures[dataset] = scored(texts, find)
    _figures(work, name).write_text(json.dumps({"name": name, **figures}) + "\n", encoding="utf-8")


def table(work: Path, names: Sequence[str]) -> str:
    """Make a table in Markdown of what was scored: F1 over all and of organisations."""
    rows = ["| what | EWT | ORG | GUM news | ORG | WWN | ORG |", "|---|---|---|---|---|---|---|"]
    for name in names:
        if not _figures(work, name).exists():
            continue
        figures = json.loads(_figures(work, name).read_text(encoding="utf-8"))
        cells = [
            str(figures[dataset][label]["f1"])
            for dataset in ("ewt_dev", "gum_news", "wwn_dev")
            for label in ("all", "ORG")
        ]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _figures(work: Path, name: str) -> Path:
    return work / ("".join(c if c.isalnum() else "-" for c in name) + ".json")
