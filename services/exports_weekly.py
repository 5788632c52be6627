"""Exports of figures by unit and week: measures, themes, the weekly log. What few people are behind is left empty."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import monday_of
from models.metrics import Measurement, Metric, MetricFamily, MetricKind
from models.organisation import Unit
from models.pilots import Happened, LogEntry, Pilot
from models.plans import PilotPlan
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services import log_weeks, plans, series, staff_views
from services.exports_pilots import PILOT, UNIT
from services.exports_schema import HIDDEN, Row, Scope, Table, date, flag, integer, number, text
from services.i18n import N_
from services.organisation import all_units
from services.rows import key
from services.settings import load
from services.small_numbers import LEAST_CUSTOMERS, LEAST_STAFF, few, roomy, shown
from services.weekly_log import pilot_week

EVERYONE = ""


def _units(session: Session, scope: Scope) -> list[int]:
    return [key(unit.id) for unit in all_units(session) if scope.holds(key(unit.id))]


def _measurements(session: Session, scope: Scope) -> Iterator[Row]:
    """Every measure's weekly series, as the evaluations read it, for everyone and for the groups that have one."""
    unit_ids = _units(session, scope)
    groups: dict[int, set[str]] = defaultdict(set)
    for metric_id, population in session.execute(
        sa.select(col(Measurement.metric_id), col(Measurement.population)).distinct()
    ):
        groups[metric_id].add(population)
    for plan in session.exec(select(PilotPlan)):
        groups[plan.metric_id] |= {plan.population, *plan.subgroups}
    for metric in session.exec(select(Metric).order_by(Metric.code)).all():
        yield from _of_metric(session, metric, unit_ids, sorted(groups[key(metric.id)] | {EVERYONE}))


def _of_metric(session: Session, metric: Metric, unit_ids: list[int], populations: list[str]) -> Iterator[Row]:
    cells: dict[tuple[str, int], dict[str, tuple[float, ...]]] = defaultdict(dict)
    for population in populations:
        loaded = series.load(session, metric=metric, unit_ids=unit_ids, population=population)
        for unit, week, *told in loaded.rows.iter_rows():
            cells[unit, week][population] = tuple(told)
    for unit, week in sorted(cells):
        found = cells[unit, week]
        kept = _kept(metric, found)
        for population in sorted(found):
            hidden = population not in kept
            figures: tuple[float | None, ...] = (None,) * 4 if hidden else found[population]
            yield metric.code, unit, monday_of(week).isoformat(), population, *figures, hidden


def _kept(metric: Metric, found: dict[str, tuple[float, ...]]) -> set[str]:
    """Populations of a unit and week that may be shown beside each other.

    Behind a count stand events and not people, so that of everyone is shown; a group's is by its events.
    """
    least = LEAST_STAFF if metric.family is MetricFamily.STAFF else LEAST_CUSTOMERS
    counted = metric.kind is MetricKind.COUNT
    size = {population: figures[3 if counted else 0] or 0.0 for population, figures in found.items()}
    total = size.get(EVERYONE)
    kept = {EVERYONE} if total is not None and (counted or total >= least) else set()
    kinds: dict[str, dict[str, float]] = defaultdict(dict)
    for population in found:
        if population != EVERYONE:
            kinds[population.partition(":")[0]][population] = size[population]
    for sizes in kinds.values():
        kept |= shown(sizes, total=total if EVERYONE in kept else None, least=least)
    return kept


def _theme_weeks(session: Session, scope: Scope) -> Iterator[Row]:
    """Weeks, of which a shown quarter does not give a hidden one away."""
    for weeks in _by_quarter(_theme_cells(session, scope, col(ThemeAnswer.week))):
        yield from _theme_rows(weeks)


