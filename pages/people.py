"""Who may sign in, and as what: the administrator's list of people."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from models.people import Person
from pages import form_problems, people_fields, people_one
from pages.context import Context
from pages.plain import plain
from services import people, people_changes, sessions, sign_in_settings
from services.labels import label
from services.organisation import all_units
from services.permissions import May
from services.rows import key

A_PAGE = 50
FORM = "people_add"


def render(ctx: Context) -> None:
    """The list, or the one person that the address names."""
    ctx.require(May.ADMINISTER)
    t = ctx.t
    code = st.query_params.get("user")
    if code is not None:
        people_one.show(ctx, code)
        return
    st.title(t("Users"))
    st.markdown(t("Whoever is on this list can sign in. Their role says what they may do, and their unit says where."))
    _list(ctx)
    _add(ctx)


def _list(ctx: Context) -> None:
    t = ctx.t
    words = st.text_input(t("Name, user name or e-mail address"), key="people_search")
    closed = st.checkbox(t("Show closed accounts too"), key="people_closed")
    number = st.session_state.get("people_page") or 1
    found = people.search(ctx.session, words, active_only=not closed, first=(number - 1) * A_PAGE, most=A_PAGE)
    st.header(t.plural("{n} person", "{n} people", found.total))
    if not found.people:
        st.info(t("Nobody is found. Take a part of the search away."))
        return
    units = {unit.id: t.local(unit.name) for unit in all_units(ctx.session)}
    signed_in = sessions.open_now(ctx.session, settings=sign_in_settings.load(), now=datetime.now(UTC))
    with st.grid(columns="auto", min_column_width=300):
        for person in found.people:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"people_{person.code}"):
                ctx.link(plain(person.name), "people", user=person.code)
                place = plain(units.get(person.unit_id) or t("the whole county"))
                st.markdown("  \n".join([label(t, person.role), place, *_standing(ctx, person, signed_in)]))
    if found.total > A_PAGE:
        st.pagination(-(-found.total // A_PAGE), key="people_page")


def _standing(ctx: Context, person: Person, signed_in: dict[int, int]) -> list[str]:
    """What else is worth a line: the address, or that there is none; whether they are there; a closed account."""
    t = ctx.t
    lines = [plain(person.email) if person.email else t("no e-mail address")]
    if not person.active:
        lines.append(f"**{t('closed account')}**")
    elif signed_in.get(key(person.id)):
        lines.append(t("signed in now"))
    return lines


def _add(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Add a person"), anchor="add")
    with st.form("people_add", border=True):
        code = st.text_input(t("User name"), key="add_code", max_chars=80, help=t("Short, and never changed later."))
        form_problems.at_field(ctx, FORM, "code")
        typed = people_fields.fields(ctx, FORM, own="add")
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Add"), key="people_add_save", type="primary")
    if not saved:
        return

    def save() -> None:
        by = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            people_changes.add(session, code=code, by=by, **typed.values())

    if form_problems.tried(FORM, save):
        st.toast(t("Added."))
        st.switch_page(ctx.routes["people"], query_params={"user": code.strip()})
    st.rerun()
