"""Writes trained weights as one ONNX file with int8 weights for onnxruntime.

The graph is written in its fastest form, and onnxruntime's optimiser is turned off: it would fuse sums and norms into
an operator that takes four times as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

__all__ = ["export", "rewrite"]

LEVELS = 63
"""Largest weight as an integer: seven bits, because processors without VNNI add two products of eight bits into sixteen
bits, which may overflow."""

POSITIONS = 256
"""Maximum pieces in a window."""

HEADS = 12
"""Attention heads of a layer."""

CONTRIB = "com.microsoft"
"""The domain of onnxruntime's own operators."""

Constants = dict[str, NDArray[Any]]
"""The constants of a graph by name: int8 weights with their scales, or weights as trained."""


class _Graph:
    """Collects nodes and the constants that they use."""

    def __init__(self, constants: Constants) -> None:
        self.nodes: list[Any] = []
        self.used: dict[str, Any] = {}
        self._constants = constants

    def constant(self, name: str, value: NDArray[Any] | None = None) -> str:
        held = self._constants[name] if value is None else value
        self.used[name] = numpy_helper.from_array(np.ascontiguousarray(held), name)
        return name

    def node(self, kind: str, inputs: list[str], output: str, *more: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output, *more], name=output, domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        """Add a layer x @ w + b; its activations are quantised at run time, when their range is known."""
        if not self.is_quantised(name):
            product = self.node("MatMul", [x, self.constant(f"{name}.w")], f"{name}.product")
            return self.node("Add", [product, self.constant(f"{name}.b")], f"{name}.out")
        parts = [self.constant(f"{name}.{part}") for part in "wsb"]
        return self.node("DynamicQuantizeMatMul", [x, *parts[:2], "", parts[2]], f"{name}.out", domain=CONTRIB)

    def attention(self, x: str, qkv: str, name: str) -> str:
        """Add an attention layer; it has no mask, because batches are not padded."""
        weight, bias = self.constant(f"{qkv}.w"), self.constant(f"{qkv}.b")
        if not self.is_quantised(qkv):
            return self.node("Attention", [x, weight, bias], name, domain=CONTRIB, num_heads=HEADS)
        whole, scale, zero = f"{name}.x", f"{name}.x.scale", f"{name}.x.zero"
        self.node("DynamicQuantizeLinear", [x], whole, scale, zero)
        inputs = [whole, weight, bias, scale, self.constant(f"{qkv}.s"), "", zero]
        return self.node("QAttention", inputs, name, domain=CONTRIB, num_heads=HEADS)

    def norm(self, x: str, name: str) -> str:
        inputs = [x, self.constant(f"{name}.g"), self.constant(f"{name}.b")]
        return self.node("LayerNormalization", inputs, f"{name}.out", epsilon=1e-12)

    def is_quantised(self, name: str) -> bool:
        return bool(self._constants[f"{name}.w"].dtype == np.int8)


def export(weights: Path, result: Path, *, quantised: bool = True) -> None:
    """Write the network of `TaggerNetwork` as a graph.

    The inputs are `ids` and `shapes` [batch, pieces] and `firsts` [batch, words], int64; the output is `scores` [batch,
    words, tags]. All items of a batch have the same number of pieces. The graph does not contain the transitions
    between tags.
    """
    result.write_bytes(_graph(_constants(load_file(weights), quantised=quantised)))


def rewrite(graph: Path, result: Path) -> None:
    """Write a graph again with its existing constants, after a change of this module."""
    constants = {each.name: numpy_helper.to_array(each) for each in onnx.load(graph).graph.initializer}
    result.write_bytes(_graph(constants))


def _constants(w: dict[str, NDArray[np.float32]], *, quantised: bool) -> Constants:
    constants: Constants = {"positions.w": w["positions.weight"][:POSITIONS], "shapes.w": w["shapes.weight"]}
    constants |= {"words.w": w["words.weight"], "head.w": w["head.weight"].T, "head.b": w["head.bias"]}
    for name in sorted(key.removesuffix(".bias") for key in w if key.endswith(".bias") and key != "head.bias"):
        weight = w[f"{name}.weight"]
        constants[f"{name}.b"] = w[f"{name}.bias"]
        if weight.ndim == 1:
            constants[f"{name}.g"] = weight
        elif quantised:
            scale = np.abs(weight).max(axis=1) / LEVELS
            whole = np.clip(np.rint(weight / scale[:, None]), -LEVELS, LEVELS).astype(np.int8)
            constants |= {f"{name}.w": whole.T, f"{name}.s": scale.astype(np.float32)}
        else:
            constants[f"{name}.w"] = weight.T
    if quantised:
        table = w["words.weight"]
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        constants |= {"words.w": np.rint(table / scale).astype(np.int8), "words.s": scale}
    return constants


def _graph(constants: Constants) -> bytes:
    graph = _Graph(constants)
    x = _embeddings(graph)
    layers = 1 + max(int(name.split(".")[1]) for name in constants if name.startswith("layers."))
    for i in range(layers):
        x = _layer(graph, x, f"layers.{i}", last=i == layers - 1)
    product = graph.node("MatMul", [x, graph.constant("head.w")], "head.product")
    graph.node("Add", [product, graph.constant("head.b")], "scores")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", length])
        for name, length in (("ids", "pieces"), ("shapes", "pieces"), ("firsts", "words"))
    ]
    tags = len(constants["head.b"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "words", tags])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "entities", inputs, [scores], list(graph.used.values())),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)],
        ir_version=9,
        producer_name="dateline",
    )
    return bytes(model.SerializeToString(deterministic=True))


def _embeddings(graph: _Graph) -> str:
    rows = graph.node("Gather", [graph.constant("words.w"), "ids"], "words.rows")
    if graph.is_quantised("words"):
        rows = graph.node("Cast", [rows], "words.float", to=TensorProto.FLOAT)
        factors = graph.node("Gather", [graph.constant("words.s"), "ids"], "words.scales")
        rows = graph.node("Mul", [rows, factors], "words.out")
    shapes = graph.node("Gather", [graph.constant("shapes.w"), "shapes"], "shapes.out")
    size = graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    places = graph.node("Slice", [graph.constant("positions.w"), zero, size], "positions.out")
    x = graph.node("Add", [graph.node("Add", [rows, shapes], "sum.1"), places], "sum.2")
    return graph.norm(x, "norm")


def _layer(graph: _Graph, x: str, name: str, *, last: bool) -> str:
    seen = graph.attention(x, f"{name}.qkv", f"{name}.seen")
    if last:
        words = graph.node("Unsqueeze", ["firsts", graph.constant("last", np.array([2], np.int64))], "places")
        seen = graph.node("GatherND", [seen, words], f"{name}.seen.words", batch_dims=1)
        x = graph.node("GatherND", [x, words], f"{name}.x.words", batch_dims=1)
    out = graph.linear(seen, f"{name}.out")
    x = graph.norm(graph.node("Add", [x, out], f"{name}.sum1"), f"{name}.norm1")
    wide = graph.node("Gelu", [graph.linear(x, f"{name}.up")], f"{name}.gelu", domain=CONTRIB)
    down = graph.linear(wide, f"{name}.down")
    return graph.norm(graph.node("Add", [x, down], f"{name}.sum2"), f"{name}.norm2")
