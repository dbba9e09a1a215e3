"""Trains and scores variants of the recipe with an equal, small budget; each variant changes one thing."""

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
from models.entities.training import TrainingPlan

__all__ = ["VARIANTS", "ablate", "one"]

STEPS = 250
"""Steps of each training."""

SAMPLE = 250
"""Articles of World-Wide Newswire that score, the same for each variant."""

PLAN = TrainingPlan(steps=STEPS, budget=1024, workers=1, half=True)
"""The plan of the baseline."""

BASE = Recipe(plan=PLAN)
"""The recipe of the baseline."""
VARIANTS: dict[str, Recipe] = {
    "baseline": BASE,
    "another seed": replace(BASE, plan=replace(PLAN, seed=7)),
    "no chain: each word by itself": replace(BASE, plan=replace(PLAN, chain=False)),
    "no shapes of words": replace(BASE, plan=replace(PLAN, shapes=False)),
    "no open tags: as marked": replace(BASE, open_tags=False),
    "other names are no names": replace(BASE, other_names=False),
    "no swapped names": replace(BASE, mixture=Mixture(renamed=0)),
    "no headlines or quotation marks": replace(BASE, mixture=Mixture(headlines=0, quotes=0)),
    "all texts once": replace(BASE, weighted=False),
    "with invented names": replace(BASE, invented=True),
    "with unmarked news that a trained tagger labels": replace(BASE, unmarked=True),
}
"""The recipes by the thing that they change."""


def ablate(
    data: Path, held_out: Sequence[Path], work: Path, names: Sequence[str], labeller: Path, *, at_once: int
) -> None:
    """Train and score variants, several at the same time, and print the table.

    Args:
        data: folder of the training sets.
        held_out: folders of the scoring sets.
        work: folder for weights and figures; a variant that has figures there is not run again.
        names: names of the variants.
        labeller: weights that label unmarked news.
        at_once: number of variants that run at the same time, each on one core.
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
    """Score one variant, and train it before if it has no weights yet."""
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
    """Return a Markdown table of F1 over all classes and of organisations."""
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
