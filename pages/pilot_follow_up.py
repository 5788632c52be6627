"""After scaling up: where the change is in use, whether its effect has held, and writing down the check."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import streamlit as st

from models.adoption import AdoptionState
from models.metrics import Metric
from pages import form_problems, touch
from pages.context import Context, refusals
from pages.plain import plain
from services import adoption, follow_up, pilot_words
from services.adoption import UnitAdoption
from services.errors import BadInput
from services.follow_up import FollowUp, Keep, State
from services.follow_up_effects import Later
from services.i18n import N_
from services.permissions import May
from services.pilots import PilotRow
from services.redacted import readable
from services.rows import key
from services.scaling import SCALED, next_mark
from services.wording import sentence
from stats.effect import EffectEstimate

FORM = "follow_up"
LONGEST = 1000
STATES: dict[State, str] = {
    State.TOO_EARLY: N_("too early to say"),
    State.HELD: N_("has held"),
    State.FADED: N_("has faded"),
    State.UNCLEAR: N_("not clear yet"),
}
COLOURS: dict[State, Literal["gray", "green", "orange", "blue"]] = {
    State.TOO_EARLY: "gray",
    State.HELD: "green",
    State.FADED: "orange",
    State.UNCLEAR: "blue",
}
ADOPTIONS: dict[AdoptionState, str] = {
    AdoptionState.NOT_STARTED: N_("not started"),
    AdoptionState.IN_USE: N_("in use"),
    AdoptionState.ADAPTED: N_("adapted"),
    AdoptionState.DROPPED: N_("dropped"),
}
KEEPS: dict[Keep, str] = {
    Keep.ESTABLISH: N_("It has held: make it an established practice"),
    Keep.GO_ON: N_("Keep it in use and check again"),
    Keep.ADAPT: N_("Give it up as it is: adapt and retest"),
}


def show(ctx: Context, row: PilotRow) -> None:
    """Draw it for a pilot that was scaled up; nothing for others."""
    if row.status not in SCALED:
        return
    found = follow_up.follow_up(ctx.session, pilot_id=key(row.pilot.id), today=ctx.today)
    if found is None:
        return
    t = ctx.t
    st.header(t("After scaling up"), anchor="follow-up")
    _effect(ctx, found)
    _check(ctx, row, found)
    _units(ctx, row, found)


def _effect(ctx: Context, found: FollowUp) -> None:
    t = ctx.t
    st.subheader(t("Has the effect held?"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(t(STATES[found.state]), color=COLOURS[found.state])
        st.markdown(sentence(t, found.sentence, found.metric))
    if found.overdue:
        st.warning(
            t.say("The check was to be made on {date}. Look at the figures and write it down.", date=found.next_check)
        )
    else:
        st.markdown(t.say("Next check: {date}.", date=found.next_check))
    if not found.later and found.at_decision is None:
        return
    st.table(_rows(ctx, found), hide_index=True, border="horizontal")
    half = found.held.half_life if found.held else None
    if half is not None and half.reason is None:
        st.markdown(
            t.say("The effect halves in about {months} months, if it goes on as it has.", months=round(half.value))
        )
    st.caption(" ".join(_explained(ctx, found)))


def _rows(ctx: Context, found: FollowUp) -> list[dict[str, str]]:
    t, metric = ctx.t, found.metric
    rows = []
    if found.at_decision is not None:
        rows.append(
            (t("At the decision"), t.date(found.scaling.decided_on), _estimate(ctx, found.at_decision, metric), "")
        )
    for one in found.later:
        effect = _estimate(ctx, one.estimate, metric) if one.estimate else ""
        why = sentence(t, one.why_not, metric) if one.why_not else ""
        rows.append(
            (
                t.plural("{n} month after", "{n} months after", round(one.months)),
                f"{t.date(one.first)} – {t.date(one.last)}",
                effect or why,
                _compared(ctx, one) if one.estimate else "",
            )
        )
    return [
        {t("When"): when, t("Weeks looked at"): weeks, t("Effect and its interval"): effect, t("Compared with"): others}
        for when, weeks, effect, others in rows
    ]


def _estimate(ctx: Context, one: EffectEstimate, metric: Metric) -> str:
    return pilot_words.with_interval(ctx.t, one, metric)


def _compared(ctx: Context, one: Later) -> str:
    if one.comparisons:
        return ", ".join(unit.code for unit in one.comparisons)
    return ctx.t("the unit’s own weeks before the pilot")


def _explained(ctx: Context, found: FollowUp) -> list[str]:
    t = ctx.t
    said = [t("Each figure looks at twelve weeks and compares them with the weeks before the pilot.")]
    if found.shrunken:
        said.append(
            t(
                "The effect at the decision is drawn towards the other pilots’: what is chosen for being large tends "
                "to be a little too large."
            )
        )
    if found.adopted:
        said.append(
            t.say(
                "No longer compared with, because the change is in use there: {units}.",
                units=", ".join(unit.code for unit in found.adopted),
            )
        )
    if found.later and not found.compared_with:
        said.append(
            t(
                "Without a comparison, the time of year and the general trend may be part of the figure: read it with "
                "care."
            )
        )
    return said


def _check(ctx: Context, row: PilotRow, found: FollowUp) -> None:
    """Writing down the check, for those who decide."""
    t = ctx.t
    if not ctx.may(May.DECIDE, row.pilot.unit_id):
        return
    opened = found.overdue or form_problems.kept(FORM) is not None
    own = f"{row.pilot.code}_{len(found.scaling.checks)}"
    with st.expander(t("Write down the check"), expanded=opened, key="follow_up_form"):
        touch.targets()
        choices = [one for one in Keep if one is not Keep.ESTABLISH or found.state is State.HELD]
        recommended = _recommended(found)
        keep = st.radio(
            t("What do you decide?"),
            choices,
            index=choices.index(recommended),
            format_func=lambda one: _named(ctx, one, recommended),
            key=f"follow_up_keep_{own}",
        )
        differs = (keep is Keep.ADAPT) != (recommended is Keep.ADAPT)
        if differs:
            st.warning(t("This differs from the recommendation. It needs a reason and a second person's approval."))
        review_on = None
        if keep is not Keep.ADAPT:
            day = st.date_input(
                t("Next check"),
                value=next_mark(found.scaling.decided_on, after=ctx.today),
                format="DD.MM.YYYY",
                key=f"follow_up_review_{own}",
            )
            review_on = day if isinstance(day, dt.date) else None
            form_problems.at_field(ctx, FORM, "review_on")
        note = st.text_area(
            t("Reason (required)") if differs else t("Reason (optional)"),
            height=80,
            max_chars=LONGEST,
            key=f"follow_up_note_{own}",
        )
        form_problems.at_field(ctx, FORM, "reason")
        form_problems.by_button(ctx, FORM)
        if not st.button(t("Save the check"), key="follow_up_save", type="primary"):
            return

    def record() -> None:
        if keep is None:
            raise BadInput("Choose one of these.", field="keep")
        person = ctx.require(May.DECIDE, row.pilot.unit_id)
        with ctx.writing() as session:
            follow_up.record_check(
                session,
                pilot_id=key(row.pilot.id),
                by=person,
                today=ctx.today,
                keep=keep,
                review_on=review_on,
                note=note or "",
            )

    form_problems.tried(FORM, record)
    st.rerun()


def _recommended(found: FollowUp) -> Keep:
    if found.state is State.FADED:
        return Keep.ADAPT
    return Keep.ESTABLISH if found.state is State.HELD else Keep.GO_ON


def _named(ctx: Context, keep: Keep, recommended: Keep) -> str:
    text = ctx.t(KEEPS[keep])
    return ctx.t.say("{choice} (recommended)", choice=text) if keep is recommended else text


def _units(ctx: Context, row: PilotRow, found: FollowUp) -> None:
    t = ctx.t
    decision_id = key(found.scaling.decision.id)
    units = adoption.state_of(ctx.session, decision_id)
    st.subheader(t("Where the change is in use"))
    taken = sum(one.state in (AdoptionState.IN_USE, AdoptionState.ADAPTED) for one in units if not one.own)
    st.markdown(
        t.say("In use in {taken} of {all} units that take it over.", taken=taken, all=sum(not one.own for one in units))
    )
    with st.grid(2, key="adoption") if len(units) > 1 else st.container():
        for one in units:
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
