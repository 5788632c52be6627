"""Has the effect of a scaled pilot held? Checked about 3, 6 and 12 months after the decision, and written down."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from sqlmodel import Session

from models.base import validated
from models.decisions import Choice, Decision, DecisionUnit, Evaluation, Verdict
from models.metrics import Direction, Metric
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, Status
from services import adoption, decisions, given, meetings, pilots, plans, portfolio
from services.errors import BadInput, Conflict
from services.evaluation import StoredEvaluation
from services.follow_up_effects import Later, later_effects
from services.i18n import N_
from services.permissions import May, require
from services.plans import WholePlan
from services.rows import get, held, key
from services.scaling import SCALED, DueCheck, Scaling, due, next_mark, scaling_of
from services.together import Together, together
from stats.effect import EffectEstimate
from stats.errors import CannotEstimateError
from stats.messages import Amount, Message
from stats.sustainment import Sustainment, sustainment

__all__ = ["DueCheck", "FollowUp", "Keep", "State", "due", "follow_up", "record_check"]


LONGEST_NOTE = 2000


class State(enum.StrEnum):
    """What is known of an effect after the decision."""

    TOO_EARLY = "too_early"
    HELD = "held"
    FADED = "faded"
    UNCLEAR = "unclear"


class Keep(enum.StrEnum):
    """What a check leads to."""

    ESTABLISH = "establish"
    GO_ON = "go_on"
    ADAPT = "adapt"


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A scaled pilot, months later.

    Attributes:
        scaling: The decision, its units, the checks so far and the day of the next.
        metric: What is measured.
        status: Where the pilot stands.
        at_decision: The effect at the decision, drawn towards the other pilots' where they are known; None without one.
        shrunken: Whether it was.
        later: The effect in windows of weeks after the decision, oldest first.
        state: Whether the effect has held.
        held: The comparison of the two; None without a later effect.
        sentence: What is known, in one sentence.
        compared_with: Comparison units of the plan that the newest window is compared with.
        adopted: Those that took the change into use and compare nothing any more.
        overdue: Whether the day of the next check has passed.
    """

    scaling: Scaling
    metric: Metric
    status: Status
    at_decision: EffectEstimate | None
    shrunken: bool
    later: tuple[Later, ...]
    state: State
    held: Sustainment | None
    sentence: Message
    compared_with: tuple[Unit, ...]
    adopted: tuple[Unit, ...]
    overdue: bool

    @property
    def next_check(self) -> dt.date:
        """When somebody next looks whether the effect has held."""
        return self.scaling.next_check

    @property
    def newest(self) -> Later | None:
        """The newest window with an effect."""
        return next((one for one in reversed(self.later) if one.estimate is not None), None)


def follow_up(session: Session, *, pilot_id: int, today: dt.date, known: Together | None = None) -> FollowUp | None:
    """What has become of the effect of a scaled pilot.

    Args:
        session: Any session.
        pilot_id: The pilot.
        today: Data after this day are not used.
        known: The pilots estimated together, where the caller has them already.

    Returns:
        The follow-up; None when no decision to scale the pilot up is in force.
    """
    row = pilots.pilot_row(session, pilot_id=pilot_id, today=today)
    scaling = scaling_of(session, pilot_id)
    if row.status not in SCALED or scaling is None:
        return None
    whole = plans.current(session, pilot_id)
    adopted = adoption.not_comparable_from(session, key(scaling.decision.id), decided_on=scaling.decided_on)
    later = later_effects(session, whole, decided_on=scaling.decided_on, adopted=adopted, today=today)
    then, shrunken = _at_decision(session, scaling, today=today, known=known)
    held = _held(whole, then, later)
    newest = next((one for one in reversed(later) if one.estimate is not None), None)
    state = State(held.status.value) if held else State.UNCLEAR if later else State.TOO_EARLY
    return FollowUp(
        scaling=scaling,
        metric=whole.metric,
        status=row.status,
        at_decision=then,
        shrunken=shrunken,
        later=tuple(later),
        state=state,
        held=held,
        sentence=_sentence(state, whole, scaling, then, newest),
        compared_with=newest.comparisons if newest else (),
        adopted=tuple(unit for unit in whole.comparison_units if adopted.get(key(unit.id)) is not None),
        overdue=scaling.next_check < today,
    )


def _at_decision(
    session: Session, scaling: Scaling, *, today: dt.date, known: Together | None
) -> tuple[EffectEstimate | None, bool]:
    """The effect the decision rested on. What is chosen for being large is too large, so it is drawn to the others'."""
    found = StoredEvaluation(get(session, Evaluation, scaling.decision.evaluation_id)).result
    if found is None or found.effect is None or found.standard_error is None or found.interval is None:
        return None, False
    if known is None:
        try:
            known = together(portfolio.rows(session, today=today))
        except CannotEstimateError:
            known = None
    if known is not None and scaling.decision.pilot_id in known.estimates:
        return known.estimates[scaling.decision.pilot_id], True
    return (
        EffectEstimate(
            effect=found.effect,
            standard_error=found.standard_error,
            interval=found.interval,
            method=found.method or "",
        ),
        False,
    )


def _held(whole: WholePlan, then: EffectEstimate | None, later: list[Later]) -> Sustainment | None:
    seen = [(one.months, one.estimate) for one in later if one.estimate is not None]
    if then is None or not seen:
        return None
    sign = _sign(whole)
    return sustainment(
        sign * then.effect,
        then.standard_error,
        months=[months for months, _ in seen],
        follow_ups=[sign * found.effect for _, found in seen],
        follow_up_errors=[found.standard_error for _, found in seen],
        smallest_change=whole.plan.smallest_change,
    )


