"""What the words of the statistics mean, one short sentence each: the same wherever the word stands."""

from __future__ import annotations

import enum

import streamlit as st

from pages.context import Context
from services.i18n import N_


class Term(enum.StrEnum):
    """A word that needs a sentence beside it."""

    INTERVAL = "interval"
    SMALLEST = "smallest"
    GUARDRAIL = "guardrail"
    GROUPS = "groups"
    CHECKS = "checks"
    LEVEL = "level"
    OTHER_METHODS = "other_methods"
    MULTIPLES = "multiples"
    PILES = "piles"


MEANINGS: dict[Term, str] = {
    Term.INTERVAL: N_("The estimate is the best guess; the interval tells how far the truth may well be from it."),
    Term.SMALLEST: N_("The smallest change that matters was agreed before the start."),
    Term.GUARDRAIL: N_("“Has held” means that even the worse end of the interval is within what was agreed."),
    Term.GROUPS: N_("They are looked at separately, so that a gain for most does not hide harm to some."),
    Term.CHECKS: N_("They look for what could mislead. “Attention” means: read the result with this in mind."),
    Term.LEVEL: N_(
        "The evidence level tells how sure it is that the change made the difference, not how large it was."
    ),
    Term.OTHER_METHODS: N_("When they all say much the same, the result does not hang on the choice of method."),
    Term.MULTIPLES: N_("The effect is told in multiples of the smallest change that matters: 1 is just enough."),
    Term.PILES: N_("The agreed rules put each pilot into its pile by where it stands and what its figures say."),
}


def explain(ctx: Context, *terms: Term) -> None:
    """The sentences, small, under what they explain."""
    st.caption(" ".join(ctx.t(MEANINGS[term]) for term in terms))
