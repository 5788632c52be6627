"""From feedback to established practice: how many themes got how far, how long it took, what never led to anything.

Every stage counts themes that a unit can act on. Each stage is a part of the one before, so the numbers never rise:

    spoken of    named by at least one answer of the period
    proposed     spoken of, and an idea or a pilot written down since the period began answers it
    tried        proposed, and a pilot among those has started
    decided      tried, and one of those pilots has been decided on
    in use       decided, and one of those has been scaled up and is still in use
    established  in use, and one of those is established practice
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback
from models.people import Person
from models.pilots import PilotStatus, Status
from models.theme_answers import ThemeAnswer
from services import pilots
from services.i18n import N_
from services.permissions import May, require
from services.rows import key
from services.taken_up import (
    NOT_STARTED,
    Pair,
    actionable,
    answering_ideas,
    decisions_in_force,
    first_heard,
    on_day,
    pairs_of,
    taken_up,
    themes_of,
)
from services.theme_scope import Scope


class Stage(enum.StrEnum):
    """How far a theme has got."""

    SPOKEN = "spoken"
    PROPOSED = "proposed"
    TRIED = "tried"
    DECIDED = "decided"
    IN_USE = "in_use"
    ESTABLISHED = "established"


STAGE_NAMES: dict[Stage, str] = {
    Stage.SPOKEN: N_("Customers speak of it"),
    Stage.PROPOSED: N_("An idea or a pilot answers it"),
    Stage.TRIED: N_("A pilot has started"),
    Stage.DECIDED: N_("A pilot has been decided on"),
    Stage.IN_USE: N_("Scaled up and in use"),
    Stage.ESTABLISHED: N_("Established practice"),
}
USED = frozenset({Status.SCALING, Status.ESTABLISHED})


@dataclass(frozen=True, kw_only=True)
class StageCount:
    """One stage of the funnel.

    Attributes:
        stage: Which.
        themes: Themes that got at least so far.
        pilots: Pilots of these themes that did; 0 for the first stage.
        days: Median days from the stage before, over the pilots whose two days are known; None without any.
        timed: How many pilots the median is of.
    """

    stage: Stage
    themes: int
    pilots: int
    days: float | None
    timed: int


@dataclass(frozen=True, kw_only=True)
class Unused:
    """Feedback that never led to anything.

    Attributes:
        comments: Comments of the period about a theme that a unit can act on.
        unused: Those none of whose themes an idea or a pilot answers where the comment was given.
        themes: Themes spoken of in the period.
        unused_themes: Those that no idea and no pilot answers anywhere in the chosen units.
    """

    comments: int
    unused: int
    themes: int
    unused_themes: int

    @property
    def share(self) -> float | None:
        """Share of the comments that led to nothing; None without comments."""
        return self.unused / self.comments if self.comments else None


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """The whole way.

    Attributes:
        answers: Answers of the period about a theme that a unit can act on, each counted once.
        ideas: Ideas of the funnel's themes that have not become a pilot.
        stages: Every stage, the first first.
        unused: What never led to anything.
    """

    answers: int
    ideas: int
    stages: tuple[StageCount, ...]
    unused: Unused


@dataclass(frozen=True, kw_only=True)
class _Way:
    """A pilot's themes in the funnel, and the day it reached each stage that it reached."""

    themes: frozenset[int]
    days: dict[Stage, dt.date]
    heard: dt.date | None


