"""The whole portfolio in pictures: funnel, quadrant, themes and places, what became practice and what taught us."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from models.organisation import Unit
from pages import overview_funnel, overview_learned, overview_map, overview_quadrant, touch
from pages.choices import choice
from pages.context import Context
from services.i18n import N_
from services.organisation import all_units, subtree_ids
from services.permissions import May
from services.rows import key

VIEWS: dict[str, str] = {
    "funnel": N_("From feedback to practice"),
    "quadrant": N_("Customers and effort"),
    "map": N_("Themes and places"),
    "learned": N_("In use and learned"),
}


def render(ctx: Context) -> None:
    """The chosen view of the chosen area."""
    ctx.require(May.SEE_PILOTS)
    t = ctx.t
    touch.tables()
    st.title(t("The whole picture"))
    with st.container(horizontal=True, key="no_print_ways"):
        ctx.link(t("Pilots"), "portfolio", icon=":material/science:")
        if ctx.may(May.MEET):
            ctx.link(t("Meeting"), "meeting", icon=":material/groups:")
        ctx.link(t("In the customer’s shoes"), "walks", icon=":material/directions_walk:")
    view = _view(ctx)
    units = all_units(ctx.session)
    areas = {unit.code: unit for unit in units if not unit.takes_pilots and unit.parent_id is not None}
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_filters"):
        unit_ids = _area(ctx, areas)
        period = overview_funnel.period(ctx) if view == "funnel" else None
    if view == "quadrant":
        overview_quadrant.show(ctx, unit_ids)
    elif view == "map":
        overview_map.show(ctx, unit_ids)
    elif view == "learned":
        overview_learned.show(ctx, unit_ids)
    elif period is not None:
        overview_funnel.show(ctx, unit_ids, period)


def _view(ctx: Context) -> str:
    """Which of the views is looked at; the address keeps it."""
    if "view" not in st.session_state and st.query_params.get("view") in VIEWS:
        st.session_state["view"] = st.query_params["view"]
    if st.session_state.get("view") not in VIEWS:
        st.session_state.pop("view", None)
    chosen = st.segmented_control(
        ctx.t("View"),
        list(VIEWS),
        format_func=lambda view: ctx.t(VIEWS[view]),
        default=None if "view" in st.session_state else "funnel",
        required=True,
        key="view",
        label_visibility="collapsed",
        width="stretch",
        wrap=True,
    )
    view = chosen or "funnel"
    if view != "funnel":
        st.query_params["view"] = view
    elif "view" in st.query_params:
        del st.query_params["view"]
    return view


def _area(ctx: Context, areas: Mapping[str, Unit]) -> frozenset[int] | None:
    """The units of the chosen area; None for the whole county."""
    names = {"": ctx.t("The whole county")} | {code: ctx.t.local(areas[code].name) for code in sorted(areas)}
    chosen = choice(ctx.t("Area"), "place", names, width=320)
    return subtree_ids(all_units(ctx.session), key(areas[chosen].id)) if chosen else None
