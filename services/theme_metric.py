"""The metric of a theme's share: offered when a pilot is registered, and kept with one version of the model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, select

from models.base import LANGUAGES, localised, validated, week_of
from models.metrics import Direction, Metric, MetricFamily, MetricKind
from models.people import Person
from models.themes import Theme
from services import recent, theme_fields, theme_models, theme_share
from services.errors import Conflict
from services.frozen_themes import MOST_UNREAD
from services.i18n import N_, translator
from services.permissions import May, require
from services.rows import get, key
from stats.misread import LEAST_CHECKED

CODE = "theme_share"
NAME = N_("Share of comments about: {theme}")
WEEKS_NEEDED = 52
"""Weeks whose comments the registration's pictures look at."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A theme's share that a pilot could have as its outcome.

    Attributes:
        theme: The theme.
        code: The metric's code.
        name: The metric's name by language.
        per_week: Comments a week in the unit, in weeks with any.
        weeks: The recent weeks with any.
        to_check: Comments that people must check at random in each period.
    """

    theme: Theme
    code: str
    name: dict[str, str]
    per_week: float
    weeks: int
    to_check: int = LEAST_CHECKED


def offer(session: Session, *, theme_id: int, unit_id: int, today: dt.date) -> Offer | None:
    """The theme's share as the version of the model in force counts it.

    Returns:
        The offer; None when no version knows the theme, the unit has had no comment lately, or comments are still
        being read.
    """
    theme = get(session, Theme, theme_id)
    version = theme_models.in_force(session)
    if version is None or theme_models.list_changed(session) or not theme_fields.is_used(theme):
        return None
    if theme_share.unread(session, engine=version.engine, window=_weeks(today, WEEKS_NEEDED)) > MOST_UNREAD:
        return None
    total, weeks = theme_share.volume(session, unit_id=unit_id, window=_weeks(today, recent.RECENT_WEEKS))
    if not weeks:
        return None
    return Offer(
        theme=theme, code=_code(theme, version.model_id), name=_names(theme), per_week=total / weeks, weeks=weeks
    )


def metric_of(session: Session, *, theme_id: int, by: Person) -> Metric:
    """The metric of the theme's share by the version of the model in force, stored when it is not yet. Commits.

    Raises:
        Conflict: There is no version of the model that knows the theme.
        NotAllowed: The person may not register pilots.
    """
    require(session, by, May.REGISTER)
    theme = get(session, Theme, theme_id)
    version = theme_models.in_force(session)
    if version is None or theme_models.list_changed(session):
        raise Conflict("No version of the theme model knows today's list of themes yet. Try again a little later.")
    code = _code(theme, version.model_id)
    found = session.exec(select(Metric).where(Metric.code == code)).first()
    if found is None:
        found = validated(
            Metric,
            code=code,
            name=_names(theme),
            kind=MetricKind.PROPORTION,
            direction=Direction.INCREASE if theme.praise else Direction.DECREASE,
            family=MetricFamily.OWN,
            theme_id=key(theme.id),
            theme_model_id=version.model_id,
        )
        session.add(found)
        session.commit()
    return found


def _weeks(today: dt.date, count: int) -> tuple[int, int]:
    first, last = recent.full_weeks(today, count)
    return week_of(first), week_of(last)


def _code(theme: Theme, model_id: int) -> str:
    return f"{CODE}_{key(theme.id)}_{model_id}"


def _names(theme: Theme) -> dict[str, str]:
    return {language: translator(language).say(NAME, theme=localised(theme.name, language)) for language in LANGUAGES}
