"""Proposing an idea: one sentence, the unit and the theme filled in where they are known."""

from __future__ import annotations

import functools

import streamlit as st

from models.people import Person
from pages import draft, form_problems, just_done
from pages.context import Context
from services import idea_list, ideas
from services.errors import BadInput
from services.organisation import pilot_units
from services.permissions import May, reach
from services.rows import key
from services.theme_pages import all_themes

FORM = "idea"


def show(ctx: Context, person: Person) -> None:
    """The form; what was typed stays when something is missing."""
    t = ctx.t
    within = reach(ctx.session, person)
    units = {unit.code: unit for unit in pilot_units(ctx.session) if within is None or unit.id in within}
    if not units:
        st.info(t("There is no unit that you could propose an idea in."))
        return
    themes = {theme.code: theme for theme in all_themes(ctx.session) if not theme.praise}
    again = idea_list.times_proposed(ctx.session, person)
    draft.saved(FORM, again)
    with st.container(key=draft.box(FORM, again)), st.form("idea_form", enter_to_submit=False):
        words = st.text_area(
            t("What could be tried?"),
            key=f"idea_words_{again}",
            max_chars=ideas.LONGEST,
            height=90,
            placeholder=t("For example: we print a slip for whoever is waiting."),
            help=t("Names, phone numbers and other personal data are removed when you save."),
        )
        form_problems.at_field(ctx, FORM, "words")
        asked = st.query_params.get("theme", "")
        theme = st.selectbox(
            t("Which feedback does it answer? (optional)"),
            ["", *themes],
            index=list(themes).index(asked) + 1 if asked in themes else 0,
            format_func=lambda code: t.local(themes[code].name) if code else t("no theme in particular"),
            key=f"idea_for_theme_{asked}_{again}",
            bind="query-params",
        )
        unit = next(iter(units))
        if len(units) > 1:
            wanted = st.query_params.get("unit", "")
            unit = st.selectbox(
                t("Which unit would try it?"),
                list(units),
                index=list(units).index(wanted) if wanted in units else None,
                format_func=lambda code: t.local(units[code].name),
                placeholder=t("Choose a unit"),
                key=f"idea_for_unit_{wanted}_{again}",
                bind="query-params",
            )
            form_problems.at_field(ctx, FORM, "unit")
        else:
            st.caption(t.say("From your unit: {unit}. Your name is not shown.", unit=t.local(units[unit].name)))
        form_problems.by_button(ctx, FORM)
        sent = st.form_submit_button(t("Propose"), key="idea_send", type="primary", width="stretch")
    if not sent:
        return

    def propose() -> None:
        chosen = units.get(unit or "")
        if chosen is None:
            raise BadInput("Choose the unit that would try the idea.", field="unit")
        with ctx.writing() as session:
            idea = ideas.propose(
                session,
                unit_id=key(chosen.id),
                words=words or "",
                by=ctx.require(May.PROPOSE, chosen.id),
                theme_id=themes[theme].id if theme else None,
            )
        undo = functools.partial(ideas.withdraw, idea_id=key(idea.id))
        just_done.say(just_done.IDEAS, t("Thank you! Your idea is saved, and the team lead sees it."), undo)

    form_problems.tried(FORM, propose)
    st.rerun()
