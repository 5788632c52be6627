"""The encoder of multilingual-e5-small as a graph of 8-bit products."""

from __future__ import annotations

import numpy as np
import onnxruntime

from themes.embedding.graph import CONTRIBUTED, Graph
from themes.embedding.weights import Floats, Weights

ARITHMETIC = "int8-rows-1"
"""Name of this arithmetic: another one gives slightly other vectors."""

LOUD_IN_ATTENTION = {15: 4.0, 35: 4.0, 321: 2.0}
LOUD_IN_FEED_FORWARD = {15: 2.0, 35: 2.0}
"""Channels whose numbers this model makes many times as large as others, and what divides them before rounding."""

_LEAST_GELU = 0.17
"""GELU is nowhere below minus this."""


def session(weights: Weights) -> onnxruntime.InferenceSession:
    """The encoder, ready to run on one thread: tokens' vectors (texts, tokens, width) in, means (texts, width) out."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Where a processor's 8-bit products could overflow, the slower ones that cannot are used.
    options.add_session_config_entry("session.x64quantprecision", "1")
    # Fused, an addition and a normalisation take several times as long as apart.
    return onnxruntime.InferenceSession(
        _Encoder(weights).model(),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )


class _Encoder:
    """Writes the graph.

    Every product of a matrix W with a row x is taken in whole numbers: W is rounded to 8 bits by row, x to 8 bits by
    the largest of its own numbers. Nothing depends on other rows, so that a text's vector depends on no other text.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._graph = Graph()
        self._last = self._graph.constant(np.array([-1], np.int64))
        self._tokens = self._graph.constant(np.array([1], np.int64))
        self._signed = self._grid(127, 128)
        self._unsigned = self._grid(255, 0)
        self._lift = self._graph.constant(np.array(_LEAST_GELU, np.float32))

    def _grid(self, steps: int, zero: int) -> tuple[str, str]:
        return (
            self._graph.constant(np.array(1 / steps, np.float32)),
            self._graph.constant(np.array(zero, np.uint8)),
        )

    def model(self) -> bytes:
        """The graph as onnxruntime reads it."""
        width = self._weights.shape.width
        x = self._normalised("x", "emb.ln")
        for layer in range(self._weights.shape.layers):
            x = self._attention(x, f"l{layer}.")
            x = self._feed_forward(x, f"l{layer}.")
        mean = self._graph.add("ReduceMean", x, self._tokens, keepdims=0)
        return self._graph.model(takes=("x", ["texts", "tokens", width]), gives=(mean, ["texts", width]))

    def _attention(self, x: str, layer: str) -> str:
        add, width = self._graph.add, self._weights.shape.width
        names = [f"{layer}{part}" for part in "qkv"]
        matrix = np.concatenate([self._weights.matrix(f"{name}.w", width) for name in names])
        bias = np.concatenate([self._weights.vector(f"{name}.b") for name in names])
        q, k, v = self._graph.split(self._quietened(x, matrix, LOUD_IN_ATTENTION), 3)
        heads = self._weights.shape.heads
        mixed = add("MultiHeadAttention", q, k, v, self._graph.constant(bias), domain=CONTRIBUTED, num_heads=heads)
        new = self._product(mixed, self._weights.matrix(f"{layer}ao.w", width))
        return self._joined(new, self._weights.vector(f"{layer}ao.b"), x, f"{layer}aln")

    def _feed_forward(self, x: str, layer: str) -> str:
        add, shape = self._graph.add, self._weights.shape
        wide = self._quietened(x, self._weights.matrix(f"{layer}fi.w", shape.inner), LOUD_IN_FEED_FORWARD)
        bias = self._graph.constant(self._weights.vector(f"{layer}fi.b"))
        lifted = add("Add", add("BiasGelu", wide, bias, domain=CONTRIBUTED), self._lift)
        matrix = self._weights.matrix(f"{layer}fo.w", shape.width)
        sunk = self._weights.vector(f"{layer}fo.b") - np.float32(_LEAST_GELU) * matrix.sum(axis=1)
        return self._joined(self._product(lifted, matrix, signed=False), sunk, x, f"{layer}oln")

    def _quietened(self, x: str, matrix: Floats, loud: dict[int, float]) -> str:
        """The product, with loud channels smaller in x and as much larger in the matrix: rounding then costs less."""
        factors = np.ones(self._weights.shape.width, np.float32)
        factors[list(loud)] = list(loud.values())
        return self._product(self._graph.add("Mul", x, self._graph.constant(1 / factors)), matrix * factors)

    def _product(self, x: str, matrix: Floats, *, signed: bool = True) -> str:
        """x times the transposed matrix, in whole numbers; without sign when no number of x is below zero."""
        add, constant = self._graph.add, self._graph.constant
        step, zero = self._signed if signed else self._unsigned
        largest = add("ReduceMax", add("Abs", x) if signed else x, self._last, keepdims=1)
        rounded = add("QuantizeLinear", add("Div", x, largest), step, zero)
        scales = np.abs(matrix).max(axis=1) / np.float32(127)
        whole = np.rint(matrix / scales[:, np.newaxis]).astype(np.int8)
        takes = (rounded, constant(whole.T), step, constant(scales), zero)
        return add("Mul", add("MatMulIntegerToFloat", *takes, domain=CONTRIBUTED), largest)

    def _joined(self, new: str, bias: Floats, x: str, normalisation: str) -> str:
        """A part's result and its input, added and normalised."""
        add = self._graph.add
        return self._normalised(add("Add", add("Add", new, self._graph.constant(bias)), x), normalisation)

    def _normalised(self, x: str, name: str) -> str:
        gain = self._graph.constant(self._weights.vector(f"{name}.w"))
        offset = self._graph.constant(self._weights.vector(f"{name}.b"))
        epsilon = self._weights.shape.epsilon
        return self._graph.add("LayerNormalization", x, gain, offset, axis=-1, epsilon=epsilon)
