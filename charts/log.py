"""The weekly log in small: whether the change happened, and how the work went."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import altair as alt

from charts.look import Look
from charts.theme import TEXT_SIZE, Translate, dressed, named, rows
from stats.messages import N_, Message

HEIGHT = 190
STRIP = 56
"""Height of the strip below the line, where it is shown whether the change happened."""


class Happened(StrEnum):
    """Whether the change was carried out in a week."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class LoggedWeek:
    """One week of the log.

    Attributes:
        number: The pilot's week, 1 for the week of the start.
        happened: Whether the change was carried out.
        work_went: How the work went, 1-5 (a mean when several logged); None when nobody said or too few did to tell.
    """

    number: int
    happened: Happened
    work_went: float | None = None


def chart(weeks: Sequence[LoggedWeek], *, total: int, look: Look, t: Translate) -> alt.LayerChart:
    """How the work went as a line, broken by weeks without an answer, and under it a sign a week.

    A filled disc says yes, a half-sized triangle partly, a cross no.
    Without any week's work the signs stand alone.

    Args:
        weeks: The logged weeks.
        total: How many weeks the plan has.
        look: Who looks.
        t: Translates the chart's words.
    """
    colours = look.palette
    told = any(week.work_went is not None for week in weeks)
    height = HEIGHT if told else STRIP
    names = {Happened.YES: t("yes"), Happened.PARTLY: t("partly"), Happened.NO: t("no")}
    runs = _runs(weeks)
    drawn = rows(
        [
            {"week": week.number, "happened": names[week.happened], "work": week.work_went, "run": run}
            for week, run in zip(weeks, runs, strict=True)
        ]
        or [{"week": None}]
    )
    last = max([total, *(week.number for week in weeks)])
    x = alt.X(
        "week:Q",
        scale=alt.Scale(domain=[0.5, last + 0.5], nice=False),
        axis=alt.Axis(title=t("Week of the pilot"), format="d", tickMinStep=1, tickCount=min(last, 12), grid=False),
    )
    y = alt.Y(
        "work:Q",
        scale=alt.Scale(domain=[1, 5], range=[HEIGHT - STRIP, 8], nice=False),
        axis=alt.Axis(values=[1, 2, 3, 4, 5], format="d", **named(t("How the work went, from 1 to 5"))),
    )
    legend = alt.Legend(title=None, orient="bottom")
    colour = alt.Color(
        "happened:N",
        scale=alt.Scale(domain=list(names.values()), range=[colours.sea, colours.accent, colours.warning]),
        legend=legend,
    )
    shape = alt.Shape(
        "happened:N",
        scale=alt.Scale(domain=list(names.values()), range=["circle", "triangle-up", "cross"]),
        legend=legend,
    )
    rated = alt.Chart(drawn).transform_filter("isValid(datum.work)")
    line = rated.mark_line(color=colours.sea, strokeWidth=2).encode(x=x, y=y, detail="run:N")
    points = rated.mark_point(color=colours.sea, filled=True, size=70, opacity=1).encode(x=x, y=y)
    signs = alt.Chart(drawn).mark_point(filled=True, size=130, opacity=1)
    signs = signs.encode(
        x=x,
        y=alt.value(height - 14),
        color=colour,
        shape=shape,
        tooltip=[
            alt.Tooltip("week:Q", title=t("Week of the pilot"), format="d"),
            alt.Tooltip("happened:N", title=t("Did the change happen?")),
            alt.Tooltip("work:Q", title=t("How the work went, from 1 to 5"), format=",.1~f"),
        ],
    )
    heading = alt.Chart(rows([{}])).mark_text(
        text=t("Did the change happen?"), align="left", fontSize=TEXT_SIZE, color=colours.ink
    )
    heading = heading.encode(x=alt.value(0), y=alt.value(height - STRIP + 24))
    return dressed([line, points, signs, heading] if told else [signs, heading], look, height=height)


def _runs(weeks: Sequence[LoggedWeek]) -> list[int]:
    """Which line each week belongs to: a week that nobody has told of breaks it, so that nothing is joined across."""
    rated = {week.number for week in weeks if week.work_went is not None}
    found, run = [], 0
    for week in weeks:
        run += week.number - 1 not in rated
        found.append(run)
    return found


def describe(weeks: Sequence[LoggedWeek], *, total: int) -> Message:
    """The picture in one sentence, for those who hear it; of the plan's own weeks, not of those after it."""
    if not weeks:
        return Message(N_("Nothing has been logged yet."))
    weeks = [week for week in weeks if week.number <= total]
    counts = {kind.value: sum(week.happened is kind for week in weeks) for kind in Happened}
    return Message(
        N_("{logged} of {total} weeks logged: the change happened in {yes}, partly in {partly}, not in {no}."),
        {"logged": len(weeks), "total": total, **counts},
    )


def table(weeks: Sequence[LoggedWeek], *, t: Translate) -> list[dict[str, object]]:
    """The picture's values, a row a week."""
    names = {Happened.YES: t("yes"), Happened.PARTLY: t("partly"), Happened.NO: t("no")}
    return [
        {
            t("Week of the pilot"): week.number,
            t("Did the change happen?"): names[week.happened],
            t("How the work went, from 1 to 5"): math.nan if week.work_went is None else week.work_went,
        }
        for week in weeks
    ]
