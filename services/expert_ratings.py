"""How experts see a theme beside how customers do, both from 1 to 5, and where the two differ."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import validated
from models.people import Person
from models.theme_answers import ThemeAnswer
from models.theme_curation import ExpertRating
from models.themes import Theme
from services.errors import BadInput, NotAllowed
from services.permissions import May, allowed, reach, require
from services.rows import get, key
from services.theme_families import answers_of, families
from services.theme_pages import all_themes
from services.theme_scope import Scope
from services.theme_trend import CHANCE
from stats.effect import Interval
from stats.proportions import wilson_interval

LOWEST, HIGHEST = 1, 5
NOTE = 1000
FEWEST_ANSWERS = 10
"""Answers with a known tone that customers' view needs beside an expert's: below, the interval says next to nothing."""


@dataclass(frozen=True, kw_only=True)
class View:
    """How good something is from 1 (works badly) to 5 (works well), as a group of people sees it.

    Attributes:
        value: The mean.
        interval: Its 95 % interval; None for experts, who are not a sample of anything.
        lowest: The lowest single rating; for customers 1.
        highest: The highest single rating; for customers 5.
        number: Ratings, or answers with a known tone.
    """

    value: float
    interval: Interval | None
    lowest: float
    highest: float
    number: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Both views of a theme.

    Attributes:
        theme: The theme.
        experts: Experts' view; None when nobody has rated it.
        customers: Customers' view; None when nobody's tone is known.
    """

    theme: Theme
    experts: View | None
    customers: View | None

    @property
    def size(self) -> float | None:
        """Experts' view less customers'; None while one of them is missing."""
        if self.experts is None or self.customers is None:
            return None
        return self.experts.value - self.customers.value

    @property
    def differs(self) -> bool:
        """Whether experts' mean lies outside the interval of enough customers."""
        if self.experts is None or self.customers is None or self.customers.interval is None:
            return False
        enough = self.customers.number >= FEWEST_ANSWERS
        inside = self.customers.interval.low <= self.experts.value <= self.customers.interval.high
        return enough and not inside


def may_rate(session: Session, person: Person | None, unit_id: int | None) -> bool:
    """Whether a person may rate as an expert: in a unit within reach, in the whole county if all of it is."""
    if person is None or not allowed(session, person, May.EVALUATE, unit_id=unit_id):
        return False
    return unit_id is not None or reach(session, person) is None


def rate(session: Session, *, theme_id: int, unit_id: int | None, rating: int, note: str, by: Person) -> ExpertRating:
    """Append an expert's rating; a person's newest one of a theme in a place counts.

    Raises:
        NotAllowed: The role or its reach does not cover the unit.
        BadInput: The rating is not a whole number from 1 to 5, or the note is too long.
        NotFound: There is no such theme.
    """
    if not may_rate(session, by, unit_id):
        raise NotAllowed("Your role does not allow this here.")
    require(session, by, May.EVALUATE, unit_id=unit_id)
    if not LOWEST <= rating <= HIGHEST:
        raise BadInput("The rating is {rating}; it must be a whole number from 1 to 5.", rating=rating)
    text = note.strip()
    if len(text) > NOTE:
        raise BadInput("The note has {length} characters; at most {most} fit.", length=len(text), most=NOTE)
    get(session, Theme, theme_id)
    row = validated(ExpertRating, theme_id=theme_id, unit_id=unit_id, rating=rating, note=text, by_id=key(by.id))
    session.add(row)
    session.commit()
    return row


def ratings_in_force(
    session: Session, *, unit_ids: Collection[int] | None, theme_id: int | None = None
) -> list[ExpertRating]:
    """Each expert's newest rating of each theme in each place, the newest first.

    Args:
        session: Reads the record.
        unit_ids: The places; None for every unit and the county as a whole.
        theme_id: One theme; None for all.
    """
    query = select(ExpertRating).order_by(col(ExpertRating.id).desc())
    if theme_id is not None:
        query = query.where(ExpertRating.theme_id == theme_id)
    if unit_ids is not None:
        query = query.where(col(ExpertRating.unit_id).in_(sorted(unit_ids)))
    found: dict[tuple[int, int | None, int], ExpertRating] = {}
    for row in session.exec(query).all():
        found.setdefault((row.theme_id, row.unit_id, row.by_id), row)
    return list(found.values())


def gaps(session: Session, scope: Scope) -> list[Gap]:
    """Every theme but thanks that experts have rated, the widest difference first."""
    rated: dict[int, list[int]] = defaultdict(list)
    for row in ratings_in_force(session, unit_ids=scope.unit_ids):
        rated[row.theme_id].append(row.rating)
    themes = [theme for theme in all_themes(session) if rated.get(key(theme.id)) and not theme.praise]
    customers = _customers(session, scope, {key(theme.id) for theme in themes})
    found = [
        Gap(theme=theme, experts=experts_view(rated[key(theme.id)]), customers=customers.get(key(theme.id)))
        for theme in themes
    ]
    return sorted(found, key=lambda gap: (not gap.differs, -abs(gap.size or 0.0), gap.theme.code))


def experts_view(ratings: Sequence[int]) -> View | None:
    """The mean of experts' ratings with their range; None without any."""
    if not ratings:
        return None
    return View(
        value=statistics.fmean(ratings),
        interval=None,
        lowest=min(ratings),
        highest=max(ratings),
        number=len(ratings),
    )


def customers_view(negative: int, neutral: int, positive: int) -> View | None:
    """Customers' view from the tones of their answers: unhappy is 1, neither 3, happy 5; None without any.

    The interval is Wilson's with half an answer for each that is neither, which is never too short: no answers between
    the ends of a scale vary more than those at its ends.
    """
    number = negative + neutral + positive
    if not number:
        return None
    share = wilson_interval(positive + neutral / 2, number, math.sqrt(CHANCE))
    width = HIGHEST - LOWEST
    return View(
        value=LOWEST + width * (positive + neutral / 2) / number,
        interval=Interval(low=LOWEST + width * share.low, high=LOWEST + width * share.high),
        lowest=LOWEST,
        highest=HIGHEST,
        number=number,
    )


def _customers(session: Session, scope: Scope, theme_ids: Collection[int]) -> dict[int, View]:
    """Customers' view of some themes."""
    of = families(all_themes(session))
    single = [theme_id for theme_id in theme_ids if len(of[theme_id]) == 1]
    fact = ThemeAnswer
    tones: dict[int, dict[str, int]] = defaultdict(dict)
    query = (
        sa.select(col(fact.theme_id), col(fact.tone), sa.func.count())
        .where(col(fact.theme_id).in_(single), *scope.facts())
        .group_by(col(fact.theme_id), col(fact.tone))
    )
    for theme_id, tone, number in session.execute(query):
        tones[theme_id][tone] = number
    for theme_id in set(theme_ids) - set(single):
        answers = answers_of(of[theme_id], scope.facts())
        for tone, number in session.execute(sa.select(answers.c.tone, sa.func.count()).group_by(answers.c.tone)):
            tones[theme_id][tone] = number
    views = {
        theme_id: customers_view(found.get("neg", 0), found.get("neu", 0), found.get("pos", 0))
        for theme_id, found in tones.items()
    }
    return {theme_id: view for theme_id, view in views.items() if view is not None}
