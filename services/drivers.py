"""Which themes move satisfaction, and which move repeat contacts: the outcomes there are, and the analysis of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.feedback import Feedback
from models.metrics import Direction, Metric, MetricKind
from models.people import Person
from models.themes import Theme, ThemeAssignment
from services.driver_rows import AnswerRows, ItemCount, answer_rows, items
from services.errors import BadInput
from services.i18n import N_
from services.permissions import May, require
from services.rows import key
from services.small_numbers import few
from services.theme_browse import Scope
from services.theme_pages import all_themes
from stats.drivers import FEWEST_ANSWERS, FEWEST_NAMED, DriverAnalysis, analyse_drivers
from stats.errors import CannotEstimateError
from stats.relative_importance import MOST_PREDICTORS

RECOMMEND, REPEAT = "recommend", "repeat_contact"
NAMES = {RECOMMEND: N_("Recommendation, 0–10"), REPEAT: N_("Had to contact again")}
"""Outcomes that are named here rather than by a metric, in the order they are offered."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Something that an answer says and that themes may move.

    Attributes:
        code: The survey item.
        name: Its name in several languages when a metric gives one, else empty: then `msgid` names it.
        msgid: The name as an English text to translate; the item's own code when nothing names it.
        count: Its scale and how many answers carry it.
        more_is_worse: Whether a higher value is worse for the customer.
        yes_or_no: Whether it is 0 or 1, so that effects are percentage points.
    """

    code: str
    name: Mapping[str, str]
    msgid: str
    count: ItemCount
    more_is_worse: bool
    yes_or_no: bool


@dataclass(frozen=True, kw_only=True)
class NamedTheme:
    """A theme with how many of the answers name it.

    Attributes:
        code: Its code.
        name: Its name in several languages.
        controllable: Whether a unit can change it by its own decision.
        answers: Answers that name it and tell the outcome.
        people: People who gave them.
    """

    code: str
    name: Mapping[str, str]
    controllable: bool
    answers: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """The themes that move an outcome.

    Attributes:
        outcome: What they move.
        analysis: Its drivers are named by the themes' codes.
        themes: By code.
        rare: Themes that too few answers name.
        beside: Themes that are allowed for but not among the drivers: thanks, and those beyond the twenty most named.
    """

    outcome: Outcome
    analysis: DriverAnalysis
    themes: Mapping[str, NamedTheme]
    rare: tuple[NamedTheme, ...]
    beside: tuple[NamedTheme, ...]


def outcomes(session: Session, scope: Scope) -> list[Outcome]:
    """What can be analysed in a scope: items that at least 100 answers carry, the recommendation first."""
    metrics: dict[str, Metric] = {}
    for metric in session.exec(select(Metric).where(col(Metric.item).is_not(None)).order_by(col(Metric.id))).all():
        known = metrics.get(metric.item or "")
        if known is None or (metric.kind is MetricKind.SCORE and known.kind is not MetricKind.SCORE):
            metrics[metric.item or ""] = metric
    found = []
    for count in items(session, scope):
        if count.answers < FEWEST_ANSWERS:
            continue
        of = metrics.get(count.item)
        named = count.item in NAMES
        found.append(
            Outcome(
                code=count.item,
                name={} if named or of is None else dict(of.name),
                msgid=NAMES.get(count.item, count.item),
                count=count,
                more_is_worse=count.item == REPEAT or (of is not None and of.direction is Direction.DECREASE),
                yes_or_no=(count.low, count.high) == (0.0, 1.0),
            )
        )
    order = list(NAMES)
    return sorted(found, key=lambda one: (order.index(one.code) if one.code in order else len(order), one.code))


def drivers(session: Session, scope: Scope, *, outcome: str, by: Person | None) -> Drivers:
    """Analyse which themes move an outcome within a scope.

    Each theme is compared with answers of the same unit, channel and week that do not name it, words or no words alike.
    What counts is that a theme is named, whatever the tone: the tone is worked out from the rating itself, so that it
    would explain the rating by the rating.

    Args:
        session: Reads only.
        scope: Which answers.
        outcome: The code of one of `outcomes`.
        by: Who asks.

    Raises:
        NotAllowed: The person may not see feedback.
        BadInput: The scope has no such outcome.
        CannotEstimateError: Too few answers or themes, or nothing to tell apart; themes are named by their codes.
    """
    require(session, by, May.SEE_FEEDBACK)
    chosen = next((one for one in outcomes(session, scope) if one.code == outcome), None)
    if chosen is None:
        raise BadInput("Too few answers between {first} and {last} tell this.", first=scope.first, last=scope.last)
    rows = answer_rows(session, scope, chosen.count)
    themes = {key(theme.id): theme for theme in all_themes(session)}
    counts = {theme_id: len(rows.themes.get(theme_id, ())) for theme_id in themes}
    named = sorted((t for t in themes if counts[t]), key=lambda t: (-counts[t], themes[t].code))
    often = [
        t
        for t in named
        if FEWEST_NAMED <= counts[t] <= len(rows) - FEWEST_NAMED
        and not themes[t].praise
        and not few(len(np.unique(rows.respondent[rows.themes[t]])))
    ]
    used, beyond = often[:MOST_PREDICTORS], often[MOST_PREDICTORS:]
    if len(rows) < FEWEST_ANSWERS or len(used) < 2:
        raise CannotEstimateError(
            "Fewer than two themes are named by at least {fewest} answers that tell this. Choose a longer time or more "
            "units.",
            fewest=FEWEST_NAMED,
        )
    aside = [*(t for t in named if themes[t].praise), *beyond]
    rare = [t for t in named if t not in often and not themes[t].praise]
    return Drivers(
        outcome=chosen,
        analysis=_analysed(rows, {themes[t].code: t for t in used}, aside),
        themes={themes[t].code: _named(themes[t], rows) for t in used},
        rare=tuple(_named(themes[t], rows) for t in rare),
        beside=tuple(_named(themes[t], rows) for t in aside),
    )


def _named(theme: Theme, rows: AnswerRows) -> NamedTheme:
    naming = rows.themes.get(key(theme.id), np.array([], dtype=np.int64))
    return NamedTheme(
        code=theme.code,
        name=dict(theme.name),
        controllable=theme.controllable,
        answers=len(naming),
        people=len(np.unique(rows.respondent[naming])),
    )


def _analysed(rows: AnswerRows, used: Mapping[str, int], aside: Sequence[int]) -> DriverAnalysis:
    return analyse_drivers(
        np.column_stack([rows.names(theme_id) for theme_id in used.values()]),
        rows.value,
        names=list(used),
        factors=[
            rows.unit,
            rows.channel,
            rows.week,
            rows.has_text,
            *(rows.names(theme_id).astype(np.int64) for theme_id in aside),
        ],
        respondents=rows.respondent,
    )


def record_version(session: Session) -> tuple[int, int]:
    """What changes when answers or themes are added: part of the key of whatever is kept from an analysis."""
    newest = [
        session.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0))).scalar_one()
        for column in (col(Feedback.id), col(ThemeAssignment.id))
    ]
    return int(newest[0]), int(newest[1])
