"""What the interface tells of: the rows of the exports, so that a file and the interface never disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from models.interface import KeyScope
from models.pilots import Pilot
from models.themes import Theme
from services import exports
from services.exports_schema import Column, Kind, Scope, Table, Value, flag, text
from services.organisation import all_units

EVERYTHING = Scope(unit_ids=None)
Told = tuple[str, int | None, dict[str, Any]]
"""A row's key, its unit (None when it is everyone's), its fields."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Rows of one subject.

    Attributes:
        name: Its address, and the name of its place among the rows told.
        scope: What a key needs to read them.
        about: What a row is, in English.
        columns: Its fields.
        lists: Fields that hold several codes.
        blank: Fields that can be null.
        keys: Fields that a row's id is made of.
        example: A row, without its id.
        rows: Reads them.
    """

    name: str
    scope: KeyScope
    about: str
    columns: tuple[Column, ...]
    lists: frozenset[str]
    blank: frozenset[str]
    keys: tuple[str, ...]
    example: Mapping[str, Any]
    rows: Callable[[Session], Iterator[Told]]


def _of_table(table: Table, session: Session) -> Iterator[dict[str, Value]]:
    names = [column.name for column in table.columns]
    for row in table.rows(session, EVERYTHING):
        yield dict(zip(names, map(_rounded, row), strict=True))


def _rounded(value: Value) -> Value:
    """A value as files write it: ten digits, so that the order in which a database adds up does not show."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _units(session: Session) -> dict[str, int | None]:
    return {unit.code: unit.id for unit in all_units(session)}


def _split(value: object) -> list[str]:
    return str(value or "").split()


def _pilots(session: Session) -> Iterator[Told]:
    units = _units(session)
    for row in _of_table(exports.table("pilots"), session):
        fields: dict[str, Any] = {**row, "further_themes": _split(row["further_themes"])}
        yield str(row["pilot"]), units[str(row["unit"])], fields


def _decisions(session: Session) -> Iterator[Told]:
    units = dict(session.exec(select(Pilot.code, Pilot.unit_id)).all())
    for row in _of_table(exports.table("decisions"), session):
        yield str(row["decision"]), units[str(row["pilot"])], {**row, "scale_to": _split(row["scale_to"])}


def _by_unit(name: str, *keys: str) -> Callable[[Session], Iterator[Told]]:
    def rows(session: Session) -> Iterator[Told]:
        units = _units(session)
        for row in _of_table(exports.table(name), session):
            yield "/".join(str(row[key]) for key in keys), units[str(row["unit"])], dict(row)

    return rows


def _themes(session: Session) -> Iterator[Told]:
    themes = {theme.id: theme for theme in session.exec(select(Theme).order_by(Theme.code))}
    for theme in themes.values():
        above, into = themes.get(theme.parent_id), themes.get(theme.merged_into_id)
        state = "merged" if into else "retired" if theme.retired_at else "in_use"
        yield (
            theme.code,
            None,
            {
                "theme": theme.code,
                **{f"name_{language}": theme.name.get(language, "") for language in ("fi", "sv", "en")},
                "parent": above.code if above else None,
                "controllable": theme.controllable,
                "praise": theme.praise,
                "state": state,
                "merged_into": into.code if into else None,
            },
        )


def _columns(name: str) -> tuple[Column, ...]:
    return exports.table(name).columns


def _figures(name: str) -> frozenset[str]:
    return frozenset(one.name for one in _columns(name) if one.kind in (Kind.NUMBER, Kind.INTEGER))


FEEDS: tuple[Feed, ...] = (
    Feed(
        name="pilots",
        scope=KeyScope.READ_PILOTS,
        about="Pilots as they stand today: where, for which feedback, at what cost.",
        columns=_columns("pilots"),
        lists=frozenset({"further_themes"}),
        blank=frozenset(),
        keys=("pilot",),
        example={
            "pilot": "P01",
            "title_fi": "Takaisinsoitto kahdessa tunnissa",
            "title_sv": "Återuppringning inom två timmar",
            "title_en": "Call-back within two hours",
            "unit": "AVO4",
            "theme": "T01",
            "further_themes": [],
            "status": "scaling",
            "kind": "way_of_working",
            "risk": "low",
            "customer_type": "external",
            "setup_hours": 6.0,
            "setup_eur": 0.0,
            "staff_hours_per_week": 2.0,
            "start_on": "2025-11-24",
            "end_on": "2026-02-15",
            "plan_version": 1,
        },
        rows=_pilots,
    ),
    Feed(
        name="measurements",
        scope=KeyScope.READ_MEASUREMENTS,
        about="Weekly values of a measure in a unit, exactly as the evaluations read them; corrections are in.",
        columns=_columns("measurements"),
        lists=frozenset(),
        blank=_figures("measurements"),
        keys=("metric", "unit", "week", "population"),
        example={
            "metric": "cb2h",
            "unit": "AVO1",
            "week": "2025-09-01",
            "population": "",
            "n": 84.0,
            "mean": None,
            "sd": None,
            "count": 43.0,
            "suppressed": False,
        },
        rows=_by_unit("measurements", "metric", "unit", "week", "population"),
    ),
    Feed(
        name="themes",
        scope=KeyScope.READ_THEMES,
        about="Themes of feedback: what their codes mean, and what became of those out of use.",
        columns=(
            text("theme", "Code of the theme."),
            text("name_fi", "Its name in Finnish."),
            text("name_sv", "Its name in Swedish."),
            text("name_en", "Its name in English."),
            text("parent", "Code of the theme above it."),
            flag("controllable", "Whether a unit can change it by its own decision."),
            flag("praise", "Whether it collects thanks rather than problems."),
            text("state", "in_use, merged or retired."),
            text("merged_into", "Code of the theme that its answers count for now."),
        ),
        lists=frozenset(),
        blank=frozenset({"parent", "merged_into"}),
        keys=("theme",),
        example={
            "theme": "T01",
            "name_fi": "Takaisinsoitto",
            "name_sv": "Återuppringning",
            "name_en": "Call-back",
            "parent": None,
            "controllable": True,
            "praise": False,
            "state": "in_use",
            "merged_into": None,
        },
        rows=_themes,
    ),
    Feed(
        name="themes/quarters",
        scope=KeyScope.READ_THEMES,
        about="Answers of a theme in a unit and quarter, by their tone.",
        columns=_columns("themes-quarterly"),
        lists=frozenset(),
        blank=_figures("themes-quarterly"),
        keys=("theme", "unit", "quarter"),
        example={
            "theme": "T01",
            "unit": "AVO1",
            "quarter": "2026-Q3",
            "answers": 24,
            "negative": 17,
            "neutral": 4,
            "positive": 3,
            "suppressed": False,
            "tones_suppressed": False,
        },
        rows=_by_unit("themes-quarterly", "theme", "unit", "quarter"),
    ),
    Feed(
        name="decisions",
        scope=KeyScope.READ_DECISIONS,
        about="Decisions on pilots, those that wait for a second person and those decided anew included.",
        columns=_columns("decisions"),
        lists=frozenset({"scale_to"}),
        blank=frozenset({"approved_on", "review_on"}),
        keys=("decision",),
        example={
            "decision": 1,
            "pilot": "P01",
            "evaluation": 1,
            "decided_on": "2026-04-14",
            "recommended": "scale",
            "choice": "scale",
            "overrides": False,
            "approved_on": None,
            "in_force": True,
            "current": True,
            "review_on": "2026-10-13",
            "scale_to": ["AVO1", "AVO2"],
        },
        rows=_decisions,
    ),
)
"""Every subject, in the order of the document."""
