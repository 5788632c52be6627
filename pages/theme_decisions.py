"""Feedback on official decisions: treatment and clarity, compared within one outcome of the decision."""

from __future__ import annotations

import streamlit as st

from models.themes import Theme
from pages import theme_filters, theme_words
from pages.context import Context
from pages.plain import plain
from services.i18n import N_
from services.small_numbers import few
from services.theme_browse import Scope
from services.theme_decisions import Outcome, ThemeOnDecisions, on_decisions, outcomes_told

OUTCOMES: dict[Outcome, str] = {
    Outcome.UPHELD: N_("The decision stood"),
    Outcome.CHANGED: N_("The decision was changed"),
    Outcome.UNKNOWN: N_("Outcome not known"),
}


def show(ctx: Context, theme: Theme, scope: Scope) -> None:
    """What else is said in the theme's answers on decisions; nothing where there are none."""
    t = ctx.t
    if scope.statutory is False:
        return
    rows = on_decisions(ctx.session, scope, theme.id)
    if not rows:
        return
    own = next((row for row in rows if row.theme.id == theme.id), rows[0])
    st.header(t("Apart from the decision"))
    st.markdown(
        t.say(
            "{answers} are about an official decision. A justified decision can disappoint too. So read how customers "
            "were treated and whether they understood among those whose decision ended the same way.",
            answers=t("Fewer than 10 answers")
            if few(own.answers)
            else t.plural("{n} answer", "{n} answers", own.answers),
        )
    )
    outcomes = [outcome for outcome in Outcome if any(outcome in row.of for row in rows)]
    st.table(
        [_row(ctx, row, outcomes, theme) for row in sorted(rows, key=lambda row: row.theme.id != theme.id)],
        hide_index=True,
        border="horizontal",
        alt=t("Unhappy answers on decisions by theme and by the decision's outcome"),
    )


def _row(ctx: Context, row: ThemeOnDecisions, outcomes: list[Outcome], theme: Theme) -> dict[str, str]:
    t = ctx.t
    address = ctx.url("theme", **theme_filters.carried(code=row.theme.code, statutory="yes"))
    name = f"[{plain(t.local(row.theme.name))}]({address}#comments)"
    told = outcomes_told(row)
    cells = {t("Unhappy among answers on"): f"**{name}**" if row.theme.id == theme.id else name}
    for outcome in outcomes:
        tally = row.of.get(outcome)
        cells[t(OUTCOMES[outcome])] = (
            "–"
            if tally is None
            else theme_words.share(ctx, tally.negative, tally.judged)
            if outcome in told
            else theme_words.not_shown(ctx)
        )
    return cells
