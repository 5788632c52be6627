"""The invented comments with labels of benchmarks/data, and the demo county's themes as anyone would give them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.demo.county import load_county
from themes.classifier import LabelledComment, ThemeDefinition
from themes.embedding import embedder

DATA = Path(__file__).with_name("data")
LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A comment with its labels.

    Attributes:
        id: Ends with its number; even numbers were looked at while building, odd ones were not.
        language: "fi", "sv" or "en".
        text: The comment.
        themes: Codes of its themes, the main one first.
        tone: "neg", "neu" or "pos".
        vector: The embedding of the text, shape (dimensions,).
    """

    id: str
    language: str
    text: str
    themes: tuple[str, ...]
    tone: str
    vector: NDArray[np.float32]

    @property
    def kept_back(self) -> bool:
        """Whether it was not looked at while building."""
        return int(self.id[-1]) % 2 == 1

    def as_label(self) -> LabelledComment:
        """As a person's label."""
        return LabelledComment(
            text=self.text, themes=frozenset(self.themes), vector=self.vector, language=self.language
        )


def labelled() -> list[Labelled]:
    """Every labelled comment of benchmarks/data, embedded."""
    rows = [
        (language, json.loads(line))
        for language in LANGUAGES
        for line in (DATA / f"comments_{language}.jsonl").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    vectors = embedder().embed([row["text"] for _, row in rows])
    return [
        Labelled(
            id=str(row["id"]), language=language, text=row["text"], themes=tuple(row["themes"]),
            tone=row["sentiment"], vector=vector,
        )
        for (language, row), vector in zip(rows, vectors, strict=True)
    ]  # fmt: skip


def county_themes(*, examples: bool = True) -> list[ThemeDefinition]:
    """The demo county's 20 themes, with or without their example sentences."""
    return [
        ThemeDefinition(
            id=theme.code, names=dict(theme.names), keywords=tuple(theme.keywords),
            examples=tuple(theme.examples) if examples else (),
        )
        for theme in load_county().themes
    ]  # fmt: skip


def vectors_of(comments: Sequence[Labelled]) -> NDArray[np.float32]:
    """Their vectors, shape (comments, dimensions)."""
    return np.array([comment.vector for comment in comments])