def funnel(session: Session, *, scope: Scope, today: dt.date, by: Person | None) -> Funnel:
    """What has become, by today, of what was said in a period.

    Args:
        session: Reads only.
        scope: Days and units of the feedback; ideas and pilots count when they are of these units and were written
            down from its first day on.
        today: The day it is.
        by: Who asks.

    Raises:
        NotAllowed: The person may not see pilots.
    """
    require(session, by, May.SEE_PILOTS)
    themes = actionable(session)
    mine = [*scope.facts(), col(ThemeAnswer.theme_id).in_(sorted(themes))]
    spoken = set(session.execute(sa.select(col(ThemeAnswer.theme_id)).where(*mine).distinct()).scalars())
    ideas = [
        (theme, idea)
        for theme, idea in answering_ideas(session, scope.unit_ids)
        if theme in spoken and on_day(idea.at) >= scope.first
    ]
    ways = _ways(session, scope, today, frozenset(spoken))
    reached = {stage: {theme for way in ways if stage in way.days for theme in way.themes} for stage in Stage}
    reached[Stage.SPOKEN] = spoken
    reached[Stage.PROPOSED] |= {theme for theme, _ in ideas}
    stages = [StageCount(stage=Stage.SPOKEN, themes=len(spoken), pilots=0, days=None, timed=0)]
    for before, stage in pairwise(Stage):
        took = _took(ways, before, stage)
        stages.append(
            StageCount(
                stage=stage,
                themes=len(reached[stage]),
                pilots=sum(stage in way.days for way in ways),
                days=statistics.median(took) if took else None,
                timed=len(took),
            )
        )
    answers = sa.select(sa.func.count(sa.distinct(col(ThemeAnswer.feedback_id)))).where(*mine)
    comments, unused = _comments(session, mine, pairs_of(taken_up(session, today=today)))
    return Funnel(
        answers=int(session.execute(answers).scalar_one()),
        ideas=sum(idea.pilot_id is None for _, idea in ideas),
        stages=tuple(stages),
        unused=Unused(
            comments=comments,
            unused=unused,
            themes=len(spoken),
            unused_themes=len(spoken - reached[Stage.PROPOSED]),
        ),
    )


def first_feedback(session: Session) -> dt.date | None:
    """The day of the first answer there is; None without any."""
    found: dt.date | None = session.execute(sa.select(sa.func.min(col(Feedback.given_on)))).scalar_one()
    return found


def _ways(session: Session, scope: Scope, today: dt.date, spoken: frozenset[int]) -> list[_Way]:
    """The way of every pilot that answers a theme of the funnel, as far as it has got."""
    heard, _ = first_heard(session, themes=spoken, today=today, unit_ids=scope.unit_ids)
    statuses: dict[tuple[int, Status], dt.date] = {}
    for change in session.exec(select(PilotStatus).order_by(col(PilotStatus.id))).all():
        statuses.setdefault((change.pilot_id, Status(change.status)), on_day(change.at))
    decided: dict[int, dt.date] = {}
    for decision in decisions_in_force(session):
        decided.setdefault(decision.pilot_id, on_day(decision.at))
    found = []
    for row in pilots.list_pilots(session, today=today, unit_ids=scope.unit_ids):
        pilot_id, proposed = key(row.pilot.id), on_day(row.pilot.created_at)
        themes = themes_of(row) & spoken
        if not themes or proposed < scope.first:
            continue
        days = {Stage.PROPOSED: proposed}
        if row.status not in NOT_STARTED:
            days[Stage.TRIED] = row.plan.start_on
            if pilot_id in decided:
                days[Stage.DECIDED] = decided[pilot_id]
                if row.status in USED:
                    days[Stage.IN_USE] = statuses.get((pilot_id, Status.SCALING), decided[pilot_id])
                    if row.status is Status.ESTABLISHED:
                        days[Stage.ESTABLISHED] = statuses[pilot_id, Status.ESTABLISHED]
        before = [heard[pair] for theme in themes if (pair := (theme, row.pilot.unit_id)) in heard]
        found.append(_Way(themes=themes, days=days, heard=min(before, default=None)))
    return found


def _took(ways: Sequence[_Way], before: Stage, stage: Stage) -> list[int]:
    """Days between two stages, a number a pilot; what was proposed before it was heard has none."""
    found = []
    for way in ways:
        start = way.heard if before is Stage.SPOKEN else way.days.get(before)
        end = way.days.get(stage)
        if start is not None and end is not None and end >= start:
            found.append((end - start).days)
    return found


def _comments(session: Session, mine: Collection[sa.ColumnElement[bool]], answered: Sequence[Pair]) -> tuple[int, int]:
    """Comments about the themes, and those of them that nothing answers."""
    fact = ThemeAnswer
    total = sa.select(sa.func.count(sa.distinct(col(fact.feedback_id)))).where(*mine, col(fact.has_text))
    used = total.where(sa.tuple_(col(fact.theme_id), col(fact.unit_id)).in_(answered))
    comments = int(session.execute(total).scalar_one())
    return comments, comments - int(session.execute(used).scalar_one())
