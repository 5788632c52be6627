"""Where a scaled-up change is in use, unit by unit."""

from __future__ import annotations

import streamlit as st

from models.adoption import AdoptionState
from pages.context import Context, refusals
from pages.plain import plain
from services import adoption
from services.adoption import UnitAdoption
from services.i18n import N_
from services.pilots import PilotRow
from services.redacted import readable
from services.rows import key

LONGEST = 1000
ADOPTIONS: dict[AdoptionState, str] = {
    AdoptionState.NOT_STARTED: N_("not started"),
    AdoptionState.IN_USE: N_("in use"),
    AdoptionState.ADAPTED: N_("adapted"),
    AdoptionState.DROPPED: N_("dropped"),
}


def units(ctx: Context, row: PilotRow, decision_id: int) -> None:
    """Every unit of a scale-up: its own people say where it stands with one tap, others read it."""
    t = ctx.t
    found = adoption.state_of(ctx.session, decision_id)
    st.subheader(t("Where the change is in use"))
    taken = sum(one.state in (AdoptionState.IN_USE, AdoptionState.ADAPTED) for one in found if not one.own)
    st.markdown(
        t.say("In use in {taken} of {all} units that take it over.", taken=taken, all=sum(not one.own for one in found))
    )
    with st.grid(2, key="adoption") if len(found) > 1 else st.container():
        for one in found:
            _unit(ctx, row, decision_id, one)


def _unit(ctx: Context, row: PilotRow, decision_id: int, one: UnitAdoption) -> None:
    t = ctx.t
    unit_id = key(one.unit.id)
    own = f"{decision_id}_{unit_id}_{one.at.timestamp() if one.at else 0}"
    with st.container(border=True, key=f"adoption_{decision_id}_{unit_id}"):
        name = f"**{plain(one.unit.code)} {plain(t.local(one.unit.name))}**"
        st.markdown(f"{name} · {t('tried it first')}" if one.own else name)
        if not adoption.may_set(ctx.session, ctx.person, pilot_id=key(row.pilot.id), unit_id=unit_id):
            st.markdown(t(ADOPTIONS[one.state]) if one.state else t("not said yet"))
            _said(ctx, one)
            return
        chosen = st.segmented_control(
            t.say("State of use in {unit}", unit=one.unit.code),
            list(AdoptionState),
            default=one.state,
            format_func=lambda state: t(ADOPTIONS[state]),
            label_visibility="collapsed",
            required=one.state is not None,
            key=f"adoption_state_{own}",
        )
        _said(ctx, one)
        note = one.note
        if one.state in (AdoptionState.ADAPTED, AdoptionState.DROPPED):
            with st.form(f"adoption_note_form_{own}", border=False):
                asked = t("What was changed?") if one.state is AdoptionState.ADAPTED else t("Why was it dropped?")
                note = st.text_input(asked, value=one.note, max_chars=LONGEST, key=f"adoption_note_{own}")
                st.form_submit_button(t("Save the note"), key=f"adoption_note_save_{own}")
        if (chosen and chosen is not one.state) or (note and note != one.note):
            _set(ctx, decision_id, unit_id, chosen or one.state, note if chosen in (None, one.state) else "")


def _said(ctx: Context, one: UnitAdoption) -> None:
    t = ctx.t
    if one.at is None:
        return
    by = plain(one.by.name) if one.by else t("nobody named")
    words = t.say("{person}, {date}", person=by, date=one.at)
    st.caption(f"{words}. {plain(readable(t, one.note))}" if one.note else words)


def _set(ctx: Context, decision_id: int, unit_id: int, state: AdoptionState | None, note: str) -> None:
    if state is None or ctx.person is None:
        return
    with refusals(ctx) as outcome, ctx.writing() as session:
        adoption.set_state(
            session, decision_id=decision_id, unit_id=unit_id, state=state, by=ctx.person, note=note or ""
        )
    if outcome.ok:
        st.rerun()
