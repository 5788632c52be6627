"""The scores a paper form may have: recommending from 0 to 10 and the seven national statements. None is needed."""

from __future__ import annotations

import streamlit as st

from models.base import LANGUAGES
from pages import form_problems
from pages.context import Context
from services.i18n import N_
from services.intake import thl

FORM = "typed"
NOT_MINE = 0
ANSWERS = {
    5: N_("5 fully agree"),
    4: N_("4 agree"),
    3: N_("3 neither"),
    2: N_("2 disagree"),
    1: N_("1 fully disagree"),
    NOT_MINE: N_("does not concern me"),
}


def scores(ctx: Context, turn: int) -> tuple[int | None, dict[str, int]]:
    """The recommendation, and the statements that were answered; what does not concern the customer is no answer."""
    t = ctx.t
    language = (*LANGUAGES,).index(t.language)
    recommend = st.segmented_control(
        t("How likely would the customer be to recommend the service, 0–10?"),
        list(range(11)),
        key=f"typed_recommend_{turn}",
        width="stretch",
        wrap=True,
    )
    form_problems.at_field(ctx, FORM, "recommend")
    statements: dict[str, int] = {}
    with st.expander(t("The seven statements of the national client feedback (THL)"), key=f"typed_thl_{turn}"):
        for item, texts in thl.STATEMENTS.items():
            given = st.segmented_control(
                texts[language],
                list(ANSWERS),
                format_func=lambda value: t(ANSWERS[value]),
                key=f"typed_{item}_{turn}",
                width="stretch",
                wrap=True,
            )
            if given:
                statements[item] = given
    return recommend, statements
