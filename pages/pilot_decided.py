"""A decision on a pilot as it stands in the record, and its second person."""

from __future__ import annotations

import streamlit as st

from models.decisions import Choice
from pages.context import Context, refusals
from pages.pilot_seen import overtaken
from pages.plain import plain, quoted
from services import decisions, second_person
from services.decisions import DecisionRow
from services.labels import label
from services.permissions import May
from services.pilots import PilotRow
from services.redacted import readable
from services.row_words import DECISIONS
from services.rows import key


def waiting_first(ctx: Context, row: PilotRow) -> int | None:
    """A decision that this person can be the second one behind, drawn where it is seen at once; returns its id."""
    if not ctx.may(May.APPROVE, row.pilot.unit_id):
        return None
    made = next((one for one in decisions.decisions_of(ctx.session, key(row.pilot.id)) if one.waiting), None)
    if made is None or ctx.person is None or made.decision.by_id == ctx.person.id:
        return None
    show(ctx, row, made)
    return key(made.decision.id)


def show(ctx: Context, row: PilotRow, made: DecisionRow) -> None:
    """A decision with its people and days; who may be its second person approves it here."""
    t = ctx.t
    decision = made.decision
    overtaken(ctx, made)
    with st.container(border=True, key=f"decision_{decision.id}"):
        st.markdown(f"**{t(DECISIONS[Choice(decision.choice)])}** · {plain(made.by.name)}, {t.value(decision.at)}")
        if decision.reason:
            st.markdown(quoted(readable(t, decision.reason)))
        if made.units:
            names = ", ".join(t.local(unit.name) for unit in made.units)
            st.markdown(t.say("Taken into use in: {units}", units=plain(names)))
        if decision.review_on is not None:
            scaled = Choice(decision.choice) is Choice.SCALE
            words = t("Checked on {date} whether the effect has held.") if scaled else t("Taken up again on {date}.")
            st.markdown(words.format(date=t.date(decision.review_on)))
        if decision.overrides:
            st.markdown(
                t.say(
                    "The rules recommended: {verdict}.",
                    verdict=label(t, type(decision.recommended)(decision.recommended)),
                )
            )
        if made.approved_by is not None:
            st.markdown(t.say("Second person: {person}.", person=plain(made.approved_by.name)))
        if made.waiting:
            _approve(ctx, row, made)
        elif made.replaced and not made.in_force:
            st.caption(t("Never came into force: it was decided anew."))


def _approve(ctx: Context, row: PilotRow, made: DecisionRow) -> None:
    t = ctx.t
    st.warning(t("This goes against the recommendation and is not in force until a second person has approved it."))
    if not ctx.may(May.APPROVE, row.pilot.unit_id):
        who_approves(ctx, row, made.decision.by_id)
        return
    person = ctx.require(May.APPROVE, row.pilot.unit_id)
    if made.decision.by_id == person.id:
        st.markdown(t("You decided this, so someone else approves it."))
        who_approves(ctx, row, person.id)
        return
    if st.button(t("Approve this decision"), key=f"approve_{made.decision.id}", type="primary"):
        with refusals(ctx) as outcome, ctx.writing() as session:
            decisions.approve_override(session, decision_id=key(made.decision.id), by=person)
        if outcome.ok:
            st.toast(t("Approved: the decision is in force."))
            st.rerun()


def who_approves(ctx: Context, row: PilotRow, decided_by: int | None) -> None:
    """The names of those who can be the second person, so that nobody waits for someone who cannot."""
    found = second_person.approvers(ctx.session, unit_id=row.pilot.unit_id, besides=decided_by)
    if found:
        names = ", ".join(plain(person.name) for person in found)
        st.markdown(ctx.t.say("It can be approved by: {people}.", people=names))
    else:
        st.markdown(ctx.t("Nobody else can approve decisions on this unit's pilots. Ask the administrator."))
