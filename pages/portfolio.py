"""Every pilot in the pile where the meeting needs it; ordered by code, never by effect, and none left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from models.organisation import Unit
from models.pilots import Status
from pages import portfolio_rows, portfolio_together
from pages.context import Context
from services import portfolio
from services.i18n import N_
from services.labels import label
from services.organisation import all_units, area_of
from services.permissions import May
from services.pilots import matching
from services.portfolio import PILE_NAMES, Pile, PortfolioRow
from services.rows import key

ABOUT: dict[Pile, str] = {
    Pile.HARM: N_("A guardrail, a group of customers or the outcome itself got worse. Look at these first."),
    Pile.TO_DECIDE: N_("The trial is over and waits for a decision."),
    Pile.RUNNING: N_("Still being tried; the numbers may be looked at, but they decide nothing between reviews."),
    Pile.FOLLOW_UP: N_("Taken into use. Check on the agreed day whether the effect has held."),
    Pile.PLANNED: N_("Not started yet."),
    Pile.LEARNED: N_("Ended or being changed. What did not help is worth as much as what did."),
}


def render(ctx: Context) -> None:
    """Filters, then the piles."""
    ctx.require(May.SEE_PILOTS)
    t = ctx.t
    st.title(t("Pilots"))
    with st.container(horizontal=True, key="no_print_ways"):
        ctx.link(t("The whole picture"), "overview", icon=":material/monitoring:")
        if ctx.may(May.MEET):
            ctx.link(t("Meeting"), "meeting", icon=":material/groups:")
        ctx.link(t("In the customer’s shoes"), "walks", icon=":material/directions_walk:")
    rows = portfolio.rows(ctx.session, today=ctx.today)
    if not rows:
        st.info(t("There are no pilots yet. One begins from a theme of feedback."))
        ctx.link(t("Feedback themes"), "themes", icon=":material/forum:")
        return
    found = _filtered(ctx, rows)
    st.markdown(
        t.say(
            "{shown} of {total} pilots, in the order of their codes. The effect of each is compared with its own "
            "smallest change that matters.",
            shown=len(found),
            total=len(rows),
        )
    )
    if not found:
        st.info(t("No pilot matches. Clear a filter to see more."))
        return
    counts = Counter(row.pile for row in found)
    with st.container(horizontal=True, key="portfolio_counts"):
        for pile in Pile:
            if counts[pile]:
                st.badge(f"{t(PILE_NAMES[pile])}: {counts[pile]}", color="red" if pile is Pile.HARM else "gray")
    found_together = portfolio_together.show(ctx, rows)
    ctx.link(t("How the numbers are worked out"), "methods", icon=":material/functions:")
    for pile in Pile:
        of_pile = [row for row in found if row.pile is pile]
        if of_pile:
            st.header(f"{t(PILE_NAMES[pile])} ({len(of_pile)})")
            st.caption(t(ABOUT[pile]))
            portfolio_rows.show(
                ctx, of_pile, name=pile.value, estimates=pile is not Pile.PLANNED, together=found_together
            )


def _filtered(ctx: Context, rows: Sequence[PortfolioRow]) -> list[PortfolioRow]:
    t = ctx.t
    units = all_units(ctx.session)
    area = {key(unit.id): area_of(units, key(unit.id)) for unit in units}
    with st.container(horizontal=True, vertical_alignment="bottom", key="portfolio_filters"):
        words = st.text_input(t("Search"), key="q", bind="query-params", type="search", width=260)
        area_code = _choice(ctx, t("Area"), "area", _areas(ctx, rows, area))
        theme_code = _choice(ctx, t("Theme"), "theme", _themes(ctx, rows))
        status = _choice(ctx, t("Where it stands"), "status", _statuses(ctx, rows))
    wanted = {row.pilot.code for row in matching((row.row for row in rows), words or "")}
    return [
        row
        for row in rows
        if row.row.pilot.code in wanted
        and (not area_code or _in_area(area, row, area_code))
        and (not theme_code or theme_code in {row.row.theme.code, *(theme.code for theme in row.row.further_themes)})
        and (not status or row.row.status.value == status)
    ]


def _choice(ctx: Context, name: str, own: str, options: dict[str, str]) -> str:
    """A filter; "" is everything. The address keeps it."""
    everything = {"": ctx.t("All"), **options}
    chosen = st.selectbox(
        name, list(everything), format_func=lambda code: everything[code], key=own, bind="query-params", width=240
    )
    return chosen or ""


def _areas(ctx: Context, rows: Sequence[PortfolioRow], area: dict[int, Unit | None]) -> dict[str, str]:
    found = {unit.code: unit for row in rows if (unit := area[row.row.pilot.unit_id]) is not None}
    return {code: ctx.t.local(found[code].name) for code in sorted(found)}


def _themes(ctx: Context, rows: Sequence[PortfolioRow]) -> dict[str, str]:
    found = {theme.code: theme for row in rows for theme in (row.row.theme, *row.row.further_themes)}
    return {code: ctx.t.local(found[code].name) for code in sorted(found)}


def _statuses(ctx: Context, rows: Sequence[PortfolioRow]) -> dict[str, str]:
    there = {row.row.status for row in rows}
    return {status.value: label(ctx.t, status).capitalize() for status in Status if status in there}


def _in_area(area: dict[int, Unit | None], row: PortfolioRow, code: str) -> bool:
    unit = area[row.row.pilot.unit_id]
    return unit is not None and unit.code == code
