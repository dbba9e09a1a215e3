"""Puts a trained tagger into the folder that ships: graph, tokenizer, description with checksums."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models.entities.export import export
from models.entities.labels import TAGS

__all__ = ["package"]

WINDOW = 190
"""Pieces of a window at run time; with the two marks around it, 192."""


def package(weights: Path, tokenizer: Path, folder: Path, *, version: str) -> None:
    """Quantise weights and write model.onnx, tokenizer.json and model.json.

    Args:
        weights: As trained.
        tokenizer: The encoder's tokenizer.json.
        folder: Where the files go.
        version: Goes into each record that the model annotates.
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
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
        },
    }
    (folder / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
