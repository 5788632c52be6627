"""What a theme is to the methods of this room, and what people have said about comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

ThemeId = str | int


@dataclass(frozen=True, kw_only=True)
class ThemeDefinition:
    """A theme as the people who curate it describe it.

    Attributes:
        id: The theme's own id, handed back as it is.
        names: Its names by language ("fi", "sv", "en"); at least one.
        keywords: Beginnings of words, or several words in a row, as in `themes.keywords`.
        examples: Sentences a comment on this theme might hold, in any of the languages.
    """

    id: ThemeId
    names: Mapping[str, str]
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not any(name.strip() for name in self.names.values()):
            raise ValueError(f"names == {dict(self.names)!r} of theme {self.id!r}, must hold a name.")

    def seeds(self) -> list[str]:
        """Names, keywords and examples, each once: what is known of the theme before anyone has labelled a comment."""
        said = [*self.names.values(), *self.keywords, *self.examples]
        return list(dict.fromkeys(text.strip() for text in said if text.strip()))


@dataclass(frozen=True, kw_only=True)
class LabelledComment:
    """A comment whose themes a person has decided.

    Attributes:
        text: The comment.
        themes: Themes the person says it is about.
        denied: Themes the person says it is not about.
        complete: Themes in neither set are absent too; False when the person looked at some themes only.
        vector: The embedding of the text, shape (dimensions,); None to have it computed.
        language: "fi", "sv" or "en"; None to have it detected.
    """

    text: str
    themes: frozenset[ThemeId]
    denied: frozenset[ThemeId] = frozenset()
    complete: bool = True
    vector: NDArray[np.float32] | None = field(default=None, compare=False)
    language: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        both = self.themes & self.denied
        if both:
            raise ValueError(
                f"theme {min(both, key=str)!r} of {self.text[:40]!r} must not be both in themes and denied."
            )
