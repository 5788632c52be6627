"""Registering a pilot from a theme of feedback: four cards, nearly all of it filled in already."""

from __future__ import annotations

import streamlit as st

from pages import form_problems, register_plan, register_why, touch
from pages.context import Context
from services import pilots, plans
from services.errors import BadInput, NotFound
from services.permissions import May
from services.registration import units_of
from services.rows import key

FORM = "register"


def render(ctx: Context) -> None:
    """The registration, or what became of it."""
    ctx.require(May.REGISTER)
    t = ctx.t
    st.title(t("New pilot"))
    if "saved" in st.query_params:
        _saved(ctx, st.query_params["saved"])
        return
    st.markdown(t("Four short cards. What could be worked out is filled in; change what is not right."))
    person = ctx.person
    units = units_of(ctx.session, person) if person else []
    if not units:
        st.info(t("There is no unit that you could register a pilot in."))
        return
    touch.targets()
    why = register_why.cards(ctx, units)
    if why is None:
        return
    plan = register_plan.cards(ctx, why.unit, why.theme_ids[0])
    if plan is None:
        return
    form_problems.by_button(ctx, FORM)
    if st.button(t("Save the pilot"), key="register_save", type="primary", width="stretch"):
        _save(ctx, why, plan)


def _save(ctx: Context, why: register_why.Why, plan: register_plan.Planned) -> None:
    """Register, then show what was saved; on a refusal show the cards again with everything in them."""

    def register() -> None:
        person = ctx.require(May.REGISTER, why.unit.id)
        if plan.arranged.trigger_unfinished:
            raise BadInput("Choose both the first and the last day of those weeks.", field="trigger")
        with ctx.writing() as session:
            pilot = pilots.register_pilot(
                session, fields=plan.fields(why), plan=plan.plan(), by=person, today=ctx.today
            )
            st.query_params["saved"] = pilot.code

    form_problems.tried(FORM, register)
    st.rerun()


def _saved(ctx: Context, code: str) -> None:
    t = ctx.t
    for kept in [name for name in st.session_state if str(name).startswith("register_")]:
        del st.session_state[kept]  # the next registration begins from its own proposals
    try:
        pilot = pilots.by_code(ctx.session, code)
    except NotFound as error:
        st.error(t.error(error))
        return
    whole = plans.current(ctx.session, key(pilot.id))
    st.success(t.say("The pilot {code} is saved: {title}", code=pilot.code, title=t.local(pilot.title)))
    st.subheader(t.say("You may start on {date}.", date=whole.plan.start_on))
    st.markdown(
        t.say(
            "The plan is fixed on that day. Until then you can still change it. You decide on {date}.",
            date=whole.plan.decide_on,
        )
    )
    ctx.link(t("Open the pilot"), "pilot", icon=":material/science:", code=pilot.code)
    st.button(t("Register another"), key="another", icon=":material/add_circle:", on_click=st.query_params.clear)
