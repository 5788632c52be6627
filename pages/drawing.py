"""Charts on a page: drawn on the page's own ground, with words for those who hear them, and their table below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from charts.look import Look
from charts.measure import Measure
from documents import figures
from models.metrics import Metric
from pages.context import Context
from services.wording import sentence
from stats.messages import Amount, Message

EMPTY = "–"


def look(ctx: Context) -> Look:
    """Who looks, and on what ground."""
    return Look(language=ctx.t.language, dark=st.context.theme.type == "dark")


def measure(ctx: Context, metric: Metric) -> Measure:
    """The metric as charts print it."""
    return figures.measure(ctx.t, metric)


def draw(ctx: Context, chart: Any, words: Message, *, key: str, metric: Metric | None = None) -> None:
    """A chart with its sentence as the text alternative.

    Args:
        ctx: The rerun.
        chart: An Altair chart, or its specification.
        words: What it shows, in one sentence.
        key: The element's key.
        metric: The metric its amounts are in.
    """
    spec = chart if isinstance(chart, dict) else chart.to_dict()
    st.vega_lite_chart(spec=unspoken(spec), theme=None, width="stretch", key=key, alt=sentence(ctx.t, words, metric))


def unspoken(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification without Vega's own English words for its parts: the sentence stands for the whole."""
    quiet = {part: {**spec["config"].get(part, {}), "aria": False} for part in ("mark", "axis", "legend")}
    return {**spec, "config": {**spec["config"], **quiet}}


def table(
    ctx: Context, rows: Sequence[Mapping[str, object]], *, title: str, key: str, metric: Metric | None = None
) -> None:
    """The numbers of a chart, folded away below it."""
    with st.expander(title, key=key):
        st.table(printed(ctx, rows, metric), hide_index=True, border="horizontal")


def printed(ctx: Context, rows: Sequence[Mapping[str, object]], metric: Metric | None = None) -> list[dict[str, str]]:
    """Rows with every value as a person of the chosen language writes it."""
    return [{name: cell(ctx, value, metric) for name, value in row.items()} for row in rows]


def cell(ctx: Context, value: object, metric: Metric | None = None) -> str:
    """One value; a dash where there is none."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return EMPTY
    if isinstance(value, Message | Amount):
        message = value if isinstance(value, Message) else Message("{value}", {"value": value})
        return sentence(ctx.t, message, metric)
    return ctx.t.value(value)
