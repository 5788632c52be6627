"""Check of a share that a model counted: are its mistakes known well enough?"""

from __future__ import annotations

import math

from stats.check import Check
from stats.messages import N_, Message
from stats.misread import Misclassification, lacking


def check_of(found: Misclassification) -> Check:
    """Are the model's mistakes known well enough, before and after the start?"""
    why = lacking(found)
    if why is not None:
        return Check(name="misclassification", passed=False, detail=why, blocks_scale=True)
    before, after = found.before, found.after
    text = N_("Before the start {precision_before} % of the comments that the model picked were about the theme, and "
              "it found {recall_before} % of those that are; after the start {precision_after} % and {recall_after} % "
              "({checked_before} and {checked_after} comments checked by people). The shares are corrected for this, "
              "and the interval allows for how few comments were checked.")  # fmt: skip
    values = {
        "precision_before": _percent(before.precision), "precision_after": _percent(after.precision),
        "recall_before": _percent(before.recall), "recall_after": _percent(after.recall),
        "checked_before": before.checked, "checked_after": after.checked,
    }  # fmt: skip
    return Check(name="misclassification", passed=True, detail=Message(text, values), blocks_scale=True)


def _percent(share: float) -> int | str:
    return round(100.0 * share) if math.isfinite(share) else "–"
