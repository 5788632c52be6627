"""What customers speak of: every theme with its numbers, alerts, the map by place and month, thanks, experts' view."""

from __future__ import annotations

import streamlit as st

from pages import (
    theme_alerts,
    theme_experts,
    theme_filters,
    theme_map,
    theme_model,
    theme_ranking,
    theme_search,
    theme_thanks,
    touch,
)
from pages.context import Context
from services.i18n import N_
from services.permissions import May

VIEWS: dict[str, str] = {
    "list": N_("Themes"),
    "alerts": N_("Alerts"),
    "map": N_("By place and month"),
    "thanks": N_("Thanks"),
    "gaps": N_("Experts and customers"),
}


def render(ctx: Context) -> None:
    """The themes of the chosen unit and period, seen one way at a time."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    touch.tables()
    st.title(t("What customers speak of"))
    _ways(ctx)
    scope = theme_filters.scope(ctx, person)
    words = st.text_input(
        t("Search in themes and comments"),
        key="search",
        type="search",
        placeholder=t("for example: phone queue"),
        width=420,
    )
    if words and words.strip():
        theme_search.show(ctx, scope, words.strip())
        return
    view = _view(ctx)
    if view == "alerts":
        theme_alerts.show(ctx, scope)
    elif view == "map":
        theme_map.show(ctx, scope)
    elif view == "thanks":
        theme_thanks.show(ctx, scope)
    elif view == "gaps":
        theme_experts.gaps(ctx, scope)
    else:
        theme_ranking.show(ctx, scope)


def _ways(ctx: Context) -> None:
    """What else is to be done with feedback: understand what matters, try next, check, keep the list."""
    t = ctx.t
    with st.container(horizontal=True, key="no_print_ways"):
        ctx.link(t("What matters most"), "drivers", icon=":material/insights:")
        ctx.link(t("Where next?"), "where-next", icon=":material/explore:")
        if ctx.may(May.LABEL):
            ctx.link(t("Check themes"), "theme-check", icon=":material/fact_check:")
        if ctx.may(May.CURATE):
            ctx.link(t("List of themes"), "theme-list", icon=":material/sell:")
        if ctx.may(May.IMPORT):
            ctx.link(t("Write down feedback"), "feedback-new", icon=":material/edit_note:")
    theme_model.reading(ctx)


def _view(ctx: Context) -> str:
    """Which of the views is looked at; the address keeps it."""
    if "view" not in st.session_state and st.query_params.get("view") in VIEWS:
        st.session_state["view"] = st.query_params["view"]
    chosen = st.segmented_control(
        ctx.t("View"),
        list(VIEWS),
        format_func=lambda view: ctx.t(VIEWS[view]),
        default=None if "view" in st.session_state else "list",
        required=True,
        key="view",
        label_visibility="collapsed",
        width="stretch",
    )
    view = chosen or "list"
    if view != "list":
        st.query_params["view"] = view
    elif "view" in st.query_params:
        del st.query_params["view"]
    return view
