"""Sentence embeddings behind one interface, so that another model can replace this one."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts in, one vector of length 1 a text out; texts that mean the same lie near each other.

    Attributes:
        version: Name of the model, its weights and its arithmetic; vectors of different versions are not compared.
        dimensions: Length of a vector.
    """

    version: str
    dimensions: int

    def embed(self, texts: list[str]) -> Vectors:
        """Vectors of texts, shape (texts, dimensions), each of length 1; the same text always gives the same vector."""


@cache
def embedder() -> Embedder:
    """The embedder of this installation, loaded once."""
    from themes.embedding.e5 import E5

    return E5()
