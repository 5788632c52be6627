"""Deciding on a pilot: four choices with the recommendation marked, a second person where it differs, the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from models.base import now
from models.decisions import Choice
from models.pilots import Status
from pages import form_problems, pilot_decided, touch
from pages.context import Context
from pages.pilot_seen import SEEN, Seen, newest
from services import decisions, meetings
from services.decisions import DecisionRow
from services.errors import BadInput
from services.evaluation import StoredEvaluation
from services.organisation import pilot_units
from services.owners import possible_owners
from services.permissions import May
from services.pilots import PilotRow
from services.plans import WholePlan
from services.row_words import DECISIONS
from services.rows import key
from services.scaling import next_mark

ANCHOR = "decision"
LONGEST = 2000
REVIEW_AFTER = dt.timedelta(weeks=12)
OPEN = (Status.RUNNING, Status.AWAITING_DECISION)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the form holds."""

    choice: Choice
    reason: str
    owner_id: int | None
    scale_to: tuple[int, ...]
    review_on: dt.date | None


def decide(
    ctx: Context, row: PilotRow, whole: WholePlan, stored: StoredEvaluation | None, *, first: int | None = None
) -> None:
    """Decisions so far, one that waits for its second person, and the form for those who may decide.

    Args:
        ctx: The rerun.
        row: The pilot.
        whole: Its plan.
        stored: Its newest evaluation.
        first: A decision that stands at the top of the page already.
    """
    t = ctx.t
    made = decisions.decisions_of(ctx.session, key(row.pilot.id))
    may = ctx.may(May.DECIDE, row.pilot.unit_id)
    if not made and not (may and row.status in OPEN):
        return
    st.header(t("Decision"), anchor=ANCHOR)
    for decision in made:
        if decision.decision.id != first:
            pilot_decided.show(ctx, row, decision)
    if any(decision.in_force for decision in made):
        _after(ctx, row, next(decision for decision in made if decision.in_force))
    if not may or any(decision.waiting for decision in made):
        return
    if row.status not in OPEN:
        return
    if stored is None:
        st.info(t("Evaluate the pilot first: a decision is made on an evaluation."))
        return
    with st.expander(t("Decide"), expanded=not made or form_problems.kept(_name(row)) is not None, key="decide_form"):
        form(ctx, row, whole, stored, meeting_id=meeting_led(ctx))


def meeting_led(ctx: Context) -> int | None:
    """The meeting that the person is leading now: what is decided goes into its minutes, and the form says so."""
    open_now = meetings.open_of(ctx.session, ctx.person) if ctx.person is not None else None
    if open_now is None or not open_now.going_on(now()):
        return None
    st.caption(ctx.t("You are leading a meeting. This decision goes into its minutes."))
    return key(open_now.meeting.id)


def _after(ctx: Context, row: PilotRow, made: DecisionRow) -> None:
    """What a decision asks the team to do next."""
    t = ctx.t
    if made.decision.choice is Choice.EXTEND and ctx.today > row.plan.end_on:
        st.info(t("The follow-up goes on, but the plan has ended. Give it a new last day under the plan below."))
    ctx.link(t("Tell customers what came of it"), "story", icon=":material/campaign:", code=row.pilot.code)


def form(
    ctx: Context,
    row: PilotRow,
    whole: WholePlan,
    stored: StoredEvaluation,
    *,
    meeting_id: int | None = None,
    replaces: int | None = None,
    after: Callable[[], None] = lambda: None,
) -> None:
    """The form, everything guessable filled in; it reruns the page once it has been tried.

    Args:
        ctx: The rerun.
        row: The pilot.
        whole: Its plan.
        stored: Its newest evaluation.
        meeting_id: The meeting that decides.
        replaces: The decision of this meeting that is made anew.
        after: Done once it is saved.
    """
    t = ctx.t
    pilot_id = key(row.pilot.id)
    touch.targets()
    answers = _answers(ctx, row, whole, stored)
    form_problems.by_button(ctx, _name(row))
    st.button(
        t("Save the decision"),
        key="decide_save",
        type="primary",
        on_click=st.session_state.__setitem__,
        args=(SEEN, Seen(pilot_id=pilot_id, evaluation_id=key(stored.row.id), decision_id=newest(ctx, pilot_id))),
    )
    seen = st.session_state.pop(SEEN, None)
    if seen is None or seen.pilot_id != pilot_id:
        return

    def record() -> None:
        if answers is None:
            raise BadInput("Choose one of the four.", field="choice")
        person = ctx.require(May.DECIDE, row.pilot.unit_id)
        with ctx.writing() as session:
            decisions.record_decision(
                session,
                evaluation_id=seen.evaluation_id,
                read=seen.decision_id,
                choice=answers.choice,
                by=person,
                today=ctx.today,
                reason=answers.reason,
                owner_id=answers.owner_id,
                review_on=answers.review_on,
                scale_to=answers.scale_to,
                meeting_id=meeting_id,
                replaces=replaces,
            )

    if form_problems.tried(_name(row), record):
        after()
    st.rerun()


