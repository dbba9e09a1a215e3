"""The command line of the recipe.

    python -m models.entities all --data DIR [--work DIR] [--held-out DIR] [--steps N]

DIR contains a file NAME.jsonl.xz for each set listed in NOTICE beside the weights, with one text per line: `id`,
`genre`, `split`, `text` and `ents` [[start, end, class]]. `train` ends with the weights, `package` starts from them.
`ablate` measures the effect of each ingredient. `refine` trains a third stage from the weights, which is not part of
the packaged model.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dateline_enrich.entities.network.tagger import EntityTagger
from dateline_enrich.entities.network.weights import MODEL

from models.entities.ablation import VARIANTS, ablate, one
from models.entities.card import write_card
from models.entities.package import package
from models.entities.recipe import Recipe, encoder, refined, trained
from models.entities.scoring import by_tagger, load, scored, self_check
from models.entities.training import TrainingPlan

VERSION = "minilm-2"
"""The version of the packaged model."""

STEPS = 2000
"""Steps of each worker in each of two stages, together slightly more than three epochs."""


def main() -> None:
    """Run the recipe or part of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("all", "train", "refine", "package", "evaluate", "ablate"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--held-out", type=Path, action="append", default=[], help="folder of more sets for scoring")
    parser.add_argument("--work", type=Path, default=Path("build/entities"), help="folder of intermediate weights")
    parser.add_argument("--result", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--start", type=Path, help="initial weights instead of the encoder's")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps per worker and stage (default: {STEPS})")
    parser.add_argument("--minutes", type=float, help="train each stage for this many minutes instead")
    parser.add_argument("--workers", type=int, default=2, help="processes, one per core (default: 2)")
    parser.add_argument("--half", action="store_true", help="compute layers in bfloat16: twice as fast with AMX")
    parser.add_argument("--only", action="append", help="a variant for `ablate`; may be repeated")
    arguments = parser.parse_args()
    if arguments.what == "ablate":
        _ablate(arguments)
        return
    weights = arguments.work / "tagger.safetensors"
    plan = TrainingPlan(
        steps=arguments.steps, minutes=arguments.minutes, workers=arguments.workers, half=arguments.half
    )
    if arguments.what in ("all", "train"):
        trained(Recipe(plan=plan), arguments.data, weights, start=arguments.start)
    if arguments.what == "refine":
        refined(Recipe(plan=plan), arguments.data, arguments.start or weights, weights.with_stem("refined"))
    if arguments.what in ("all", "package"):
        package(weights, encoder() / "tokenizer.json", arguments.result, version=VERSION)
    if arguments.what in ("all", "evaluate"):
        _evaluate(arguments)


def _ablate(arguments: argparse.Namespace) -> None:
    work = arguments.work / "ablation"
    labeller = arguments.start or arguments.work / "tagger.safetensors"
    if arguments.only and len(arguments.only) == 1:
        one(arguments.only[0], arguments.data, arguments.held_out, work, labeller)
    else:
        names = arguments.only or list(VARIANTS)
        ablate(arguments.data, arguments.held_out, work, names, labeller, at_once=arguments.workers)


def _evaluate(arguments: argparse.Namespace) -> None:
    version, find = EntityTagger.load(arguments.result).version, by_tagger(arguments.result)
    lines = []
    for folder, sets in [(arguments.data, ["gum_news"]), *((d, ["ewt_dev", "wwn_dev"]) for d in arguments.held_out)]:
        for name in sets:
            texts = load(folder, name)
            self_check(texts)
            figures = {"bench": "entities", "set": name, "texts": len(texts), "by": "tagger", "version": version}
            line = {**figures, **scored(texts, find)}
            print(json.dumps(line), flush=True)
            lines.append(line)
    write_card(arguments.result, lines)


if __name__ == "__main__":
    main()
