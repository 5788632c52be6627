"""Signing in: for now by picking an invented person, and only where the record holds the demo county."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from models.people import Role
from pages import language
from pages.context import Context
from services import demo_sign_in, settings
from services.labels import label
from services.organisation import all_units
from services.people import demo_people, holds_demo
from services.record import database

PERSON = "person_id"
TICKET = "sign_in_ticket"
NOBODY = 0
NO_TICKET = "out"
ORDER = (
    Role.TEAM_LEAD,
    Role.STAFF,
    Role.LEADERSHIP,
    Role.AREA_DIRECTOR,
    Role.COACH,
    Role.TRUSTEE,
    Role.ANALYST,
    Role.ADMIN,
)


def person_id() -> int | None:
    """Who this browser signed in as: in this session, else as its cookie remembers."""
    if PERSON not in st.session_state:
        mark = language.cookie(demo_sign_in.COOKIE)
        if not mark:
            return None
        with database().reading() as session:
            person = demo_sign_in.remembered(session, settings.load(), mark, now=datetime.now(UTC))
        st.session_state[PERSON] = person.id if person is not None and person.id is not None else NOBODY
    return st.session_state[PERSON] or None


def render(ctx: Context) -> None:
    """In place of the page that was asked for; the address stays, so signing in opens it."""
    t = ctx.t
    st.title(t("Sign in to Luotsi"))
    if not holds_demo(ctx.session):
        st.info(t("Sign-in is not configured in this installation yet. Ask your administrator."))
        st.markdown(t("What customers said and what was tried is open to everyone, without signing in:"))
        ctx.link(t("You said, we tried"), "public", icon=":material/campaign:")
        st.stop()
    st.warning(
        t("This is a demonstration with an invented county. Pick a person to look at it as they would; no password."),
        icon=":material/theater_comedy:",
    )
    units = {unit.id: unit for unit in all_units(ctx.session)}
    people = sorted(demo_people(ctx.session), key=lambda person: (ORDER.index(person.role), person.id or 0))
    with st.grid(columns="auto", min_column_width=300):
        for person in people:
            with st.container(border=True, height="stretch"):
                unit = units.get(person.unit_id)
                place = t.local(unit.name) if unit is not None else t("the whole county")
                st.markdown(f"**{person.name}**  \n{label(t, person.role)}  \n{place}")
                st.button(
                    t.say("Continue as {name}", name=person.name.partition(" ")[0]),
                    key=f"sign_in_{person.code}",
                    on_click=_sign_in,
                    args=(person.id,),
                    width="stretch",
                )
    ctx.link(t("You said, we tried: open to everyone"), "public", icon=":material/campaign:")


def _sign_in(chosen: int) -> None:
    now = datetime.now(UTC)
    with database().reading() as session:
        person = next((person for person in demo_people(session) if person.id == chosen), None)
        if person is not None:
            st.session_state[PERSON] = person.id
            st.session_state[TICKET] = demo_sign_in.ticket(settings.load(), person, now=now)


def sign_out() -> None:
    """Forget the person, in this session and in the browser."""
    st.session_state[PERSON] = NOBODY
    st.session_state[TICKET] = NO_TICKET


def marks(ctx: Context) -> dict[str, str]:
    """What the browser's side of the frame needs for its cookie: a ticket after signing in, "out" after signing out."""
    ticket = st.session_state.get(TICKET)
    return {"ticket": ticket} if ticket else {}
