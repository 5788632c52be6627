"""How often two versions of the theme model are right of the same comments, which neither had learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import scipy.stats

from models.text_models import Drawn
from services.text_vectors import Vectors
from services.theme_training import LabelledComment as StoredComment
from themes.classifier import FittedThemes, LabelledComment, Quality, ThemeDefinition, cross_validated, measure
from themes.embedding import Embedder

ENOUGH_BY_LOT = 30
FEWEST = 10


def as_examples(
    labelled: Sequence[StoredComment], vectors: Vectors, themes: Sequence[ThemeDefinition]
) -> list[LabelledComment]:
    """Stored labels as the classifier takes them; themes that are not in use any more are left out.

    Who names a theme has looked at the comment, so the themes that neither they named nor the screen showed do not
    apply. Without that a model that learns from added themes alone would end up giving every comment every theme.
    """
    known = frozenset(str(theme.id) for theme in themes)
    found = []
    for comment, vector in zip(labelled, vectors, strict=True):
        applies = frozenset(map(str, comment.applies)) & known
        denied = frozenset(map(str, comment.denied)) & known
        if applies:
            denied |= known - applies - frozenset(map(str, comment.undecided))
        found.append(
            LabelledComment(text=comment.text, themes=applies, denied=denied, complete=comment.complete, vector=vector)
        )
    return found


def before_and_after(
    *,
    before: FittedThemes | None,
    since: str,
    labelled: Sequence[StoredComment],
    vectors: Vectors,
    themes: Sequence[ThemeDefinition],
    embedder: Embedder,
) -> dict[str, Any]:
    """Accuracy on comments wholly checked since the version before was fitted.

    The version before has not seen them; the new one is judged by fits that leave out each quarter of them in turn.
    Those drawn by lot are taken alone once there are enough, since they tell of all comments.

    Args:
        before: The version before; None when there is none, or its vectors are of another model.
        since: When it was fitted, as a sortable moment; "" for never.
        labelled: What people have said.
        vectors: The comments' vectors.
        themes: The themes in use.
        embedder: The embedding model.

    Returns:
        `n` comments, whether they were drawn `at_random`, and for `before` (None without one) and `after`: `top1` with
        its 95 % interval, `micro_f1`. Only `n` when fewer than ten different ones have been checked.
    """
    checked = [at for at, comment in enumerate(labelled) if comment.complete and comment.applies and comment.at > since]
    by_lot = [at for at in checked if labelled[at].drawn is Drawn.RANDOM]
    at_random = len(by_lot) >= ENOUGH_BY_LOT
    judged = by_lot if at_random else checked
    if len({labelled[at].text for at in judged}) < FEWEST:
        return {"n": len(judged)}
    examples = as_examples(labelled, vectors, themes)
    after = cross_validated(themes, examples, embedder=embedder, judged=judged)
    earlier = measure(before, [examples[at] for at in judged], embedder=embedder) if before is not None else None
    return {
        "n": len(judged),
        "at_random": at_random,
        "before": _told(earlier) if earlier is not None else None,
        "after": _told(after),
    }


def _told(quality: Quality) -> dict[str, float]:
    right, of = quality.first_right, max(quality.with_theme, 1)
    interval = scipy.stats.binomtest(right, of).proportion_ci(method="wilson")
    return {
        "top1": right / of,
        "top1_low": float(interval.low),
        "top1_high": float(interval.high),
        "micro_f1": quality.micro_f1 or 0.0,
    }
