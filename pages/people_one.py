"""One person, as the administrator sees and changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st
from sqlmodel import Session, select

from models.people import Person, Role
from pages import form_problems, people_fields
from pages.context import Context, refusals
from pages.plain import plain
from services import people_changes, sessions, sign_in_settings
from services.labels import label
from services.permissions import May
from services.rows import key
from services.settings import ZONE


def show(ctx: Context, code: str) -> None:
    """The fields, and what can be done about the account."""
    t = ctx.t
    person = ctx.session.exec(select(Person).where(Person.code == code)).first()
    if person is None:
        st.title(t("Users"))
        st.warning(t.say("There is no person with the user name {code}.", code=plain(code)))
    else:
        st.title(plain(person.name))
        if not person.active:
            st.warning(t("This account is closed: nobody can sign in with it."), icon=":material/block:")
        if person.role is Role.API_CLIENT:
            st.info(
                t.say(
                    "{role}: it signs in with its key and is changed where keys are kept.", role=label(t, person.role)
                )
            )
        else:
            _fields(ctx, person)
            _account(ctx, person)
    ctx.link(t("All people"), "people", icon=":material/arrow_back:")


def _fields(ctx: Context, person: Person) -> None:
    t, form = ctx.t, f"people_{person.code}"
    st.markdown(t.say("User name: {code}", code=plain(person.code)))
    with st.form(f"people_form_{person.code}"):
        typed = people_fields.fields(ctx, form, own=f"one_{person.code}", person=person)
        st.caption(
            t("Another e-mail address signs the person out; the next sign-in is then recognised by the new one.")
        )
        form_problems.by_button(ctx, form)
        saved = st.form_submit_button(t("Save"), key="people_save", type="primary")
    if not saved:
        return

    def save() -> None:
        by = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            people_changes.change(session, person_id=key(person.id), by=by, now=datetime.now(UTC), **typed.values())

    if form_problems.tried(form, save):
        st.toast(t("Saved."))
    st.rerun()


def _account(ctx: Context, person: Person) -> None:
    t, now, number = ctx.t, datetime.now(UTC), key(person.id)
    st.header(t("Account"))
    count = sessions.open_now(ctx.session, settings=sign_in_settings.load(), now=now).get(number, 0)
    seen = sessions.last_seen(ctx.session).get(number)
    if count:
        st.markdown(t.plural("Signed in on {n} device.", "Signed in on {n} devices.", count))
    elif seen is not None:
        st.markdown(t.say("Last here on {day}.", day=seen.astimezone(ZONE).date()))
    else:
        st.markdown(t("Has not signed in lately."))
    with st.container(horizontal=True):
        if count:
            _button(
                ctx,
                t("Sign out everywhere"),
                "people_end",
                ":material/logout:",
                lambda session, by: people_changes.end_sessions(session, person_id=number, by=by, now=now),
            )
        _button(
            ctx,
            t("Forget the sign-in account"),
            "people_anew",
            ":material/badge:",
            lambda session, by: people_changes.know_anew(session, person_id=number, by=by, now=now),
        )
        if person.active:
            _button(
                ctx,
                t("Close the account"),
                "people_close",
                ":material/block:",
                lambda session, by: people_changes.deactivate(session, person_id=number, by=by, now=now),
            )
        else:
            _button(
                ctx,
                t("Open the account again"),
                "people_open",
                ":material/lock_open:",
                lambda session, by: people_changes.reactivate(session, person_id=number, by=by),
            )
    st.caption(
        t(
            "A closed account is signed out at once; what the person did stays in the record. Forget the sign-in "
            "account when somebody has got a new one: the next sign-in is then recognised by the e-mail address."
        )
    )


def _button(ctx: Context, text: str, name: str, icon: str, action: Callable[[Session, Person], object]) -> None:
    if not st.button(text, key=name, icon=icon):
        return
    with refusals(ctx) as outcome:
        by = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            action(session, by)
    if outcome.ok:
        st.toast(ctx.t("Done."))
        st.rerun()
