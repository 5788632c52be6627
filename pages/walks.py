"""In the customer's shoes: the service paths with their pain curves, one of them closer, and walking it."""

from __future__ import annotations

import streamlit as st

from models.walks import ServicePath
from pages import touch, walks_form, walks_one, walks_path, walks_picture
from pages.context import Context
from pages.plain import told_plainly
from services import walks
from services.errors import NotFound
from services.permissions import May
from services.rows import key

STYLE = """<style>
.st-key-walks_page [class*="_feeling"] button { min-height: 3rem; font-size: 1.05rem; }
.st-key-walk_page h2 { font-size: 1.25rem; }
.st-key-walk_save button { min-height: 3.25rem; }
</style>"""


def render(ctx: Context) -> None:
    """Every path, the path that the address names, or the form to walk it."""
    ctx.require(May.SEE_PILOTS)
    t = ctx.t
    touch.tables()
    st.html(STYLE)
    with st.container(key="walks_page"):
        code = st.query_params.get("path", "")
        if not code:
            _all(ctx)
            return
        try:
            path = walks.path_by_code(ctx.session, code)
        except NotFound as error:
            st.title(t("In the customer’s shoes"))
            st.error(told_plainly(t, error))
            ctx.link(t("All service paths"), "walks", icon=":material/arrow_back:")
            return
        if st.query_params.get("walk") == "yes" and ctx.may(May.WALK):
            walks_form.show(ctx, ctx.require(May.WALK), path)
        else:
            walks_one.show(ctx, path)


def _all(ctx: Context) -> None:
    t = ctx.t
    st.title(t("In the customer’s shoes"))
    st.markdown(
        t(
            "Take the customer's way through a service yourself, and write down how each stage feels. A few walks show "
            "where it hurts, before anyone has filled in a survey."
        )
    )
    paths = walks.paths(ctx.session)
    if not paths:
        st.info(t("No service path has been described yet."))
    walked = walks.counts(ctx.session)
    with st.grid(columns=2, min_column_width=300, gap="medium", key="walks_paths"):
        for path in paths:
            with st.container(border=True, key=f"path_{path.code}"):
                _one(ctx, path, walked.get(key(path.id), 0))
    if walks.may_define(ctx.session, ctx.person):
        walks_path.show(ctx)


def _one(ctx: Context, path: ServicePath, walked: int) -> None:
    """A path in the list: its curve, and the ways on."""
    t = ctx.t
    st.header(walks_picture.name(ctx, path))
    if walked:
        rows = walks.walks_of(ctx.session, key(path.id))
        walks_picture.draw(ctx, path, walks_picture.together(ctx, rows), key=f"pain_{path.code}")
    else:
        st.info(t("Nobody has walked this path yet. Be the first."))
    with st.container(horizontal=True, key=f"ways_{path.code}"):
        closer = (
            t.say("Look closer: {walks}", walks=t.plural("{n} walk", "{n} walks", walked))
            if walked
            else t("Look closer")
        )
        ctx.link(closer, "walks", icon=":material/search:", path=path.code)
        if ctx.may(May.WALK):
            ctx.action(t("Walk this path"), "walks", icon=":material/directions_walk:", path=path.code, walk="yes")
