"""After scaling up: where the change is in use, whether its effect has held, and writing down the check."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import streamlit as st

from models.metrics import Metric
from pages import form_problems, pilot_adoption, pilot_decide, pilot_seen, touch
from pages.context import Context
from pages.terms import MEANINGS, Term
from services import adoption, follow_up, pilot_words
from services.errors import BadInput
from services.follow_up import FollowUp, Keep, State
from services.follow_up_effects import Later
from services.i18n import N_
from services.permissions import May
from services.pilots import PilotRow
from services.rows import key
from services.scaling import SCALED, next_mark, scaling_of
from services.wording import sentence
from stats.effect import EffectEstimate

FORM, READ = "follow_up", "follow_up_read"
SECONDS = 60
LONGEST = 1000
PRINT = "<style>@media print { [class*=st-key-follow_up_form] { display: none; } }</style>"
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
KEEPS: dict[Keep, str] = {
    Keep.ESTABLISH: N_("It has held: make it an established practice"),
    Keep.GO_ON: N_("Keep it in use and check again"),
    Keep.ADAPT: N_("Give it up as it is: adapt and retest"),
}


def show(ctx: Context, row: PilotRow) -> None:
    """Draw it for a pilot that was scaled up; nothing for others."""
    if row.status not in SCALED:
        return
    scaling = scaling_of(ctx.session, key(row.pilot.id))
    if scaling is None:
        return
    adopted = adoption.not_comparable_from(ctx.session, key(scaling.decision.id), decided_on=scaling.decided_on)
    mark = (row.status.value, len(scaling.checks), *sorted(adopted.items()))
    found = _found(ctx, ctx.settings.database_url, key(row.pilot.id), key(scaling.decision.id), ctx.today, mark)
    if found is None:
        return
    t = ctx.t
    st.html(PRINT)
    st.header(t("After scaling up"), anchor="follow-up")
    _effect(ctx, found)
    _check(ctx, row, found)
    pilot_adoption.units(ctx, row, key(found.scaling.decision.id))


@st.cache_data(ttl=SECONDS, max_entries=100, show_spinner=False)
def _found(
    _ctx: Context, database: str, pilot_id: int, decision_id: int, today: dt.date, mark: tuple[object, ...]
) -> FollowUp | None:
    """The follow-up, kept while nothing it rests on has changed, so that a tap on a unit's state answers at once."""
    return follow_up.follow_up(_ctx.session, pilot_id=pilot_id, today=today)


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
    said.append(t(MEANINGS[Term.INTERVAL]))
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
    with st.expander(t("Write down the check"), expanded=opened, key=f"follow_up_form_{own}"):
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
        meeting_id = pilot_decide.meeting_led(ctx)
        pressed = st.button(
            t("Save the check"),
            key="follow_up_save",
            type="primary",
            on_click=st.session_state.__setitem__,
            args=(READ, pilot_seen.newest(ctx, key(row.pilot.id))),
        )
        if not pressed:
            return
    read = st.session_state.pop(READ, None)

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
                meeting_id=meeting_id,
                read=read,
            )

    if form_problems.tried(FORM, record):
        st.toast(t("The check is saved."))
    st.rerun()


def _recommended(found: FollowUp) -> Keep:
    if found.state is State.FADED:
        return Keep.ADAPT
    return Keep.ESTABLISH if found.state is State.HELD else Keep.GO_ON


def _named(ctx: Context, keep: Keep, recommended: Keep) -> str:
    text = ctx.t(KEEPS[keep])
    return ctx.t.say("{choice} (recommended)", choice=text) if keep is recommended else text
