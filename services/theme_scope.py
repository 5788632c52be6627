"""Which answers are looked at: a time, some units, channels and kinds of feedback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Channel, Feedback
from models.theme_answers import ThemeAnswer

Conditions = list[sa.ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which answers are looked at.

    Attributes:
        first: First day.
        last: Last day.
        unit_ids: Units; None for all.
        channels: Channels; empty for all.
        solicited: Only asked-for (True) or unasked (False) feedback; None for both.
        statutory: Only answers on an official decision (True) or others (False); None for both.
    """

    first: dt.date
    last: dt.date
    unit_ids: Collection[int] | None = None
    channels: tuple[Channel, ...] = ()
    solicited: bool | None = None
    statutory: bool | None = None

    def conditions(self) -> Conditions:
        """The scope as conditions on Feedback; repeats never count."""
        return [
            *self._conditions(Feedback, col(Feedback.statutory_decision)),
            col(Feedback.repeats_id).is_(None),
        ]

    def facts(self) -> Conditions:
        """The scope as conditions on ThemeAnswer, which leaves repeats out itself."""
        return self._conditions(ThemeAnswer, col(ThemeAnswer.statutory))

    def before(self) -> Scope:
        """The same length of time right before this one, for comparison."""
        length = self.last - self.first + dt.timedelta(days=1)
        return replace(self, first=self.first - length, last=self.first - dt.timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def _conditions(self, table: Any, statutory: Any) -> Conditions:
        found: list[Any] = [col(table.given_on) >= self.first, col(table.given_on) <= self.last]
        if self.unit_ids is not None:
            found.append(col(table.unit_id).in_(sorted(self.unit_ids)))
        if self.channels:
            found.append(col(table.channel).in_(self.channels))
        if self.solicited is not None:
            found.append(col(table.solicited) == self.solicited)
        if self.statutory is not None:
            found.append(statutory == self.statutory)
        return found


def answers_in(session: Session, scope: Scope) -> int:
    """How many answers there are, about any theme or none; repeats count once."""
    query = sa.select(sa.func.count()).select_from(Feedback).where(*scope.conditions())
    return int(session.execute(query).scalar_one())
