"""Describing a service path: a name, its stages and the alternatives, a line each."""

from __future__ import annotations

import streamlit as st

from pages import form_problems
from pages.context import Context
from services import walks
from services.permissions import May

FORM = "path"


def show(ctx: Context) -> None:
    """The form, folded away until it is wanted or has something to say."""
    t = ctx.t
    with st.expander(t("Describe a new service path"), expanded=form_problems.kept(FORM) is not None, key="path_new"):
        with st.form("path_form", border=False, enter_to_submit=False):
            name = st.text_input(t("Name of the path"), max_chars=walks.LONGEST_NAME, key="path_name")
            form_problems.at_field(ctx, FORM, "name")
            stages = st.text_area(
                t("Stages in the customer's order, one a line"),
                height=150,
                key="path_stages",
                placeholder=t("contact\nwaiting\nvisit\nwhat happens next"),
            )
            form_problems.at_field(ctx, FORM, "stages")
            ways = st.text_area(
                t("Alternatives there are, one a line (optional)"),
                height=100,
                key="path_ways",
                placeholder=t("phone\nonline\nin person"),
            )
            form_problems.at_field(ctx, FORM, "alternatives")
            form_problems.by_button(ctx, FORM)
            saved = st.form_submit_button(t("Save the path"), key="path_save", type="primary")
        if not saved:
            return
        made: list[str] = []

        def define() -> None:
            with ctx.writing() as session:
                path = walks.define_path(
                    session,
                    name=name or "",
                    stages=(stages or "").splitlines(),
                    alternatives=(ways or "").splitlines(),
                    language=t.language,
                    by=ctx.require(May.SEE_PILOTS),
                )
                made.append(path.code)

        if form_problems.tried(FORM, define):
            st.query_params["path"] = made[0]
        st.rerun()
