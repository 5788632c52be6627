"""Vectors of comments' texts in the record: kept by the text's digest, so that no text is embedded twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from models.text_models import TextEmbedding
from services.bulk import in_lists, insert_rows
from themes.embedding import Embedder

Vectors = NDArray[np.float32]
_WHOLE = 127


def digest(text: str) -> str:
    """BLAKE2b-128 of a redacted text, in hexadecimal.

    >>> digest("Kiitos!") == digest("Kiitos!") != digest("Kiitos")
    True
    """
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def stored(session: Session, digests: Collection[str], engine: str) -> dict[str, bytes]:
    """The stored vectors among these, packed, by digest."""
    found: dict[str, bytes] = {}
    for part in in_lists(sorted(set(digests))):
        query = select(TextEmbedding.digest, TextEmbedding.vector).where(
            TextEmbedding.engine == engine, col(TextEmbedding.digest).in_(part)
        )
        found.update((row[0], row[1]) for row in session.exec(query).all())
    return found


def keep(session: Session, vectors: Mapping[str, bytes], engine: str) -> None:
    """Insert packed vectors that are not stored yet, in the caller's transaction."""
    there = stored(session, vectors, engine)
    insert_rows(
        session,
        TextEmbedding,
        ({"digest": key, "engine": engine, "vector": packed} for key, packed in vectors.items() if key not in there),
    )


def embedded(texts: Iterable[str], engine: Embedder) -> dict[str, bytes]:
    """Texts without a vector, embedded now, each once: packed vectors by text; nothing is stored."""
    different = sorted(set(texts))
    return dict(zip(different, packed(engine.embed(different)), strict=True)) if different else {}


def packed(vectors: Vectors) -> list[bytes]:
    """Vectors as one byte a value, the largest 127; only the direction is kept, to within half a degree.

    >>> vectors = np.array([[0.6, -0.8], [1.0, 0.0]], dtype=np.float32)
    >>> np.allclose(unpacked(packed(vectors), 2), vectors, atol=0.005)
    True
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    whole: NDArray[np.int8] = np.rint(vectors * (_WHOLE / np.maximum(largest, 1e-12))).astype(np.int8)
    return [row.tobytes() for row in whole]


def unpacked(rows: Sequence[bytes], dimensions: int) -> Vectors:
    """The vectors again, of length 1, shape (rows, dimensions)."""
    if not rows:
        return np.empty((0, dimensions), dtype=np.float32)
    values = np.frombuffer(b"".join(rows), dtype=np.int8).reshape(len(rows), -1).astype(np.float32)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    found: Vectors = values / np.maximum(lengths, 1e-6)
    return found


def by_text(session: Session, texts: Iterable[str], engine: str) -> dict[str, bytes]:
    """The packed vectors of those texts that have one, by text."""
    keys = {text: digest(text) for text in texts}
    found = stored(session, keys.values(), engine)
    return {text: found[key] for text, key in keys.items() if key in found}
