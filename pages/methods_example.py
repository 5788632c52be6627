"""A worked example of regression to the mean: invented weeks of a unit in which nothing was changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import streamlit as st

from charts import series as series_chart
from charts.look import Look
from charts.measure import Measure
from pages import drawing
from pages.context import Context
from services.i18n import Translator
from stats.curves import WeeklySeries
from stats.messages import Message
from stats.metric import Direction, Kind

USUAL = (3.9, 3.7, 3.8, 4.0, 3.7, 3.8, 3.6, 3.9, 3.8, 3.7, 3.9, 3.8)
BAD = (3.5, 3.3, 3.4, 3.4)
AFTER = (3.7, 3.8, 3.9, 3.7, 3.8, 4.0, 3.8, 3.7, 3.9, 3.8, 3.7, 3.8)
"""Weekly means: the usual weeks, the four bad ones that led to the pilot, and the weeks after its start."""
FIRST_MONDAY, START = "2026-01-05", "2026-04-27"
ANSWERS, REACH = 20.0, 0.1


def story() -> Message:
    """The example in words, its numbers worked out from the weeks."""
    usual, bad, after = (sum(weeks) / len(weeks) for weeks in (USUAL, BAD, AFTER))
    return Message(
        "In this invented example nothing was changed. The unit's usual level is {usual}. Four bad weeks, on average "
        "{bad}, led to a pilot, and after its start the average was {after} again. Compared with the bad weeks that "
        "looks like a gain of {gain}, but all of it would have come by itself. The grey band shows what was to be "
        "expected anyway.",
        {
            "usual": round(usual, 2),
            "bad": round(bad, 2),
            "after": round(after, 2),
            "gain": round(after - bad, 2),
        },
    )


def draw(ctx: Context) -> None:
    """The example as a picture, as pilots' pages draw their weeks."""
    measure = Measure(
        name=ctx.t("Score in an invented example"), kind=Kind.SCORE, direction=Direction.INCREASE, unit=""
    )
    words = series_chart.describe(weeks(), start=dt.date.fromisoformat(START), measure=measure)
    drawing.draw(ctx, _picture(measure, drawing.look(ctx), ctx.t), words, key="method_example")


@st.cache_data(max_entries=16, show_spinner=False)
def _picture(measure: Measure, look: Look, _t: Translator) -> dict[str, Any]:
    chart = series_chart.chart(weeks(), start=dt.date.fromisoformat(START), measure=measure, look=look, t=_t)
    return chart.to_dict()


def weeks() -> WeeklySeries:
    """The invented weeks as an evaluation keeps them."""
    values = np.array([*USUAL, *BAD, *AFTER])
    monday = np.datetime64(FIRST_MONDAY) + np.timedelta64(7, "D") * np.arange(len(values))
    usual = np.full(len(values), sum(USUAL) / len(USUAL))
    return WeeklySeries(
        weeks=monday,
        pilot=values,
        n=np.full(len(values), ANSWERS),
        comparison=np.full(len(values), np.nan),
        expected=usual,
        expected_low=usual - REACH,
        expected_high=usual + REACH,
        after=monday >= np.datetime64(START),
        trigger=(monday < np.datetime64(START)) & (np.arange(len(values)) >= len(USUAL)),
    )
