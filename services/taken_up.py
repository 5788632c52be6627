"""What feedback has been taken up where: themes in units that something answers, and those that wait too long.

A unit has heard a theme on the day its third unhappy customer within a quarter named it. From then on the clock runs
until the first change: the start of a pilot, a scale-up that reaches the unit, or an idea solved on the spot.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.decisions import Choice, Decision, DecisionApproval, DecisionUnit
from models.ideas import Idea, IdeaStatus
from models.organisation import Unit
from models.people import Person
from models.pilots import Status
from models.plans import PlanUnit, PlanUnitRole
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.organisation import all_units
from services.permissions import May, require
from services.pilots import PilotRow, list_pilots
from services.rows import key
from services.settings import ZONE
from services.theme_browse import SINGLE_OPINION_BELOW
from services.theme_pages import all_themes

TARGET_DAYS = 30
"""From hearing a theme to the first change."""
QUARTER = dt.timedelta(weeks=13)
HISTORY = dt.timedelta(weeks=104)
"""How far back it is looked for the day a theme was first heard."""
NOT_STARTED = frozenset({Status.IDEA, Status.PLANNED})
NO_ANSWER = frozenset({IdeaStatus.DECLINED, IdeaStatus.WITHDRAWN})
"""An idea that ended so answers nothing."""
Pair = tuple[int, int]
"""A theme and a unit, by their ids."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A theme in a unit that has been heard, and where nothing has changed.

    Attributes:
        theme: The theme.
        unit: The unit.
        heard_on: The day it was heard.
        days: Days since then.
        unhappy: Unhappy customers who named it in the last quarter.
        proposed: Whether an idea or a pilot that has not started answers it.
    """

    theme: Theme
    unit: Unit
    heard_on: dt.date
    days: int
    unhappy: int
    proposed: bool


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How soon something changes once a theme is heard.

    Attributes:
        median_days: Median days to the first change, of those where something has changed; None without any.
        changed: Themes in units where something has changed after they were heard.
        in_time: Those of them where it took at most TARGET_DAYS.
        overdue: Themes in units that have waited longer and are still heard, most unhappy customers first.
    """

    median_days: float | None
    changed: int
    in_time: int
    overdue: tuple[Waiting, ...]


def on_day(moment: dt.datetime) -> dt.date:
    """The day of a moment, in Finland.

    >>> on_day(dt.datetime(2026, 3, 1, 23, 0, tzinfo=dt.UTC))
    datetime.date(2026, 3, 2)
    """
    return moment.astimezone(ZONE).date()


def actionable(session: Session) -> dict[int, Theme]:
    """Themes in use that a unit can act on, by id: not thanks, nor what no unit decides."""
    return {key(theme.id): theme for theme in all_themes(session) if theme.controllable and not theme.praise}


def themes_of(row: PilotRow) -> frozenset[int]:
    """The themes a pilot answers; a merged one is the one it went into."""
    return frozenset(theme.merged_into_id or key(theme.id) for theme in (row.theme, *row.further_themes))


def answering_ideas(session: Session, unit_ids: Collection[int] | None = None) -> list[tuple[int, Idea]]:
    """Ideas that name a theme and have not been declined or withdrawn, each with the theme that counts."""
    query = (
        select(Idea, Theme)
        .join(Theme, col(Theme.id) == Idea.theme_id)
        .where(col(Idea.status).not_in(NO_ANSWER))
        .order_by(col(Idea.id))
    )
    if unit_ids is not None:
        query = query.where(col(Idea.unit_id).in_(sorted(unit_ids)))
    return [(theme.merged_into_id or key(theme.id), idea) for idea, theme in session.exec(query).all()]


def decisions_in_force(session: Session) -> list[Decision]:
    """Every decision that counts, oldest first."""
    query = (
        select(Decision)
        .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
        .where(sa.or_(col(Decision.overrides).is_(False), col(DecisionApproval.by_id).is_not(None)))
        .order_by(col(Decision.at), col(Decision.id))
    )
    return list(session.exec(query).all())


