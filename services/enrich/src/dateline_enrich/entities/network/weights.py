"""Reads the files of a trained tagger and checks them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from dateline.errors import DatelineError

__all__ = ["MODEL", "ModelError", "Weights", "read_weights"]

MODEL = Path(__file__).parent / "model"
"""The folder of the package's own model."""

DESCRIPTION = "model.json"
"""File with the version, the tags, and the checksums of the other files."""

GRAPH = "model.onnx"
"""File with the network and its weights."""

TOKENIZER = "tokenizer.json"
"""File with the tokenizer."""


class ModelError(DatelineError):
    """A model cannot be used: a file is missing or its checksum is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A trained tagger."""

    version: str
    tags: tuple[str, ...]
    transitions: tuple[tuple[float, ...], ...]
    """Score of each tag (column) after each tag (row)."""

    window: int
    """Maximum pieces in a window."""

    graph: bytes
    tokenizer: bytes


def read_weights(folder: Path = MODEL) -> Weights:
    """Read a model and compare its files with the checksums in its description.

    Raises:
        ModelError: a file is missing or its checksum is wrong.
    """
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        graph = (folder / GRAPH).read_bytes()
        tokenizer = (folder / TOKENIZER).read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"the entity model in {folder} cannot be read: {error}; install the package again") from error
    for name, content in ((GRAPH, graph), (TOKENIZER, tokenizer)):
        digest = hashlib.sha256(content).hexdigest()
        if digest != description["sha256"][name]:
            raise ModelError(
                f"{folder / name} is not the file that {DESCRIPTION} describes: its SHA-256 is {digest}, not "
                f"{description['sha256'][name]}; install the package again"
            )
    return Weights(
        version=description["version"],
        tags=tuple(description["tags"]),
        transitions=tuple(map(tuple, description["transitions"])),
        window=description["window"],
        graph=graph,
        tokenizer=tokenizer,
    )