def _by_quarter(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of weeks, those of one theme, unit and quarter together."""
    for _, weeks in groupby(rows, key=lambda row: (row[0], row[1], _quarter(monday_of(row[2])))):
        yield list(weeks)


def _theme_rows(weeks: list[tuple[Any, ...]]) -> Iterator[Row]:
    kept = _kept_weeks(weeks)
    toned = [row for row in weeks if str(row[2]) in kept and _tones_told(row)]
    if not _tones_apart(toned, weeks):
        toned = []
    for row in weeks:
        theme, unit, week, answers, _people, *tones = row
        hidden, toneless = str(week) not in kept, row not in toned
        told = (None,) * 3 if toneless else tuple(int(number) for number in tones)
        yield theme, unit, monday_of(week).isoformat(), None if hidden else answers, *told, hidden, toneless


def _kept_weeks(weeks: list[tuple[Any, ...]]) -> frozenset[str]:
    """Weeks whose answers may be shown beside those of their quarter."""
    total = sum(row[4] for row in weeks)
    sizes = {str(row[2]): float(row[4]) for row in weeks}
    return shown(sizes, total=total if total >= LEAST_CUSTOMERS else None, least=LEAST_CUSTOMERS)


def _tones_told(row: tuple[Any, ...]) -> bool:
    """Whether no tone is that of few people: of several answers by one person, all may be of that tone."""
    _, _, _, answers, people, *tones = row
    return not any(few(max(1, tone - (answers - people))) for tone in tones if tone)


def _tones_apart(toned: list[tuple[Any, ...]], weeks: list[tuple[Any, ...]]) -> bool:
    """Whether what the shown weeks leave of a quarter's tones is no small group either."""
    return not any(few(sum(row[place] for row in weeks) - sum(row[place] for row in toned)) for place in range(5, 8))


def _theme_quarters(session: Session, scope: Scope) -> Iterator[Row]:
    """Quarters of whole weeks: a week belongs to the quarter of its Monday."""
    crowded = _crowded(session, scope)
    for row in _theme_cells(session, scope, _quarter_column(session)):
        theme, unit, quarter, answers, people, *tones = row
        hidden = people < LEAST_CUSTOMERS or (theme, unit, quarter) in crowded
        toneless = hidden or not _tones_told(row)
        told = (None,) * 3 if toneless else tuple(int(tone) for tone in tones)
        answered = None if hidden else answers
        yield theme, unit, f"{quarter // 4}-Q{quarter % 4 + 1}", answered, *told, hidden, toneless


def _crowded(session: Session, scope: Scope) -> set[tuple[str, str, int]]:
    """Quarters that would give their weeks away: so many weeks, all hidden, share so few people."""
    found = set()
    for weeks in _by_quarter(_theme_cells(session, scope, col(ThemeAnswer.week))):
        people = sum(row[4] for row in weeks)
        if not _kept_weeks(weeks) and not roomy(people, len(weeks), least=LEAST_CUSTOMERS):
            found.add((weeks[0][0], weeks[0][1], _quarter(monday_of(weeks[0][2]))))
    return found


def _quarter(day: dt.date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _quarter_column(session: Session) -> Any:
    """The quarter of each week's Monday, by its number: a case for every quarter there are answers of."""
    first, last = session.execute(
        sa.select(sa.func.min(col(ThemeAnswer.week)), sa.func.max(col(ThemeAnswer.week)))
    ).one()
    if first is None:
        return col(ThemeAnswer.week)
    ends: dict[int, int] = {}
    for week in range(first, last + 1):
        ends[_quarter(monday_of(week))] = week
    return sa.case(*((col(ThemeAnswer.week) <= week, quarter) for quarter, week in sorted(ends.items())))


def _theme_cells(session: Session, scope: Scope, period: Any) -> Iterator[tuple[Any, ...]]:
    """Theme, unit, period, answers, people and tones, counted in the database."""
    query = (
        sa.select(
            col(Theme.code),
            col(Unit.code),
            period,
            sa.func.count(),
            sa.func.count(sa.distinct(col(ThemeAnswer.person))),
            *(sa.func.sum(sa.case((col(ThemeAnswer.tone) == tone, 1), else_=0)) for tone in ("neg", "neu", "pos")),
        )
        .join_from(ThemeAnswer, Theme, col(Theme.id) == ThemeAnswer.theme_id)
        .join(Unit, col(Unit.id) == ThemeAnswer.unit_id)
        .group_by(col(Theme.code), col(Unit.code), period)
        .order_by(col(Theme.code), col(Unit.code), period)
        .execution_options(yield_per=2000)
    )
    if scope.unit_ids is not None:
        query = query.where(col(ThemeAnswer.unit_id).in_(scope.unit_ids))
    for row in session.execute(query):
        yield tuple(row)


def _log(session: Session, scope: Scope) -> Iterator[Row]:
    """How faithfully each pilot was carried out and logged. How the work went of single people stays theirs."""
    today = load().today()
    entries: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in session.exec(select(LogEntry).where(col(LogEntry.undone_at).is_(None))):
        entries[entry.pilot_id].append(entry)
    query = select(Pilot, Unit).join(Unit, col(Unit.id) == Pilot.unit_id).order_by(Pilot.code)
    for pilot, unit in session.exec(query).all():
        logged = entries.get(key(pilot.id), [])
        if not scope.holds(key(unit.id)) or not logged:
            continue
        plan = plans.versions(session, key(pilot.id))[-1]
        logged = [entry for entry in logged if log_weeks.within(plan, entry.week)]
        if not logged:
            continue
        went = staff_views.mood(logged, today=today)
        happened = [entry.happened is not Happened.NO for entry in logged]
        yield (
            pilot.code,
            unit.code,
            pilot_week(plan, plan.end_on).total,
            len({entry.week for entry in logged}),
            sum(happened) / len(happened),
            went,
            went is None,
        )


_TONES = (
    integer("answers", N_("Answers about the theme.")),
    integer("negative", N_("Of them negative.")),
    integer("neutral", N_("Of them neutral.")),
    integer("positive", N_("Of them positive.")),
    flag(HIDDEN, N_("1 when the figures are left out: fewer than 10 people, or one could be worked out.")),
    flag("tones_suppressed", N_("1 when the tones are left out: fewer than 10 people are behind one of them.")),
)
THEME = text("theme", N_("Code of the feedback theme."))

TABLES: tuple[Table, ...] = (
    Table(
        name="measurements",
        title=N_("Measurements"),
        about=N_("A row a measure, unit and week, exactly as the evaluations read it; corrections are in."),
        columns=(
            text("metric", N_("Code of the measure.")),
            UNIT,
            date("week", N_("Monday of the week.")),
            text("population", N_("The group, such as language:sv or age:75+; empty for everyone.")),
            number("n", N_("Answers or cases; for counts the exposure.")),
            number("mean", N_("Mean of the week; empty for shares and counts.")),
            number("sd", N_("Standard deviation between single answers; empty when unknown.")),
            number("count", N_("Successes or events; empty for means.")),
            flag(HIDDEN, N_("1 when the figures are left out: too few people, or one group could be worked out.")),
        ),
        rows=_measurements,
    ),
    Table(
        name="themes-weekly",
        title=N_("Themes by unit and week"),
        about=N_("A row a theme, unit and week with the answers that count for it. Most single weeks are too small."),
        columns=(THEME, UNIT, date("week", N_("Monday of the week.")), *_TONES),
        rows=_theme_weeks,
    ),
    Table(
        name="themes-quarterly",
        title=N_("Themes by unit and quarter"),
        about=N_("The same by quarter, where more cells are large enough to show."),
        columns=(THEME, UNIT, text("quarter", N_("Quarter of the week’s Monday, such as 2026-Q4.")), *_TONES),
        rows=_theme_quarters,
    ),
    Table(
        name="weekly-log",
        title=N_("Weekly log"),
        about=N_("A row a pilot: how many of its weeks were logged, and how often the change was carried out."),
        columns=(
            PILOT,
            UNIT,
            integer("weeks_planned", N_("Weeks of the plan.")),
            integer("weeks_logged", N_("Weeks with a log entry, those after the plan’s end counted in.")),
            number("carried_out", N_("Share of entries in which the change was carried out, at least partly.")),
            number("work_went", N_("Mean of how the work went, 1 to 5.")),
            flag(HIDDEN, N_("1 when how the work went is left out: fewer than 5 people in closed weeks.")),
        ),
        rows=_log,
    ),
)