def _name(row: PilotRow) -> str:
    """The form's name: what one pilot's form met is not shown at another's."""
    return f"decide_{row.pilot.code}"


def _answers(ctx: Context, row: PilotRow, whole: WholePlan, stored: StoredEvaluation) -> Answers | None:
    t = ctx.t
    recommended = stored.row.verdict.value
    own = f"{row.pilot.code}_{stored.row.id}"

    def name(choice: Choice) -> str:
        text = t(DECISIONS[choice])
        return t.say("{choice} (recommended)", choice=text) if choice.value == recommended else text

    choices = list(Choice)
    proposed = next((place for place, choice in enumerate(choices) if choice.value == recommended), None)
    choice = st.radio(t("What do you decide?"), choices, index=proposed, format_func=name, key=f"decide_choice_{own}")
    form_problems.at_field(ctx, _name(row), "choice")
    if choice is None:
        st.caption(t("The rules recommend nothing yet, so any decision needs a reason and a second person."))
    overrides = choice is not None and choice.value != recommended
    if overrides:
        st.warning(t("This differs from the recommendation. It needs a reason and a second person's approval."))
        pilot_decided.who_approves(ctx, row, ctx.person.id if ctx.person else None)
    reason = st.text_area(
        t("Reason (required)") if overrides else t("Reason (optional)"),
        height=100,
        max_chars=LONGEST,
        key=f"decide_reason_{own}",
    )
    form_problems.at_field(ctx, _name(row), "reason")
    owner_id = _owner(ctx, row, own)
    scale_to: tuple[int, ...] = ()
    review_on = None
    if choice is Choice.SCALE:
        scale_to = _scale_to(ctx, row, whole, own)
        form_problems.at_field(ctx, _name(row), "scale_to")
    if choice in (Choice.SCALE, Choice.EXTEND, Choice.ADAPT):
        review_on = _review(ctx, own, scaled=choice is Choice.SCALE)
        form_problems.at_field(ctx, _name(row), "review_on")
    if choice is None:
        return None
    return Answers(choice=choice, reason=reason or "", owner_id=owner_id, scale_to=scale_to, review_on=review_on)


def _owner(ctx: Context, row: PilotRow, own: str) -> int | None:
    people = {person.id: person for person in possible_owners(ctx.session)}
    ids: Sequence[int | None] = list(people)
    owner = row.pilot.owner_id
    return st.selectbox(
        ctx.t("Who carries it through?"),
        ids,
        index=ids.index(owner) if owner in people else None,
        format_func=lambda person_id: people[person_id].name,
        placeholder=ctx.t("Choose a person"),
        key=f"decide_owner_{own}",
    )


def _scale_to(ctx: Context, row: PilotRow, whole: WholePlan, own: str) -> tuple[int, ...]:
    units = {key(unit.id): unit for unit in pilot_units(ctx.session) if unit.id != row.pilot.unit_id}
    return tuple(
        st.multiselect(
            ctx.t("Units that take the change into use"),
            list(units),
            default=[key(unit.id) for unit in whole.comparison_units if unit.id in units],
            format_func=lambda unit_id: f"{units[unit_id].code} {ctx.t.local(units[unit_id].name)}",
            key=f"decide_units_{own}",
            placeholder=ctx.t("None"),
            help=ctx.t("Taking it into use unit by unit, and comparing, makes the evidence stronger at little cost."),
        )
    )


def _review(ctx: Context, own: str, *, scaled: bool) -> dt.date | None:
    t = ctx.t
    day = st.date_input(
        t("When do you check whether the effect has held?") if scaled else t("When do you come back to this?"),
        value=next_mark(ctx.today, after=ctx.today) if scaled else ctx.today + REVIEW_AFTER,
        format="DD.MM.YYYY",
        key=f"decide_review_{own}",
    )
    return day if isinstance(day, dt.date) else None
