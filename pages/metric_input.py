"""Fields for values and changes of a metric: a share is typed in per cent, everything else in the metric's own unit."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from models.metrics import Metric, MetricKind
from pages.context import Context


def unit_of(ctx: Context, metric: Metric, *, change: bool = False) -> str:
    """What the number is in: per cent, percentage points for a change, else the metric's unit."""
    if metric.kind is MetricKind.PROPORTION:
        return ctx.t("percentage points") if change else "%"
    return ctx.t.local(metric.unit_text)


def metric_number(
    ctx: Context,
    label: str,
    metric: Metric,
    value: float,
    *,
    key: str,
    change: bool = False,
    keep: Literal["page", "session"] = "page",
) -> float:
    """A number field for a value (or a change) of a metric; the answer is in the metric's own unit.

    Args:
        ctx: The rerun.
        label: What is asked, without the unit.
        metric: The metric.
        value: What is filled in, in the metric's own unit.
        key: The field's key.
        change: Whether it is a size of change rather than a level.
        keep: How long what was typed stays: while the page is open, or the whole session.
    """
    share = metric.kind is MetricKind.PROPORTION
    times = 100.0 if share else 1.0
    decimals = 2 if metric.kind is MetricKind.SCORE else 1
    unit = unit_of(ctx, metric, change=change)
    typed = st.number_input(
        f"{label} ({unit})" if unit else label,
        value=round(value * times, decimals),
        step=0.05 if metric.kind is MetricKind.SCORE else 0.5,
        format=f"%.{decimals}f",
        key=key,
        persist_state=keep,
    )
    return (typed or 0.0) / times
