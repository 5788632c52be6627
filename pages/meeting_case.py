"""A pilot opened in the meeting: the short brief, what if we are wrong, the decision; or left for the next meeting."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts import effect as effect_chart
from models.decisions import Choice
from models.people import Person
from pages import drawing, meeting_follow_up, pilot_decide, pilot_decided
from pages.context import Context, opened, refusals
from pages.meeting_rows import OPEN, close_pilot
from pages.plain import plain
from services import brief_words, briefs, decisions, meetings, row_words
from services.brief_words import BriefWords
from services.briefs import Brief
from services.decisions import DecisionRow
from services.meetings import LONGEST_NOTE
from services.permissions import May
from services.pilots import title
from services.portfolio import PortfolioRow
from services.rows import key


def draw(ctx: Context, meeting_id: int, rows: Sequence[PortfolioRow]) -> None:
    """Draw the open pilot, if any. A dialog reruns without the page, so it reads the record and the role anew."""
    found = next((row for row in rows if row.row.pilot.code == st.session_state.get(OPEN)), None)
    if found is None or ctx.person is None:
        return
    person_id, pilot_id = key(ctx.person.id), key(found.row.pilot.id)

    def inside() -> None:
        with opened(person_id=person_id, t=ctx.t, routes=ctx.routes) as own:
            _case(own, meeting_id, pilot_id)

    st.dialog(title(found.row.pilot, ctx.t.language), width="large", on_dismiss=close_pilot)(inside)()


def _case(ctx: Context, meeting_id: int, pilot_id: int) -> None:
    brief = briefs.brief(ctx.session, pilot_id=pilot_id, today=ctx.today)
    person = ctx.require(May.MEET, brief.row.pilot.unit_id)
    words = brief_words.words(ctx.t, brief)
    _brief(ctx, brief, words)
    _decision(ctx, person, brief, meeting_id)
    with st.container(horizontal=True, key="case_links"):
        ctx.link(ctx.t("One-page brief"), "brief", icon=":material/description:", code=brief.row.pilot.code)
        ctx.link(ctx.t("All the evidence"), "pilot", icon=":material/science:", code=brief.row.pilot.code)


def _brief(ctx: Context, brief: Brief, words: BriefWords) -> None:
    t = ctx.t
    st.caption(" · ".join(plain(fact) for fact in words.facts))
    st.markdown(f"**{words.verdict}**")
    if words.reasons:
        st.markdown("\n".join(f"- {reason}" for reason in words.reasons))
    found = effect_chart.of(brief.result) if brief.result is not None and not brief.few_answers else None
    if found is not None:
        measure = drawing.measure(ctx, brief.whole.metric)
        chart = effect_chart.chart(found, measure=measure, look=drawing.look(ctx), t=t)
        drawing.draw(ctx, chart, effect_chart.describe(found), key="case_effect", metric=brief.whole.metric)
    if words.guards:
        st.table(
            [
                {t("What must not get worse"): plain(name), t("State"): state, t("Change and its interval"): change}
                for name, state, change in words.guards
            ],
            hide_index=True,
            border="horizontal",
        )
    if words.if_wrong:
        st.markdown(f"**{t('What if we are wrong?')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in words.if_wrong))
    if words.attention:
        st.markdown(f"**{t('What could mislead')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in words.attention))


def _decision(ctx: Context, person: Person, brief: Brief, meeting_id: int) -> None:
    t, row = ctx.t, brief.row
    pilot_id = key(row.pilot.id)
    made = decisions.decisions_of(ctx.session, pilot_id)
    newest = made[0] if made else None
    st.subheader(t("Decision"))
    if newest is not None and row.status not in pilot_decide.OPEN and _scaled_before(made, meeting_id):
        if newest.decision.meeting_id == meeting_id:
            st.success(t("The check is written down and goes into the minutes of this meeting."))
        meeting_follow_up.show(ctx, row, next((one for one in made if one.in_force), None))
        return
    if newest is not None and (newest.waiting or newest.decision.meeting_id == meeting_id):
        pilot_decided.show(ctx, row, newest)
        if newest.decision.meeting_id == meeting_id and newest.decision.by_id == person.id:
            _anew(ctx, brief, newest, meeting_id)
        return
    if row.status not in pilot_decide.OPEN:
        meeting_follow_up.show(ctx, row, next((one for one in made if one.in_force), None))
        return
    if brief.stored is None:
        st.info(t("Evaluate the pilot first: a decision is made on an evaluation."))
    else:
        pilot_decide.form(
            ctx, row, brief.whole, brief.stored, meeting_id=meeting_id, after=lambda: _saved(ctx, pilot_id)
        )
    _postpone(ctx, person, brief, meeting_id)


def _scaled_before(made: Sequence[DecisionRow], meeting_id: int) -> bool:
    """Whether the pilot was scaled up before this meeting and nothing waits: what is decided now is a check."""
    before = [one for one in made if one.in_force and one.decision.meeting_id != meeting_id]
    return not made[0].waiting and any(Choice(one.decision.choice) is Choice.SCALE for one in before)


def _anew(ctx: Context, brief: Brief, newest: DecisionRow, meeting_id: int) -> None:
    """What was just decided can be decided anew; both stay in the record, the newer one stands."""
    if brief.stored is None:
        return
    pilot_id = key(brief.row.pilot.id)
    with st.expander(ctx.t("Decide anew"), key="case_anew"):
        st.caption(ctx.t("The decision above stays in the record; the new one takes its place."))
        pilot_decide.form(
            ctx,
            brief.row,
            brief.whole,
            brief.stored,
            meeting_id=meeting_id,
            replaces=key(newest.decision.id),
            after=lambda: _saved(ctx, pilot_id),
        )


def _saved(ctx: Context, pilot_id: int) -> None:
    """Close the pilot and say what was decided."""
    made = decisions.decisions_of(ctx.session, pilot_id)[0]
    choice = ctx.t(row_words.DECISIONS[Choice(made.decision.choice)])
    close_pilot()
    if made.waiting:
        st.toast(ctx.t.say("Saved: {choice}. A second person still approves it.", choice=choice))
    else:
        st.toast(ctx.t.say("Saved: {choice}.", choice=choice))


def _postpone(ctx: Context, person: Person, brief: Brief, meeting_id: int) -> None:
    t = ctx.t
    pilot_id = key(brief.row.pilot.id)
    item = meetings.items(ctx.session, meeting_id).get(pilot_id)
    if item is not None and item.postponed:
        st.info(t("Left for the next meeting.") + (f" {plain(item.note)}" if item.note else ""))
        if st.button(t("Take it up after all"), key="case_take_up", icon=":material/undo:"):
            with refusals(ctx) as outcome, ctx.writing() as session:
                meetings.take_up_again(session, meeting_id=meeting_id, pilot_id=pilot_id, by=person)
            if outcome.ok:
                st.rerun()
        return
    with st.expander(t("Leave it for the next meeting"), key="case_leave"):
        note = st.text_input(t("Why? (optional)"), key=f"case_note_{pilot_id}", max_chars=LONGEST_NOTE)
        if st.button(t("Leave for the next meeting"), key="case_postpone"):
            with refusals(ctx) as outcome, ctx.writing() as session:
                meetings.postpone(session, meeting_id=meeting_id, pilot_id=pilot_id, by=person, note=note or "")
            if outcome.ok:
                close_pilot()
                st.toast(t.say("{pilot} is left for the next meeting.", pilot=brief.row.pilot.code))
                st.rerun()
