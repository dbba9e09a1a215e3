"""Writes trained weights as one ONNX file with int8 weights for onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

__all__ = ["export"]

LEVELS = 63
"""Largest weight as an integer. Seven bits: processors without VNNI add two products of eight bits into sixteen, which
then overflow."""

POSITIONS = 256
"""Longest window, in pieces."""

HEADS = 12
_CONTRIB = "com.microsoft"


class _Graph:
    """Collects nodes and constants."""

    def __init__(self, *, quantised: bool) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.quantised = quantised

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(self, x: str, weight: NDArray[np.float32], bias: NDArray[np.float32] | None, name: str) -> str:
        """A layer x @ weight.T + bias; with weights of seven bits a column and activations of eight a batch."""
        if not self.quantised:
            product = self.node("MatMul", [x, self.constant(f"{name}.w", weight.T)], f"{name}.product")
            if bias is None:
                return product
            return self.node("Add", [product, self.constant(f"{name}.b", bias)], f"{name}.out")
        scale = np.abs(weight).max(axis=1) / LEVELS
        whole = np.clip(np.rint(weight / scale[:, None]), -LEVELS, LEVELS).astype(np.int8)
        inputs = [x, self.constant(f"{name}.w", whole.T), self.constant(f"{name}.s", scale.astype(np.float32)), ""]
        if bias is not None:
            inputs.append(self.constant(f"{name}.b", bias))
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=_CONTRIB)


def export(weights: Path, result: Path, *, quantised: bool = True) -> None:
    """Write the network of `Tagger` as a graph.

    Inputs are `ids` and `shapes` [batch, pieces] and `firsts` [batch, words], int64; the output is `scores` [batch,
    words, tags]. The transitions between tags are not part of it.
    """
    w = load_file(weights)
    graph = _Graph(quantised=quantised)
    x = _embeddings(graph, w)
    lengths = _lengths(graph)
    layers = 1 + max(int(name.split(".")[1]) for name in w if name.startswith("layers."))
    for i in range(layers):
        x = _layer(graph, w, x, lengths, f"layers.{i}", last=i == layers - 1)
    product = graph.node("MatMul", [x, graph.constant("head.w", w["head.weight"].T)], "head.product")
    graph.node("Add", [product, graph.constant("head.b", w["head.bias"])], "scores")
    whole = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", length])
        for name, length in (("ids", "pieces"), ("shapes", "pieces"), ("firsts", "words"))
    ]
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "words", len(w["head.bias"])])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "entities", whole, [scores], graph.constants),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)],
        ir_version=9,
        producer_name="dateline",
    )
    result.write_bytes(model.SerializeToString(deterministic=True))


def _embeddings(graph: _Graph, w: dict[str, NDArray[np.float32]]) -> str:
    table = w["words.weight"]
    if graph.quantised:
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        whole = np.rint(table / scale).astype(np.int8)
        rows = graph.node("Gather", [graph.constant("words.w", whole), "ids"], "words.rows")
        rows = graph.node("Cast", [rows], "words.float", to=TensorProto.FLOAT)
        factors = graph.node("Gather", [graph.constant("words.s", scale), "ids"], "words.scales")
        words = graph.node("Mul", [rows, factors], "words.out")
    else:
        words = graph.node("Gather", [graph.constant("words.w", table), "ids"], "words.out")
    shapes = graph.node("Gather", [graph.constant("shapes.w", w["shapes.weight"]), "shapes"], "shapes.out")
    size = graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    positions = graph.constant("positions.w", w["positions.weight"][:POSITIONS])
    places = graph.node("Slice", [positions, zero, size], "positions.out")
    x = graph.node("Add", [graph.node("Add", [words, shapes], "sum.1"), places], "sum.2")
    return _norm(graph, w, x, "norm")


def _lengths(graph: _Graph) -> str:
    """Number of pieces of each item, which is where its padding begins."""
    real = graph.node(
        "Cast",
        [graph.node("Not", [graph.node("Equal", ["ids", "zero"], "padding")], "real")],
        "real.int",
        to=TensorProto.INT32,
    )
    axis = graph.constant("axis", np.array([1], np.int64))
    return graph.node("ReduceSum", [real, axis], "lengths", keepdims=0)


def _norm(graph: _Graph, w: dict[str, NDArray[np.float32]], x: str, name: str) -> str:
    inputs = [x, graph.constant(f"{name}.g", w[f"{name}.weight"]), graph.constant(f"{name}.b", w[f"{name}.bias"])]
    return graph.node("LayerNormalization", inputs, f"{name}.out", epsilon=1e-12)


def _skip_norm(graph: _Graph, w: dict[str, NDArray[np.float32]], x: str, y: str, linear: str, name: str) -> str:
    """Add the bias of the layer that y comes from and what bypassed it, then norm."""
    inputs = [
        y,
        x,
        graph.constant(f"{name}.g", w[f"{name}.weight"]),
        graph.constant(f"{name}.b", w[f"{name}.bias"]),
        graph.constant(f"{linear}.b", w[f"{linear}.bias"]),
    ]
    return graph.node("SkipLayerNormalization", inputs, f"{name}.out", domain=_CONTRIB, epsilon=1e-12)


def _layer(graph: _Graph, w: dict[str, NDArray[np.float32]], x: str, lengths: str, name: str, *, last: bool) -> str:
    size = w["norm.weight"].shape[0]
    parts = []
    weight, bias = w[f"{name}.qkv.weight"], w[f"{name}.qkv.bias"]
    joint = graph.linear(x, weight, bias, f"{name}.qkv")
    sizes = graph.constant(f"{name}.sizes", np.array([size] * 3, np.int64))
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [joint, sizes], parts, name=f"{name}.split", axis=2))
    seen = graph.node("MultiHeadAttention", [*parts, "", lengths], f"{name}.seen", domain=_CONTRIB, num_heads=HEADS)
    if last:
        words = graph.node("Unsqueeze", ["firsts", graph.constant("last", np.array([2], np.int64))], "places")
        seen = graph.node("GatherND", [seen, words], f"{name}.seen.words", batch_dims=1)
        x = graph.node("GatherND", [x, words], f"{name}.x.words", batch_dims=1)
    out = graph.linear(seen, w[f"{name}.out.weight"], None, f"{name}.out")
    x = _skip_norm(graph, w, x, out, f"{name}.out", f"{name}.norm1")
    up = graph.linear(x, w[f"{name}.up.weight"], None, f"{name}.up")
    wide = graph.node(
        "BiasGelu", [up, graph.constant(f"{name}.up.b", w[f"{name}.up.bias"])], f"{name}.gelu", domain=_CONTRIB
    )
    down = graph.linear(wide, w[f"{name}.down.weight"], None, f"{name}.down")
    return _skip_norm(graph, w, x, down, f"{name}.down", f"{name}.norm2")
