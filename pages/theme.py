"""One theme: how much it is spoken of, in whose words, as experts see it, and which pilots answer it."""

from __future__ import annotations

import streamlit as st

from models.themes import Theme
from pages import (
    theme_alerts,
    theme_comments,
    theme_decisions,
    theme_experts,
    theme_filters,
    theme_numbers,
    theme_places,
    theme_tried,
    touch,
)
from pages.context import Context
from pages.plain import told_plainly
from services.errors import NotFound
from services.permissions import May
from services.rows import key
from services.theme_pages import all_themes, theme_by_code


def render(ctx: Context) -> None:
    """The theme that the address names."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    code = st.query_params.get("code", "")
    if not code:
        st.title(t("Feedback theme"))
        st.info(t("No theme was named in the address. Choose one from the list."))
        return
    try:
        theme = theme_by_code(ctx.session, code)
    except NotFound as error:
        st.title(t("Feedback theme"))
        st.error(told_plainly(t, error))
        return
    touch.tables()
    st.title(t.local(theme.name))
    if not theme.controllable:
        st.caption(t("A unit cannot change this by its own decision; it takes the area or the county."))
    _relatives(ctx, theme)
    scope = theme_filters.scope(ctx, person)
    with st.container(horizontal=True, vertical_alignment="center", key="no_print_theme_ways"):
        if ctx.may(May.REGISTER):
            ctx.action(t("Try something about this"), "register", icon=":material/science:", theme=theme.code)
        ctx.link(t("The coming weeks"), "forecast", icon=":material/trending_up:", code=theme.code)
    theme_alerts.of_theme(ctx, theme, scope)
    if theme_numbers.show(ctx, theme, scope):
        theme_places.show(ctx, theme, scope)
        theme_decisions.show(ctx, theme, scope)
    theme_experts.show(ctx, theme, scope)
    theme_tried.show(ctx, theme)
    theme_comments.show(ctx, theme, scope)


def _relatives(ctx: Context, theme: Theme) -> None:
    """The theme above, and those below it, whose answers are in its numbers."""
    t = ctx.t
    themes = all_themes(ctx.session)
    above = next((other for other in themes if other.id == theme.parent_id), None)
    if above is not None:
        ctx.link(
            t.say("Part of: {theme}", theme=t.local(above.name)),
            "theme",
            icon=":material/account_tree:",
            code=above.code,
        )
    below = [other for other in themes if other.parent_id == key(theme.id)]
    if below:
        st.caption(t("The numbers include these themes, each answer once:"))
        for child in below:
            ctx.link(t.local(child.name), "theme", icon=":material/subdirectory_arrow_right:", code=child.code)