def _sign(whole: WholePlan) -> float:
    return 1.0 if whole.plan.direction is Direction.INCREASE else -1.0


def _sentence(
    state: State, whole: WholePlan, scaling: Scaling, then: EffectEstimate | None, newest: Later | None
) -> Message:
    smallest = Amount(_sign(whole) * whole.plan.smallest_change)
    if state is State.TOO_EARLY:
        return Message(
            N_("It is too early to say whether the effect has held. The first figures come on {date}."),
            {"date": next_mark(scaling.decided_on, after=scaling.decided_on)},
        )
    if then is None:
        return Message(
            N_("The evaluation behind the decision holds no effect, so there is nothing that could have held.")
        )
    if newest is None or newest.estimate is None:
        return Message(N_("There are too few values after the decision to say whether the effect has held."))
    values = {
        "now": Amount(newest.estimate.effect),
        "then": Amount(then.effect),
        "months": round(newest.months),
        "smallest": smallest,
    }
    texts = {
        State.HELD: N_(
            "The effect has held: {now} about {months} months after the decision; {smallest} is enough to matter."
        ),
        State.FADED: N_(
            "The effect has faded: {then} at the decision, {now} about {months} months later; {smallest} is enough to "
            "matter."
        ),
        State.UNCLEAR: N_(
            "It is not clear yet whether the effect has held: {then} at the decision, {now} about {months} months "
            "later, but the figures are uncertain; {smallest} is enough to matter."
        ),
    }
    return Message(texts[state], values)


def record_check(
    session: Session,
    *,
    pilot_id: int,
    by: Person,
    today: dt.date,
    keep: Keep,
    review_on: dt.date | None = None,
    note: str = "",
    meeting_id: int | None = None,
    read: int | None = None,
) -> Decision:
    """Write down a check: a decision after the first one, on the same evaluation. Nothing is overwritten.

    Keeping a change whose effect has faded, or giving up one whose effect has not, differs from what the follow-up
    recommends: it needs a reason, and a second person before it is in force.

    Args:
        session: A writing session.
        pilot_id: The pilot.
        by: Who decides.
        today: The day of the check.
        keep: `establish` makes it an established practice, `go_on` keeps it in use and follows on, `adapt` ends it.
        review_on: The next check; left out, the next usual day.
        note: Why, in a sentence; personal data are taken out before it is stored.
        meeting_id: The meeting it was decided in.
        read: As in `decisions.record_decision`.

    Raises:
        BadInput: The next check is not in the future, or a differing decision has no reason.
        Conflict: The pilot is not scaled up, its effect has not held, a decision was not read or waits for its second
            person, or the same check was written down already.
        NotAllowed: The person may not decide on the unit's pilots.
    """
    pilot = held(session, Pilot, pilot_id)
    require(session, by, May.DECIDE, unit_id=pilot.unit_id)
    if meeting_id is not None:
        meetings.require_open(session, meeting_id=meeting_id, by=by)
    found = follow_up(session, pilot_id=pilot_id, today=today)
    if found is None:
        raise Conflict("This pilot is not scaled up, so there is nothing to check.")
    made = decisions.decisions_of(session, pilot_id)
    decisions.require_read(made, read)
    if any(row.waiting for row in made):
        raise Conflict("A decision on this pilot already waits for its second person.")
    if keep is Keep.ESTABLISH and found.state is not State.HELD:
        raise Conflict("The effect has not been seen to hold, so this is no established practice yet.")
    if review_on is not None and review_on <= today:
        raise BadInput("The review must lie in the future.", field="review_on")
    choice = Choice.ADAPT if keep is Keep.ADAPT else Choice.SCALE
    recommended = Verdict.ADAPT if found.state is State.FADED else Verdict.SCALE
    overrides = choice.value != recommended.value
    words = given.words(note, most=LONGEST_NOTE, field="reason")
    if overrides and not words:
        raise BadInput("Deciding against the recommendation needs a reason in writing.", field="reason")
    if review_on is None and choice is Choice.SCALE:
        review_on = next_mark(found.scaling.decided_on, after=today)
    new_practice = keep is Keep.ESTABLISH and found.status is not Status.ESTABLISHED
    if choice is Choice.SCALE and not new_practice and found.scaling.checked_until(review_on):
        raise Conflict("This check is written down already.")
    decision = validated(
        Decision,
        pilot_id=pilot_id,
        evaluation_id=found.scaling.decision.evaluation_id,
        recommended=recommended,
        choice=choice,
        overrides=overrides,
        reason=words,
        owner_id=found.scaling.decision.owner_id,
        review_on=review_on if choice is Choice.SCALE else None,
        meeting_id=meeting_id,
        by_id=by.id,
    )
    session.add(decision)
    session.flush()
    for unit in found.scaling.units if choice is Choice.SCALE else ():
        session.add(DecisionUnit(decision_id=key(decision.id), unit_id=key(unit.id)))
    if keep is Keep.ESTABLISH and found.status is not Status.ESTABLISHED:
        pilots.set_status(session, pilot_id=pilot_id, status=Status.ESTABLISHED, by_id=by.id, note=words)
    elif keep is Keep.ADAPT and not overrides:
        pilots.set_status(session, pilot_id=pilot_id, status=Status.ADAPTING, by_id=by.id, note=words)
    session.commit()
    return decision
