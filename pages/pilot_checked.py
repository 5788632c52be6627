"""A pilot measured by a theme's share of comments: how well the model reads it, and what is still to be checked."""

from __future__ import annotations

import math

import streamlit as st

from pages import drawing
from pages.context import Context
from pages.plain import told_plainly
from services import evaluation, theme_outcome
from services.errors import ServiceError
from services.i18n import N_
from services.permissions import May
from services.pilots import PilotRow
from services.plans import WholePlan
from services.rows import key
from services.theme_models import versions
from services.theme_outcome import Cell
from stats.misclassification import checked_share


def checked(ctx: Context, row: PilotRow, whole: WholePlan) -> None:
    """Draw the section; nothing for a pilot that measures something else, or has not started."""
    if not theme_outcome.is_theme_share(whole.metric) or not evaluation.has_started(row, ctx.today):
        return
    t = ctx.t
    st.header(t("How well the model reads the comments"))
    version = next(one for one in versions(ctx.session, limit=1000) if one.model_id == whole.metric.theme_model_id)
    st.markdown(
        t.say(
            "Version {version} of the theme model, fitted on {date}, reads the comments of both periods, also when the "
            "model is fitted anew. People's checks tell how often it is wrong, and the shares are corrected for that.",
            version=version.version,
            date=version.at.date(),
        )
    )
    try:
        cells = theme_outcome.cells(ctx.session, whole, as_of=ctx.today)
    except ServiceError as error:
        st.warning(told_plainly(t, error))
        return
    st.table([_row(ctx, cell) for cell in cells], hide_index=True, border="horizontal")
    st.caption(
        t(
            "Right of those picked: of the comments that the model picked, how many are about the theme. Found of all: "
            "of the comments about the theme, how many the model picked. By comments that people have checked."
        )
    )
    _what_to_do(ctx, row, cells)


def _row(ctx: Context, cell: Cell) -> dict[str, str]:
    t, found = ctx.t, cell.comments
    known = found.total > 0 and found.checked > 0
    corrected = drawing.EMPTY
    if known:
        share = checked_share(found)
        interval = share.interval
        corrected = t.say(
            "{share} % (from {low} to {high})",
            share=t.number(share.value * 100, 1),
            low=t.number(interval.low * 100, 1) if interval else drawing.EMPTY,
            high=t.number(interval.high * 100, 1) if interval else drawing.EMPTY,
        )
    return {
        t("Comments from"): t(_WHERE[cell.pilot, cell.after]),
        t("Comments"): t.number(found.total, 0),
        t("Checked"): t.number(found.checked, 0),
        t("Right of those picked"): _percent(ctx, found.precision if known else math.nan),
        t("Found of all"): _percent(ctx, found.recall if known else math.nan),
        t("Share by the model"): _percent(ctx, found.observed),
        t("Corrected share"): corrected,
    }


def _what_to_do(ctx: Context, row: PilotRow, cells: list[Cell]) -> None:
    t = ctx.t
    lacking = [cell for cell in cells if cell.more]
    if lacking:
        needs = "; ".join(
            t.say("{where}: {n} more", where=t(_WHERE[cell.pilot, cell.after]), n=t.number(cell.more, 0))
            for cell in lacking
        )
        st.warning(t.say("Check more comments before the result counts. {needs}.", needs=needs))
    else:
        st.markdown(t("Enough has been checked for the result to count. The more is checked, the surer it is."))
    if any(cell.comments.unchecked for cell in cells) and ctx.may(May.LABEL, key(row.unit.id)):
        ctx.action(t("Check comments of this pilot"), "theme-check", icon=":material/fact_check:", pilot=row.pilot.code)


def _percent(ctx: Context, share: float) -> str:
    return f"{ctx.t.number(share * 100, 0)} %" if math.isfinite(share) else drawing.EMPTY


_WHERE = {
    (True, False): N_("the pilot unit before the start"),
    (True, True): N_("the pilot unit after the start"),
    (False, False): N_("the comparison units before the start"),
    (False, True): N_("the comparison units after the start"),
}
