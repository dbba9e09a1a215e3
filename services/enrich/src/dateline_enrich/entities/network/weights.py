"""The files of a trained tagger, checked before they are used."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from dateline.errors import DatelineError

__all__ = ["MODEL", "ModelError", "Weights", "read_weights"]

MODEL = Path(__file__).parent / "model"
"""The model that the package brings."""

_DESCRIPTION = "model.json"
_GRAPH = "model.onnx"
_TOKENIZER = "tokenizer.json"


class ModelError(DatelineError):
    """A model can't be used: a file is missing, or is not the one that was trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A trained tagger."""

    version: str
    tags: tuple[str, ...]
    transitions: tuple[tuple[float, ...], ...]
    """Score of each tag after each tag."""

    window: int
    """Pieces that are read at once."""

    graph: bytes
    tokenizer: bytes


def read_weights(folder: Path = MODEL) -> Weights:
    """Read a model and check that its files are those that its description names.

    Raises:
        ModelError: A file is missing or differs.
    """
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        graph = (folder / _GRAPH).read_bytes()
        tokenizer = (folder / _TOKENIZER).read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"the entity model in {folder} can't be read: {error}; install the package again") from error
    for name, content in ((_GRAPH, graph), (_TOKENIZER, tokenizer)):
        digest = hashlib.sha256(content).hexdigest()
        if digest != description["sha256"][name]:
            raise ModelError(
                f"{folder / name} is not the file that {_DESCRIPTION} describes: its SHA-256 is {digest}, not "
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
