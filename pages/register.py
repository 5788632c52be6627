"""Registering a pilot from a theme of feedback: four cards, nearly all of it filled in already."""

from __future__ import annotations

import streamlit as st

from pages import form_problems, register_draft, register_idea, register_plan, register_saved, register_why, touch
from pages.context import Context
from pages.register_draft import FORM
from services import pilots
from services.errors import BadInput
from services.i18n import N_
from services.permissions import May
from services.registration import units_of
from services.rows import key

CARDS = (N_("Customers’ words"), N_("The change"), N_("The prediction"), N_("Time and people"))

QUESTIONS: dict[str, str] = {
    "customers_say": N_("1 What do customers say?"),
    "change": N_("2 What will you change?"),
    "prediction": N_("3 What do you expect, and how will you notice?"),
}
"""The questions that must be answered, by their fields."""


def render(ctx: Context) -> None:
    """The registration, or what became of it."""
    person = ctx.require(May.REGISTER)
    t = ctx.t
    st.title(t("New pilot"))
    register_draft.belongs_to(person)
    if "saved" in st.query_params:
        register_saved.show(ctx, st.query_params["saved"])
        return
    if register_draft.emptied(ctx):
        return
    st.markdown(t("Four short cards. What could be worked out is filled in; change what is not right."))
    units = units_of(ctx.session, person)
    if not units:
        st.info(t("There is no unit that you could register a pilot in."))
        return
    touch.targets()
    register_idea.begin(ctx, units)
    top = st.container()
    why = register_why.cards(ctx, units)
    if why is None:
        return
    plan = register_plan.cards(ctx, why)
    if plan is None:
        return
    with top:
        _progress(ctx, why, plan)
    form_problems.by_button(ctx, FORM, {field: t(question) for field, question in QUESTIONS.items()})
    if st.button(t("Save the pilot"), key="register_save", type="primary", width="stretch"):
        _save(ctx, why, plan)
    register_draft.buttons(ctx)


def _progress(ctx: Context, why: register_why.Why, plan: register_plan.Planned) -> None:
    """Which cards are ready, and how long the rest takes."""
    t = ctx.t
    ready = (why.customers_say, why.change and not why.blanks, plan.expected.prediction, not plan.arranged.missing)
    with st.container(horizontal=True, key="register_progress", vertical_alignment="center"):
        for number, (name, done) in enumerate(zip(CARDS, ready, strict=True), start=1):
            icon, colour = (":material/check_circle:", "green") if done else (":material/edit:", "gray")
            word = t("ready") if done else t("to write")
            st.badge(f"{number} {t(name)}: {word}", icon=icon, color=colour)
    st.caption(t("About 4 minutes: you write the change and the reason of your prediction, then save."))


def _save(ctx: Context, why: register_why.Why, plan: register_plan.Planned) -> None:
    """Register, then show what was saved; on a refusal show the cards again with everything in them."""

    def register() -> None:
        person = ctx.require(May.REGISTER, why.unit.id)
        if why.blanks:
            raise BadInput("Fill in the blanks (___) of the sentence.", field="change")
        if plan.arranged.trigger_unfinished:
            raise BadInput("Choose both the first and the last day of those weeks.", field="trigger")
        with ctx.writing() as session:
            pilot = pilots.register_pilot(
                session, fields=plan.fields(why), plan=plan.plan(), by=person, today=ctx.today
            )
            code, pilot_id = pilot.code, key(pilot.id)
        register_idea.tried(ctx, pilot_id=pilot_id, by=person)
        st.query_params.clear()
        st.query_params["saved"] = code

    form_problems.tried(FORM, register)
    st.rerun()
