"""What somebody who decides had on the page when the button was pressed: another may have decided since."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.context import Context
from services import decisions
from services.decisions import DecisionRow
from services.rows import key

SEEN = "decide_seen"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was on the page.

    Attributes:
        pilot_id: The pilot; what was pressed for one pilot is never done to another.
        evaluation_id: Its newest evaluation.
        decision_id: Its newest decision, 0 where there was none.
    """

    pilot_id: int
    evaluation_id: int
    decision_id: int


def newest(ctx: Context, pilot_id: int) -> int:
    """The newest decision on a pilot, 0 where there is none."""
    made = decisions.decisions_of(ctx.session, pilot_id)
    return key(made[0].decision.id) if made else 0


def overtaken(ctx: Context, made: DecisionRow) -> None:
    """Say so to whoever pressed the button while somebody else decided: what they chose is not saved."""
    seen = st.session_state.get(SEEN)
    decision = made.decision
    if seen is not None and seen.pilot_id == decision.pilot_id and seen.decision_id < key(decision.id):
        del st.session_state[SEEN]
        st.error(ctx.t("This pilot has been decided on since you opened it. Look at the decision first."))
