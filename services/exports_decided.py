"""Exports of what was found and decided: evaluations, decisions, use in units, ideas. No names, no reasons."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.adoption import Adoption
from models.decisions import Decision, DecisionApproval, DecisionUnit, Evaluation
from models.ideas import Idea, IdeaStatus
from models.metrics import Metric
from models.organisation import Unit
from models.pilots import Pilot
from models.plans import PilotPlan
from services.exports_pilots import PILOT, SEPARATOR, UNIT, codes
from services.exports_schema import HIDDEN, Row, Scope, Table, date, flag, integer, number, text
from services.i18n import N_
from services.rows import key
from services.settings import ZONE
from services.small_numbers import LEAST_STAFF, shown
from services.weekly_told import few_answers


def _evaluations(session: Session, scope: Scope) -> Iterator[Row]:
    query = (
        select(Evaluation, Pilot, PilotPlan.version, Metric)
        .join(Pilot, col(Pilot.id) == Evaluation.pilot_id)
        .join(PilotPlan, col(PilotPlan.id) == Evaluation.plan_id)
        .join(Metric, col(Metric.id) == PilotPlan.metric_id)
        .order_by(Pilot.code, col(Evaluation.id))
        .execution_options(yield_per=200)
    )
    for row, pilot, version, metric in session.exec(query):
        if scope.holds(pilot.unit_id):
            told = row.result.get("fields", {})
            before, after = _plain(told.get("answers_before")), _plain(told.get("answers_after"))
            few = few_answers(metric, (before or 0.0, after or 0.0))
            effect = (row.effect, _plain(told.get("standard_error")), row.interval_low, row.interval_high)
            yield (
                key(row.id),
                pilot.code,
                version,
                row.as_of.isoformat(),
                row.verdict.value,
                row.rule,
                *((None,) * 4 if few else effect),
                told.get("method") if isinstance(told.get("method"), str) else None,
                None if few else before,
                None if few else after,
                row.inputs_hash,
                row.code_version,
            )


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _decisions(session: Session, scope: Scope) -> Iterator[Row]:
    reached = codes(session, DecisionUnit, col(DecisionUnit.decision_id), Unit, on=col(Unit.id) == DecisionUnit.unit_id)
    approved = {row.decision_id: row.at for row in session.exec(select(DecisionApproval))}
    query = (
        select(Decision, Pilot).join(Pilot, col(Pilot.id) == Decision.pilot_id).order_by(Pilot.code, col(Decision.id))
    )
    made = session.exec(query).all()
    current = {row.pilot_id: row.id for row, _ in made if not row.overrides or row.id in approved}
    for row, pilot in made:
        if scope.holds(pilot.unit_id):
            second = approved.get(key(row.id))
            yield (
                key(row.id),
                pilot.code,
                row.evaluation_id,
                row.at.astimezone(ZONE).date().isoformat(),
                row.recommended.value,
                row.choice.value,
                row.overrides,
                second.astimezone(ZONE).date().isoformat() if second else None,
                not row.overrides or second is not None,
                current.get(row.pilot_id) == row.id,
                row.review_on.isoformat() if row.review_on else None,
                SEPARATOR.join(reached.get(key(row.id), [])),
            )


def _adoption(session: Session, scope: Scope) -> Iterator[Row]:
    query = (
        select(Adoption, Pilot.code, Unit)
        .join(Decision, col(Decision.id) == Adoption.decision_id)
        .join(Pilot, col(Pilot.id) == Decision.pilot_id)
        .join(Unit, col(Unit.id) == Adoption.unit_id)
        .order_by(col(Adoption.id))
    )
    for row, pilot, unit in session.exec(query):
        if scope.holds(key(unit.id)):
            yield pilot, row.decision_id, unit.code, row.state.value, row.at.astimezone(ZONE).date().isoformat()


def _ideas(session: Session, scope: Scope) -> Iterator[Row]:
    people = col(Idea.by_id)
    query = (
        sa.select(
            col(Unit.id),
            col(Unit.code),
            sa.func.count(),
            sa.func.count(sa.distinct(people)),
            *(sa.func.sum(sa.case((col(Idea.status) == status, 1), else_=0)) for status in IdeaStatus),
            *(sa.func.count(sa.distinct(sa.case((col(Idea.status) == status, people)))) for status in IdeaStatus),
        )
        .join_from(Idea, Unit, col(Unit.id) == Idea.unit_id)
        .group_by(col(Unit.id), col(Unit.code))
        .order_by(col(Unit.code))
    )
    for unit_id, code, ideas, proposers, *figures in session.execute(query):
        if scope.holds(unit_id):
            by_status, sizes = figures[: len(IdeaStatus)], figures[len(IdeaStatus) :]
            hidden = proposers < LEAST_STAFF
            told = [None if hidden else count for count in _statuses(by_status, sizes)]
            yield code, None if hidden else int(ideas), *told, hidden or None in told


def _statuses(ideas: list[int], people: list[int]) -> list[int | None]:
    """Ideas of each status; None for those of few people, and for those from which they could be worked out."""
    sizes = {str(place): float(number) for place, number in enumerate(people)}
    kept = shown(sizes, total=sum(sizes.values()), least=LEAST_STAFF)
    return [int(number) if not number or str(place) in kept else None for place, number in enumerate(ideas)]


TABLES: tuple[Table, ...] = (
    Table(
        name="evaluations",
        title=N_("Evaluations"),
        about=N_("A row an evaluation as it was stored: what the rules recommended, of which data, by which version."),
        columns=(
            integer("evaluation", N_("Number of the evaluation.")),
            PILOT,
            integer("plan_version", N_("The version of the plan it followed.")),
            date("as_of", N_("Last day whose data it used.")),
            text("verdict", N_("What the rules recommended.")),
            text("rule", N_("The rule that decided.")),
            number("effect", N_("The effect in the measure’s unit; empty when not estimated, or of too few people.")),
            number("standard_error", N_("Its standard error.")),
            number("interval_low", N_("Lower end of its interval (95 per cent).")),
            number("interval_high", N_("Upper end of its interval (95 per cent).")),
            text("method", N_("The method of the estimate.")),
            number("answers_before", N_("Answers or exposure of the pilot units before the start.")),
            number("answers_after", N_("Answers or exposure of the pilot units after the start.")),
            text("inputs_hash", N_("SHA-256 of everything it read.")),
            text("code_version", N_("Version of the program.")),
        ),
        rows=_evaluations,
    ),
    Table(
        name="decisions",
        title=N_("Decisions"),
        about=N_("A row a decision, checks of scaled pilots among them. Reasons and names of people stay here."),
        columns=(
            integer("decision", N_("Number of the decision.")),
            PILOT,
            integer("evaluation", N_("Number of the evaluation it rests on.")),
            date("decided_on", N_("Day of the decision.")),
            text("recommended", N_("What the rules recommended.")),
            text("choice", N_("What was decided.")),
            flag("overrides", N_("Whether it differs from the recommendation.")),
            date("approved_on", N_("Day on which a second person approved it.")),
            flag("in_force", N_("Whether it counts: a differing one waits for its second person.")),
            flag("current", N_("Whether it is the pilot's newest one that counts; earlier ones stay on record.")),
            date("review_on", N_("Day of the next check.")),
            text("scale_to", N_("Units that take the change into use, separated by spaces.")),
        ),
        rows=_decisions,
    ),
    Table(
        name="adoption",
        title=N_("Taking into use"),
        about=N_("A row each time a unit said where it stands with a scaled change."),
        columns=(
            PILOT,
            integer("decision", N_("Number of the decision to scale up.")),
            UNIT,
            text("state", N_("Where it stands: not_started, in_use, adapted, dropped.")),
            date("said_on", N_("Day it was said.")),
        ),
        rows=_adoption,
    ),
    Table(
        name="ideas",
        title=N_("Ideas"),
        about=N_("A row a unit with how many ideas its staff have proposed; none of their words."),
        columns=(
            UNIT,
            integer("ideas", N_("Ideas proposed.")),
            integer("open", N_("Of them waiting for an answer.")),
            integer("tried", N_("Of them became pilots.")),
            integer("solved", N_("Of them solved on the spot.")),
            integer("declined", N_("Of them declined.")),
            integer("withdrawn", N_("Of them taken back.")),
            flag(HIDDEN, N_("1 when figures are left out: fewer than 5 people, or one could be worked out.")),
        ),
        rows=_ideas,
    ),
)
