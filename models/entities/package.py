"""Packages a trained tagger: graph, tokenizer, and a description with checksums.

python -m models.entities.package [DIR]    write the graph of a model again, with its existing int8 weights
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from dateline_enrich.entities.network.weights import MODEL
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models.entities.export import export, rewrite
from models.entities.texts.labels import TAGS

__all__ = ["package", "repackage"]

WINDOW = 126
"""Maximum pieces in a window at run time, 128 with its two marks. Longer windows are slower and not better."""


def package(weights: Path, tokenizer: Path, folder: Path, *, version: str) -> None:
    """Quantise weights and write model.onnx, tokenizer.json and model.json.

    Args:
        weights: the trained weights.
        tokenizer: the encoder's tokenizer.json.
        folder: where the files are written.
        version: is part of each record that the model annotates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export(weights, folder / "model.onnx")
    cutter = Tokenizer.from_file(str(tokenizer))
    cutter.no_padding()
    cutter.no_truncation()
    (folder / "tokenizer.json").write_text(cutter.to_str(), encoding="utf-8")
    transitions = load_file(weights)["transitions"]
    description = {
        "version": version,
        "tags": list(TAGS),
        "window": WINDOW,
        "transitions": np.round(transitions.astype(float), 4).tolist(),
    }
    _describe(folder, description)


def repackage(folder: Path) -> None:
    """Write the graph of a model again with its existing weights, after a change of `export`."""
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    rewrite(folder / "model.onnx", folder / "model.onnx")
    _describe(folder, description)


def _describe(folder: Path, description: dict[str, object]) -> None:
    description["sha256"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
    }
    (folder / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    repackage(Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL)
