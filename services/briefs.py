"""Everything the one-page brief says about a pilot, read once for the screen and for paper."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.feedback import Feedback
from models.pilots import Happened, LogEntry, Status
from services import decisions, evaluation, log_weeks, pilots, plans, recent, staff_views, theme_browse, weekly_log
from services.decisions import DecisionRow
from services.evaluation import StoredEvaluation
from services.pilots import PilotRow
from services.plans import WholePlan
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS as LEAST_CUSTOMERS
from services.small_numbers import apart
from services.taken_up import on_day
from services.theme_browse import Scope
from services.value import Value, value
from services.weekly_told import few_answers
from stats.evaluation import Evaluation

VOICE_WEEKS = 26
"""How far back before the start (or today) customers are listened to."""
QUOTES = 2
QUOTE_LENGTHS = range(25, 181)
"""Comments that say something and still fit on a page."""
LOOKED_AT = 40
NOTES = 2
NOTE_LONGEST = 160


class Stage(enum.StrEnum):
    """How far a pilot is for its brief."""

    IDEA = "idea"
    NOT_STARTED = "not_started"
    NOT_EVALUATED = "not_evaluated"
    UNREADABLE = "unreadable"
    EVALUATED = "evaluated"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What customers of the pilot's units said on its theme before it started.

    Attributes:
        few: Whether so few said it that no number and no comment may be told.
        people: Distinct respondents; 0 when few.
        answers: Answers, repeats counted once; 0 when few.
        channels: How many channels they came through; 0 when few.
        on_decisions: Of the answers, those on an official decision or order; 0 when they, or the others, are few.
        quotes: A comment or two, redacted, newest first; empty for a reader who may not read comments.
        first: First day listened to.
        last: Last day.
    """

    few: bool
    people: int
    answers: int
    channels: int
    on_decisions: int
    quotes: tuple[Feedback, ...]
    first: dt.date
    last: dt.date


