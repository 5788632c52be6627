"""A theme week by week: how many answers, and how large a share of the rated ones was unhappy."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.hidden_weeks import hidden_weeks
from charts.look import Look
from charts.theme import Translate, dressed, named, rows, time_of
from stats.messages import N_, Message

HEIGHT = 200
FEWEST = 5
"""Rated answers a week needs before its share is drawn."""
MOST_DAYS = 8
"""Days written on the time axis."""


@dataclass(frozen=True, kw_only=True)
class ThemeWeek:
    """A week of answers about a theme.

    Attributes:
        week: Its Monday.
        answers: Answers, repeats counted once; None where they are of too few people to be shown.
        unhappy: Rated answers that were unhappy; None where these or the others are too few.
        rated: Answers with a rating; None as `unhappy`.
    """

    week: dt.date
    answers: int | None
    unhappy: int | None
    rated: int | None

    @property
    def share(self) -> float:
        """Unhappy share of the rated answers; NaN below FEWEST of them, or where it is not shown."""
        if self.unhappy is None or self.rated is None or self.rated < FEWEST:
            return math.nan
        return self.unhappy / self.rated


def weekly_volume(weeks: Sequence[ThemeWeek], *, look: Look, t: Translate) -> alt.LayerChart:
    """Answers a week as columns, the unhappy ones at the foot; a cross where a week's number is not shown."""
    colours = look.palette
    unhappy, other, whole = t("Unhappy answers"), t("Other answers"), t("All answers, unhappy ones not shown")
    drawn = []
    for week in weeks:
        span = {"week": week.week, "end": week.week + dt.timedelta(days=6)}
        if week.answers is None:
            continue
        if week.unhappy is None:
            drawn.append(span | {"kind": whole, "from": 0, "to": week.answers, "answers": week.answers})
            continue
        drawn.append(span | {"kind": unhappy, "from": 0, "to": week.unhappy, "answers": week.unhappy})
        rest = week.answers - week.unhappy
        drawn.append(span | {"kind": other, "from": week.unhappy, "to": week.answers, "answers": rest})
    kinds = {unhappy: colours.accent, other: colours.sea, whole: colours.faint_ink}
    there = [kind for kind in kinds if kind != whole or any(row["kind"] == whole for row in drawn)]
    columns = alt.Chart(rows(drawn or [{"week": None}])).mark_rect(opacity=1)
    columns = columns.encode(
        x=_weeks(weeks, look),
        x2="end:T",
        y=alt.Y("from:Q", axis=alt.Axis(format=",d", tickMinStep=1, **named(t("Answers a week")))),
        y2="to:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=there, range=[kinds[kind] for kind in there]),
            legend=alt.Legend(title=None, orient="bottom", direction="vertical"),
        ),
        tooltip=[
            alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
            alt.Tooltip("kind:N", title=t("Kind")),
            alt.Tooltip("answers:Q", title=t("Answers"), format=",d"),
        ],
    )
    hidden = [week.week for week in weeks if week.answers is None]
    return dressed([columns, *hidden_weeks(hidden, height=HEIGHT, look=look, t=t)], look, height=HEIGHT)


def negative_share(weeks: Sequence[ThemeWeek], *, look: Look, t: Translate) -> alt.LayerChart:
    """Unhappy share of the rated answers, larger points for more answers; weeks with few answers stay empty."""
    colours = look.palette
    drawn = rows([{"week": week.week, "share": week.share, "rated": week.rated} for week in weeks])
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="~%", tickCount=5, **named(t("Unhappy share of the rated answers"))),
    )
    x = _weeks(weeks, look)
    line = alt.Chart(drawn).mark_line(color=colours.accent, strokeWidth=1.5, opacity=0.7).encode(x=x, y=y)
    points = alt.Chart(drawn).mark_point(filled=True, color=colours.accent, opacity=1)
    points = points.encode(
        x=x,
        y=y,
        size=alt.Size(
            "rated:Q",
            scale=alt.Scale(range=[20, 220]),
            legend=alt.Legend(title=t("Rated answers a week"), orient="bottom", tickCount=3, format=",d"),
        ),
        tooltip=[
            alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
            alt.Tooltip("share:Q", title=t("Unhappy share"), format=".0%"),
            alt.Tooltip("rated:Q", title=t("Rated answers"), format=",d"),
        ],
    )
    return dressed([line, points], look, height=HEIGHT)


def describe(weeks: Sequence[ThemeWeek]) -> Message:
    """The pictures in one sentence, for those who hear them; of the weeks that are shown."""
    told = {week.week: week.answers for week in weeks if week.answers is not None}
    answers, hidden = sum(told.values()), len(weeks) - len(told)
    if hidden:
        if not answers:
            return Message(N_("In all {weeks} weeks too few people answered for a number."), {"weeks": len(weeks)})
        when = max(told, key=lambda week: told[week])
        return Message(
            N_("{weeks} weeks, at most {most} answers in the week of {when}; too few for a number in {hidden}."),
            {"weeks": len(weeks), "most": told[when], "when": when, "hidden": hidden},
        )
    if not answers:
        return Message(N_("No answers in these weeks."))
    when = max(told, key=lambda week: told[week])
    values = {"answers": answers, "weeks": len(weeks), "most": told[when], "when": when}
    known = [(week.unhappy, week.rated) for week in weeks if week.unhappy is not None and week.rated is not None]
    if len(known) < len(weeks):
        return Message(N_("{answers} answers in {weeks} weeks, at most {most} in the week of {when}."), values)
    rated = sum(rated for _, rated in known)
    if not rated:
        return Message(
            N_("{answers} answers in {weeks} weeks, at most {most} in the week of {when}; none had a rating."), values
        )
    return Message(
        N_(
            "{answers} answers in {weeks} weeks, at most {most} in the week of {when}. "
            "{unhappy} of the {rated} rated answers were unhappy."
        ),
        values | {"unhappy": sum(unhappy for unhappy, _ in known), "rated": rated},
    )


def table(weeks: Sequence[ThemeWeek], *, hidden: str = "–", t: Translate) -> list[dict[str, object]]:
    """The pictures' numbers, a row a week; `hidden` stands where one is not shown."""
    return [
        {
            t("Week of"): week.week,
            t("Answers"): hidden if week.answers is None else week.answers,
            t("Rated answers"): hidden if week.rated is None else week.rated,
            t("Unhappy answers"): hidden if week.unhappy is None else week.unhappy,
        }
        for week in weeks
    ]


def _weeks(weeks: Sequence[ThemeWeek], look: Look) -> alt.X:
    """The time axis, its days the Mondays of some of the weeks."""
    every = max(1, math.ceil(len(weeks) / MOST_DAYS))
    shown = [time_of(week.week) for week in weeks[::every]]
    return alt.X("week:T", axis=alt.Axis(title=None, format=look.day_format, values=shown, grid=False))
