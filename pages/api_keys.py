"""The administrator's keys: making one, which is shown this once, and closing one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from models.base import now
from models.interface import KeyScope
from models.organisation import Unit
from pages import form_problems
from pages.context import Context, refusals
from pages.plain import plain
from services import api_keys
from services.api_keys import KeyRow, NewKey
from services.i18n import N_
from services.organisation import all_units
from services.permissions import May

FORM = "api_key"
DAYS: dict[int, str] = {90: N_("3 months"), 365: N_("1 year"), 730: N_("2 years")}
"""How long a key is good."""


def show(ctx: Context, opens: Mapping[KeyScope, str]) -> None:
    """The form, then the keys.

    Args:
        ctx: The rerun.
        opens: What each scope opens, as msgids.
    """
    t = ctx.t
    st.subheader(t("Keys"), anchor="keys")
    made = _form(ctx, opens)
    if made is not None:
        with st.container(border=True, key="api_key_made"):
            st.success(
                t.say("The key is good until {day}. Copy it now: nobody can see it again.", day=made.row.expires_at)
            )
            st.code(made.secret, language=None, wrap_lines=True)
    person = ctx.require(May.ADMINISTER)
    moment = now()
    rows = api_keys.all_keys(ctx.session, by=person)
    for row in rows:
        if row.opens(moment):
            _key(ctx, row, opens)
    closed = [row for row in rows if not row.opens(moment)]
    if not rows:
        st.info(t("No system has a key yet."))
    if closed:
        with st.expander(t.plural("{n} closed key", "{n} closed keys", len(closed)), key="api_keys_closed"):
            st.markdown("\n".join(f"- {_closed(ctx, row)}" for row in closed))


def _form(ctx: Context, opens: Mapping[KeyScope, str]) -> NewKey | None:
    """The form; the key when it has just been made."""
    t = ctx.t
    units = {unit.code: unit for unit in all_units(ctx.session)}
    with st.form("api_key_form"):
        system = st.text_input(
            t("Name of the system"),
            key="api_key_system",
            max_chars=80,
            help=t("Short and without spaces, such as survey-service. Its keys share the name."),
        )
        form_problems.at_field(ctx, FORM, "system")
        scopes = st.multiselect(
            t("What the key opens"), list(KeyScope), format_func=lambda one: t(opens[one]), key="api_key_scopes"
        )
        form_problems.at_field(ctx, FORM, "scopes")
        unit = st.selectbox(
            t("Whose rows"),
            ["", *units],
            format_func=lambda code: _unit(ctx, units.get(code)),
            key="api_key_unit",
        )
        days = st.radio(
            t("How long it is good"), list(DAYS), index=1, format_func=lambda one: t(DAYS[one]), key="api_key_days",
            horizontal=True,
        )  # fmt: skip
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Make a key"), key="api_key_save", type="primary")
    if not saved:
        return None
    made: list[NewKey] = []

    def save() -> None:
        person = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            made.append(
                api_keys.create(
                    session, system=system or "", scopes=scopes, by=person, unit=unit or None, days=days or 365
                )
            )

    if not form_problems.tried(FORM, save):
        st.rerun()
    return made[0]


def _unit(ctx: Context, unit: Unit | None) -> str:
    return ctx.t("The whole county") if unit is None else f"{ctx.t.local(unit.name)} ({unit.code})"


def _key(ctx: Context, row: KeyRow, opens: Mapping[KeyScope, str]) -> None:
    t = ctx.t
    prefix = row.row.prefix
    used = t.say("last used {day}", day=row.used_at) if row.used_at else t("never used")
    with st.container(border=True, key=f"api_key_{prefix}"):
        st.markdown(f"**{plain(row.person.code)}** · {plain(_unit(ctx, row.unit))} · `{prefix}`")
        st.markdown(", ".join(t(opens[KeyScope(scope)]) for scope in row.row.scopes))
        st.markdown(t.say("Good until {day}, {used}.", day=row.row.expires_at, used=used))
        with st.popover(t("Close the key"), key=f"api_key_close_{prefix}"):
            st.markdown(t.say("The system {name} gets nothing with this key any more.", name=plain(row.person.code)))
            if st.button(t("Close it for good"), key=f"api_key_revoke_{prefix}"):
                _revoke(ctx, prefix)


def _revoke(ctx: Context, prefix: str) -> None:
    person = ctx.require(May.ADMINISTER)
    with refusals(ctx) as refusal, ctx.writing() as session:
        api_keys.revoke(session, prefix=prefix, by=person)
    if refusal.ok:
        st.rerun()


def _closed(ctx: Context, row: KeyRow) -> str:
    t = ctx.t
    name = f"{plain(row.person.code)} · `{row.row.prefix}`"
    if row.row.revoked_at is not None:
        return t.say("{key}: closed {day}", key=name, day=row.row.revoked_at)
    if row.person.active:
        return t.say("{key}: ran out {day}", key=name, day=row.row.expires_at)
    return t.say("{key}: its system is out of use", key=name)
