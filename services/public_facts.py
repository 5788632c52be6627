"""What stands beside a story's words: how many people said it, and what was measured. Small groups stay hidden.

Both are worked out, not written, so whoever approves a story sees them in its preview.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from models.decisions import Decision, Evaluation
from models.metrics import Metric, MetricFamily
from models.plans import PilotPlan
from services import plans
from services.evaluation import StoredEvaluation
from services.lineage import sources
from services.plans import WholePlan
from services.rows import get, key
from services.small_numbers import LEAST_CUSTOMERS, LEAST_STAFF
from services.stories import PublicStory
from services.theme_families import answers_of, family
from services.theme_scope import Scope
from stats.results import Evaluation as Result
from stats.rules import Verdict

WEEKS_BEFORE = 26
"""How long before the start people are counted."""
SURE = ("moderate", "high")
"""Grades of evidence from which a change may be said to come from what was tried."""


@dataclass(frozen=True, kw_only=True)
class PublicEffect:
    """What was measured, for a sentence.

    Attributes:
        metric: What was followed.
        effect: The difference to what would have been expected without the change, in the metric's unit.
        low: Lower end of its interval.
        high: Upper end of it.
        by_the_change: Whether the evidence is good enough to say that what was tried did it.
    """

    metric: Metric
    effect: float
    low: float
    high: float
    by_the_change: bool

    @property
    def seen(self) -> bool:
        """Whether chance alone would hardly do it: the interval lies on one side of nothing."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class PublicFacts:
    """What stands beside a story's words.

    Attributes:
        people: How many people spoke of the theme in the unit before the start; None when there were too few to say.
        effect: What was measured; None when it may not be told.
    """

    people: int | None
    effect: PublicEffect | None


def facts(session: Session, told: PublicStory) -> PublicFacts:
    """The facts of a story: its people from the weeks before the start, its effect as it was when it was decided on."""
    whole = plans.current(session, key(told.pilot.id))
    return PublicFacts(
        people=people_before(session, told, whole.plan.start_on),
        effect=effect_decided_on(session, told.decision, whole) if told.decision is not None else None,
    )


def people_before(session: Session, told: PublicStory, start_on: dt.date) -> int | None:
    """How many people spoke of the story's theme in its unit in the half year before; None when fewer than ten did."""
    scope = Scope(
        first=start_on - dt.timedelta(weeks=WEEKS_BEFORE),
        last=start_on - dt.timedelta(days=1),
        unit_ids=tuple(sources(session, [key(told.unit.id)])),
    )
    answers = answers_of(family(session, key(told.theme.id)), scope.facts())
    people = int(session.execute(sa.select(sa.func.count(answers.c.person.distinct()))).scalar_one())
    return people if people >= LEAST_CUSTOMERS else None


def effect_decided_on(session: Session, decision: Decision, whole: WholePlan) -> PublicEffect | None:
    """What the evaluation behind a decision measured, when it may be told.

    It is not told when nothing could be estimated, when the data were too few for a recommendation, or when too few
    people are behind it: ten customers, five members of staff, both before and after the start.
    """
    row = get(session, Evaluation, decision.evaluation_id)
    result = StoredEvaluation(row).result
    if result is None or result.effect is None or result.interval is None:
        return None
    if result.verdict is Verdict.NOT_ENOUGH_DATA:
        return None
    metric = get(session, Metric, get(session, PilotPlan, row.plan_id).metric_id)
    if not _enough(metric, whole, result):
        return None
    return PublicEffect(
        metric=metric,
        effect=result.effect,
        low=result.interval.low,
        high=result.interval.high,
        by_the_change=result.evidence.grade in SURE,
    )


def _enough(metric: Metric, whole: WholePlan, result: Result) -> bool:
    smaller = min(result.answers_before, result.answers_after)
    if metric.family is MetricFamily.STAFF:
        known = [unit.staff for unit in whole.pilot_units if unit.staff is not None]
        return smaller >= LEAST_STAFF and (not known or sum(known) >= LEAST_STAFF)
    return smaller >= LEAST_CUSTOMERS
