"""A graph of operations in the format that onnxruntime loads, written without further packages."""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

CONTRIBUTED = "com.microsoft"
"""Domain of onnxruntime's own operations."""

_VERSIONS = {"": 18, CONTRIBUTED: 1}
_FORMAT = 9
_KINDS = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
_FLOAT = _KINDS["float32"]


class Graph:
    """Operations, each fed by the results of earlier ones.

    Examples:
        >>> graph = Graph()
        >>> graph.add("Mul", "x", graph.constant(np.array([2], np.float32)))
        'r1'
        >>> model = graph.model(takes=("x", ["rows", 3]), gives=("r1", ["rows", 3]))
        >>> import onnxruntime
        >>> session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        >>> session.run(None, {"x": np.ones((1, 3), np.float32)})[0].tolist()
        [[2.0, 2.0, 2.0]]

    References:
        ONNX, onnx.proto, version 9 of the format: the numbers of the fields.
    """

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._given = 0

    def _name(self) -> str:
        self._given += 1
        return f"r{self._given - 1}"

    def constant(self, values: NDArray[np.generic]) -> str:
        """Keep an array in the graph; returns its name."""
        name = self._name()
        dimensions = b"".join(_number(1, size) for size in values.shape)
        kind = _number(2, _KINDS[values.dtype.name])
        self._constants.append(_bytes(5, dimensions + kind + _text(8, name) + _bytes(9, values.tobytes())))
        return name

    def add(self, operation: str, *takes: str, domain: str = "", **attributes: float) -> str:
        """Add an operation with one result; returns the result's name. Attributes are whole numbers or floats."""
        return self._add(operation, takes, 1, domain, attributes)[0]

    def split(self, taken: str, parts: int) -> list[str]:
        """Cut the last axis into equal parts; returns their names."""
        return self._add("Split", (taken,), parts, "", {"axis": -1, "num_outputs": parts})

    def _add(
        self, operation: str, takes: Iterable[str], results: int, domain: str, attributes: dict[str, float]
    ) -> list[str]:
        names = [self._name() for _ in range(results)]
        parts = [_text(1, name) for name in takes] + [_text(2, name) for name in names] + [_text(4, operation)]
        parts += [_attribute(name, value) for name, value in attributes.items()]
        self._nodes.append(_bytes(1, b"".join([*parts, _text(7, domain)])))
        return names

    def model(self, *, takes: tuple[str, list[str | int]], gives: tuple[str, list[str | int]]) -> bytes:
        """The whole model as bytes.

        Args:
            takes: Name and shape of what it is given, floats; a name in a shape stands for any length.
            gives: Name and shape of its result.
        """
        ends = [_value(11, *takes), _value(12, *gives)]
        graph = b"".join([*self._nodes, _text(2, "encoder"), *self._constants, *ends])
        versions = [_bytes(8, _text(1, domain) + _number(2, number)) for domain, number in _VERSIONS.items()]
        return b"".join([_number(1, _FORMAT), _bytes(7, graph), *versions])


def _varint(value: int) -> bytes:
    value &= 2**64 - 1
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _bytes(5, _text(1, name) + _number(3, value) + _number(20, 2))
    return _bytes(5, _text(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1))


def _value(field: int, name: str, shape: list[str | int]) -> bytes:
    sizes = [_text(2, size) if isinstance(size, str) else _number(1, size) for size in shape]
    tensor = _number(1, _FLOAT) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _bytes(field, _text(1, name) + _bytes(2, _bytes(1, tensor)))
