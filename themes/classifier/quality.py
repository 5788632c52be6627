"""How often a model is right, on comments it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from themes.classifier.features import Floats
from themes.classifier.fit import RECIPE, Recipe, fit
from themes.classifier.model import THRESHOLD, FittedThemes
from themes.classifier.vectors import vectors_of
from themes.definition import LabelledComment, ThemeDefinition, ThemeId
from themes.embedding import Embedder


@dataclass(frozen=True, kw_only=True)
class ThemeQuality:
    """How often a model is right about one theme.

    Attributes:
        theme: The theme's id.
        given: Comments the model gave the theme, among those decided.
        true: Comments that have it, by people.
        right: Comments in both.
    """

    theme: ThemeId
    given: int
    true: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of those the model gave the theme, the share that have it; None when it gave none."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Of those that have the theme, the share the model found; None when there are none."""
        return self.right / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when the theme was neither given nor there."""
        return 2 * self.right / (self.given + self.true) if self.given + self.true else None


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How often a model is right.

    Attributes:
        n: Labelled comments it was measured on.
        micro_f1: F1 of all decisions together; None when nothing was given nor there.
        macro_f1: Mean F1 of the themes that were given or there; None when none was.
        with_theme: Those of them that have a theme.
        first_right: Those whose strongest theme is one of theirs.
        themes: Each theme's own figures.
    """

    n: int
    micro_f1: float | None
    macro_f1: float | None
    with_theme: int
    first_right: int
    themes: tuple[ThemeQuality, ...]

    @property
    def top1(self) -> float | None:
        """Share of comments with a theme whose strongest theme is one of theirs; None when none has a theme."""
        return self.first_right / self.with_theme if self.with_theme else None

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "n": self.n, "micro_f1": self.micro_f1, "macro_f1": self.macro_f1, "top1": self.top1,
            "themes": [
                {"theme": theme.theme, "given": theme.given, "true": theme.true, "right": theme.right,
                 "precision": theme.precision, "recall": theme.recall}
                for theme in self.themes
            ],
        }  # fmt: skip


def measure(
    model: FittedThemes, comments: Sequence[LabelledComment], *, embedder: Embedder, threshold: float = THRESHOLD
) -> Quality:
    """Compare a model with people's labels of comments it must not have been fitted on.

    Args:
        model: The model; with the version before a refit and the comments labelled since, what the refit is to beat.
        comments: Labelled comments; themes the model does not know are left out.
        embedder: Gives vectors to comments that come without.
        threshold: From which score on a theme counts as given.

    Raises:
        ValueError: The model was fitted on vectors of another embedding model.
    """
    if model.engine != embedder.version:
        raise ValueError(f"embedder.version == {embedder.version!r}, must be {model.engine!r}.")
    texts = [comment.text for comment in comments]
    vectors = vectors_of(texts, [comment.vector for comment in comments], embedder)
    scores = model.scores(texts, vectors, [comment.language for comment in comments])
    return _compare(scores, comments, [theme.id for theme in model.themes], threshold)


def cross_validated(
    themes: Sequence[ThemeDefinition],
    labelled: Sequence[LabelledComment],
    *,
    embedder: Embedder,
    folds: int = 4,
    judged: Sequence[int] | None = None,
    threshold: float = THRESHOLD,
    recipe: Recipe = RECIPE,
) -> Quality:
    """How often a model fitted on these comments is right on others: each is judged by a model that has not seen it.

    Repeats of one text stay together, else a model would be praised for remembering.

    Args:
        themes: The themes.
        labelled: Labelled comments.
        embedder: Gives vectors to comments that come without.
        folds: In how many parts those judged are split, by their text.
        judged: Places of the comments to judge by; all of them when None. The others are always learnt from, unless
            they say the same as one that is judged.
        threshold: From which score on a theme counts as given.
        recipe: The choices of the method.

    Raises:
        ValueError: There are fewer different texts to judge than folds, or fewer than two folds.
    """
    places = range(len(labelled)) if judged is None else judged
    different = sorted({labelled[at].text for at in places})
    if not 2 <= folds <= len(different):
        raise ValueError(f"folds == {folds}, must be from 2 to the number of different texts ({len(different)}).")
    order = np.random.default_rng(0).permutation(len(different))
    part = {different[at]: place % folds for place, at in enumerate(order)}
    ids = [theme.id for theme in themes]
    kept = [labelled[at] for at in places]
    scores = np.zeros((len(kept), len(ids)))
    for number in range(folds):
        inside = [comment for comment in labelled if part.get(comment.text) != number]
        rows = [row for row, comment in enumerate(kept) if part[comment.text] == number]
        outside = [kept[row] for row in rows]
        texts = [comment.text for comment in outside]
        model = fit(themes, inside, embedder=embedder, recipe=recipe)
        vectors = vectors_of(texts, [comment.vector for comment in outside], embedder)
        scores[rows] = model.scores(texts, vectors, [comment.language for comment in outside])
    return _compare(scores, kept, ids, threshold)


def _compare(scores: Floats, comments: Sequence[LabelledComment], ids: Sequence[ThemeId], threshold: float) -> Quality:
    true = np.array([[theme in comment.themes for theme in ids] for comment in comments]).reshape(len(comments), -1)
    decided = np.array(
        [[comment.complete or theme in comment.themes | comment.denied for theme in ids] for comment in comments]
    ).reshape(len(comments), -1)
    given = (scores >= threshold) & decided
    of_themes = tuple(
        ThemeQuality(
            theme=theme, given=int(given[:, k].sum()), true=int(true[:, k].sum()), right=int((given & true)[:, k].sum())
        )
        for k, theme in enumerate(ids)
    )
    single = [value for theme in of_themes if (value := theme.f1) is not None]
    there = int(given.sum() + true.sum())
    has = true.any(axis=1)
    strongest = true[np.arange(len(comments)), scores.argmax(axis=1)][has]
    return Quality(
        n=len(comments),
        micro_f1=2 * int((given & true).sum()) / there if there else None,
        macro_f1=float(np.mean(single)) if single else None,
        with_theme=int(has.sum()),
        first_right=int(strongest.sum()),
        themes=of_themes,
    )
