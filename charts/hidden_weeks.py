"""Weeks whose number is not shown: a cross at the foot of the picture, so that none is taken for a zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt

from charts.look import Look
from charts.theme import Translate, rows


def hidden_weeks(mondays: Sequence[dt.date], *, height: int, look: Look, t: Translate) -> list[alt.Chart]:
    """A layer with a cross a week; none where no week is hidden.

    Args:
        mondays: The weeks that are not shown.
        height: Of the picture.
        look: Who looks.
        t: Translates the layer's words.
    """
    if not mondays:
        return []
    middle = dt.timedelta(days=3)
    data = rows([{"week": day, "middle": day + middle, "told": t("not shown")} for day in mondays])
    marks = alt.Chart(data).mark_point(
        shape="cross", size=50, angle=45, filled=True, color=look.palette.faint_ink, opacity=1
    )
    return [
        marks.encode(
            x=alt.X("middle:T"),
            y=alt.value(height - 7),
            tooltip=[
                alt.Tooltip("week:T", title=t("Week of"), format=look.day_format),
                alt.Tooltip("told:N", title=t("Answers")),
            ],
        )
    ]