def taken_up(session: Session, *, today: dt.date) -> dict[Pair, dt.date | None]:
    """Themes in units that an idea or a pilot answers, with the day of the first change; None while nothing changed."""
    found: dict[Pair, dt.date | None] = {}

    def answer(theme_ids: Iterable[int], unit_ids: Iterable[int], changed: dt.date | None) -> None:
        for pair in ((theme, unit) for theme in theme_ids for unit in unit_ids):
            before = found.get(pair)
            found[pair] = before if changed is None else min(before or changed, changed)

    rows = {key(row.pilot.id): row for row in list_pilots(session, today=today)}
    units = _pilot_units(session, rows.values())
    for pilot_id, row in rows.items():
        started = row.status not in NOT_STARTED and row.plan.start_on <= today
        answer(themes_of(row), units[pilot_id] | {row.pilot.unit_id}, row.plan.start_on if started else None)
    reached: dict[int, set[int]] = {}
    for link in session.exec(select(DecisionUnit)).all():
        reached.setdefault(link.decision_id, set()).add(link.unit_id)
    for decision in decisions_in_force(session):
        if decision.choice is Choice.SCALE:
            answer(themes_of(rows[decision.pilot_id]), reached.get(key(decision.id), set()), on_day(decision.at))
    for theme_id, idea in answering_ideas(session):
        solved = idea.answered_at if idea.status is IdeaStatus.SOLVED else None
        answer([theme_id], [idea.unit_id], on_day(solved) if solved is not None else None)
    return found


def _pilot_units(session: Session, rows: Iterable[PilotRow]) -> dict[int, set[int]]:
    """The units that each pilot's plan has try the change."""
    plans = {key(row.plan.id): key(row.pilot.id) for row in rows}
    found: dict[int, set[int]] = {pilot: set() for pilot in plans.values()}
    query = select(PlanUnit).where(PlanUnit.role == PlanUnitRole.PILOT, col(PlanUnit.plan_id).in_(list(plans)))
    for link in session.exec(query).all():
        found[plans[link.plan_id]].add(link.unit_id)
    return found


def first_heard(
    session: Session, *, themes: Collection[int], today: dt.date, unit_ids: Collection[int] | None = None
) -> tuple[dict[Pair, dt.date], dict[Pair, int]]:
    """The day each theme was heard in each unit, and the unhappy people who named it in the last quarter."""
    fact = ThemeAnswer
    query = (
        sa.select(col(fact.theme_id), col(fact.unit_id), col(fact.given_on), col(fact.person))
        .where(
            col(fact.tone) == "neg",
            col(fact.theme_id).in_(sorted(themes)),
            col(fact.given_on).between(today - HISTORY, today),
        )
        .order_by(col(fact.given_on))
    )
    if unit_ids is not None:
        query = query.where(col(fact.unit_id).in_(sorted(unit_ids)))
    said: dict[Pair, list[tuple[dt.date, int]]] = {}
    for theme, unit, day, person in session.execute(query).all():
        said.setdefault((theme, unit), []).append((day, person))
    heard = {pair: day for pair, days in said.items() if (day := _third(days)) is not None}
    recent = {pair: len({person for day, person in days if day > today - QUARTER}) for pair, days in said.items()}
    return heard, recent


def _third(days: Sequence[tuple[dt.date, int]]) -> dt.date | None:
    """The first day on which enough people have spoken within a quarter; None when that never happened."""
    window: deque[tuple[dt.date, int]] = deque()
    for day, person in days:
        window.append((day, person))
        while window[0][0] <= day - QUARTER:
            window.popleft()
        if len({one for _, one in window}) >= SINGLE_OPINION_BELOW:
            return day
    return None


def clock(session: Session, *, today: dt.date, by: Person | None, unit_ids: Collection[int] | None = None) -> Clock:
    """How soon something changes once a theme is heard, and where it has not.

    Raises:
        NotAllowed: The person may not see pilots.
    """
    require(session, by, May.SEE_PILOTS)
    themes = actionable(session)
    heard, recent = first_heard(session, themes=themes, today=today, unit_ids=unit_ids)
    changes = taken_up(session, today=today)
    took = [
        (changed - day).days
        for pair, day in heard.items()
        if (changed := changes.get(pair)) is not None and changed >= day
    ]
    units = {key(unit.id): unit for unit in all_units(session)}
    overdue = [
        Waiting(
            theme=themes[theme],
            unit=units[unit],
            heard_on=day,
            days=(today - day).days,
            unhappy=recent[theme, unit],
            proposed=(theme, unit) in changes,
        )
        for (theme, unit), day in heard.items()
        if changes.get((theme, unit)) is None
        and (today - day).days > TARGET_DAYS
        and recent[theme, unit] >= SINGLE_OPINION_BELOW
    ]
    return Clock(
        median_days=statistics.median(took) if took else None,
        changed=len(took),
        in_time=sum(days <= TARGET_DAYS for days in took),
        overdue=tuple(sorted(overdue, key=lambda one: (-one.unhappy, one.theme.code, one.unit.code))),
    )


def pairs_of(changes: Mapping[Pair, dt.date | None]) -> list[Pair]:
    """The pairs in an order that does not change."""
    return sorted(changes)