@dataclass(frozen=True, kw_only=True)
class StaffView:
    """What the weekly log says.

    Attributes:
        weeks: Weeks that somebody logged.
        total: Weeks of the plan.
        fidelity: Share of the logged weeks in which the change happened; None when nothing was logged.
        work_went: How the work went (1 to 5), as `staff_views.mood` tells it; None from fewer than five people.
        notes: What the team noticed, newest first; from weeks that did not go as planned, when there are such, too.
    """

    weeks: int
    total: int
    fidelity: float | None
    work_went: float | None
    notes: tuple[LogEntry, ...]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A pilot on one page.

    Attributes:
        row: The pilot with unit, themes and standing.
        whole: Its plan in force.
        stage: How far it is.
        stored: Its newest evaluation, if any.
        outdated: Whether the plan was changed after that evaluation.
        voice: What customers said.
        staff: What the weekly log says.
        value: What the first year takes, and what that is for a gain.
        decided: The newest decision in force.
        waiting: A decision that waits for its second person.
    """

    row: PilotRow
    whole: WholePlan
    stage: Stage
    stored: StoredEvaluation | None
    outdated: bool
    voice: Voice
    staff: StaffView
    value: Value
    decided: DecisionRow | None
    waiting: DecisionRow | None

    @property
    def result(self) -> Evaluation | None:
        """What the statistics said, where the pilot has been evaluated."""
        return self.stored.result if self.stage is Stage.EVALUATED and self.stored is not None else None

    @property
    def few_answers(self) -> bool:
        """Whether the effect rests on so few people that its numbers are not shown."""
        result = self.result
        return result is not None and few_answers(self.whole.metric, (result.answers_before, result.answers_after))


def brief(session: Session, *, pilot_id: int, today: dt.date, comments: bool = False) -> Brief:
    """A pilot's brief as of a day.

    Args:
        session: Reads the record.
        pilot_id: The pilot.
        today: The day it is.
        comments: Whether the reader may read customers' comments of the unit; numbers are told to everyone.

    Raises:
        NotFound: There is no such pilot.
    """
    row = pilots.pilot_row(session, pilot_id=pilot_id, today=today)
    whole = plans.current(session, pilot_id)
    stored = evaluation.latest(session, pilot_id)
    made = decisions.decisions_of(session, pilot_id)
    return Brief(
        row=row,
        whole=whole,
        stage=_stage(row, stored, today),
        stored=stored,
        outdated=stored is not None and stored.row.plan_id != whole.plan.id,
        voice=_voice(session, row, whole, today, comments=comments),
        staff=_staff(session, row, today),
        value=value(row, whole, stored),
        decided=next((one for one in made if one.in_force), None),
        waiting=next((one for one in made if one.waiting), None),
    )


def level_before(session: Session, row: PilotRow, whole: WholePlan, *, today: dt.date) -> float | None:
    """The metric's mean in the pilot units' last whole weeks; None for a group's pilot or too few people.

    The weeks before the start once the pilot has started; until then those before its registration, so that every
    paper says the level from which its team made the prediction.
    """
    if whole.plan.population:
        return None
    started = evaluation.has_started(row, today)
    day = whole.plan.start_on if started else min(today, on_day(row.pilot.created_at))
    found = recent.levels(session, metric=whole.metric, units=whole.pilot_units, today=day).values()
    answers = sum(one.per_week * one.weeks for one in found)
    if not found or (not whole.metric.manual and answers < LEAST_CUSTOMERS):
        return None
    return sum(one.value * one.per_week * one.weeks for one in found) / answers


def _stage(row: PilotRow, stored: StoredEvaluation | None, today: dt.date) -> Stage:
    if row.status is Status.IDEA:
        return Stage.IDEA
    if not evaluation.has_started(row, today):
        return Stage.NOT_STARTED
    if stored is None:
        return Stage.NOT_EVALUATED
    return Stage.EVALUATED if stored.result is not None else Stage.UNREADABLE


def _voice(session: Session, row: PilotRow, whole: WholePlan, today: dt.date, *, comments: bool) -> Voice:
    last = min(whole.plan.start_on - dt.timedelta(days=1), today)
    first = last - dt.timedelta(weeks=VOICE_WEEKS) + dt.timedelta(days=1)
    unit_ids = [key(unit.id) for unit in whole.pilot_units]
    scope = Scope(first=first, last=last, unit_ids=unit_ids)
    found = theme_browse.summary(session, scope, row.theme)
    if found.people < LEAST_CUSTOMERS:
        return Voice(
            few=True, people=0, answers=0, channels=0, on_decisions=0, quotes=(), first=first, last=last
        )  # fmt: skip
    on_decisions = theme_browse.summary(
        session, Scope(first=first, last=last, unit_ids=unit_ids, statutory=True), row.theme
    )
    return Voice(
        few=False,
        people=found.people,
        answers=found.answers,
        channels=found.channels,
        on_decisions=on_decisions.answers if apart(on_decisions.people, found.people) else 0,
        quotes=_quotes(session, scope, key(row.theme.id)) if comments else (),
        first=first,
        last=last,
    )


def _quotes(session: Session, scope: Scope, theme_id: int) -> tuple[Feedback, ...]:
    """The newest comments of a good length, none said twice."""
    newest, _ = theme_browse.quotes(session, scope, theme_id=theme_id, limit=LOOKED_AT)
    chosen: dict[str, Feedback] = {}
    for quote in newest:
        text = (quote.feedback.text or "").strip()
        if len(text) in QUOTE_LENGTHS:
            chosen.setdefault(text.casefold(), quote.feedback)
    return tuple(chosen.values())[:QUOTES]


def _staff(session: Session, row: PilotRow, today: dt.date) -> StaffView:
    pilot_id = key(row.pilot.id)
    entries = [one for one in weekly_log.entries(session, pilot_id) if log_weeks.within(row.plan, one.week)]
    return StaffView(
        weeks=len({entry.week for entry in entries}),
        total=weekly_log.pilot_week(row.plan, today).total,
        fidelity=weekly_log.fidelity(session, pilot_id),
        work_went=staff_views.mood(entries, today=today),
        notes=_notes(entries),
    )


def _notes(entries: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
    """The newest notes; one of them from a week in which the change did not quite happen, where somebody wrote one."""
    noted = [entry for entry in reversed(entries) if entry.note and len(entry.note) <= NOTE_LONGEST]
    chosen = noted[:NOTES]
    doubting = next((entry for entry in noted if Happened(entry.happened) is not Happened.YES), None)
    if doubting is not None and doubting not in chosen:
        chosen = [*chosen[: NOTES - 1], doubting]
    return tuple(chosen)
