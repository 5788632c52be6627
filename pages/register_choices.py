"""Ways out when the planned weeks do not show the smallest change: each is a button that fills its field."""

from __future__ import annotations

import math

import streamlit as st

from models.metrics import Metric, MetricKind
from models.organisation import Unit
from pages.context import Context
from services import registration
from services.outlook import Outlook
from services.rows import key
from services.wording import amount

LONGEST_PROPOSED = 26
"""Weeks that are still proposed: half a year. A longer trial is seldom kept going."""


def show(ctx: Context, unit: Unit, metric: Metric, smallest: float, found: Outlook) -> None:
    """Draw the choices that would help here."""
    t = ctx.t
    needed = found.weeks_needed
    larger = None if found.finds is None else rounded_up(metric, found.finds)
    richer = _richer(ctx, unit, metric)
    with st.container(horizontal=True, key="register_choices"):
        if needed is not None and found.weeks < needed <= LONGEST_PROPOSED:
            _button(
                t.say("Try it for {weeks} weeks", weeks=needed), "weeks", field="register_weeks", value=needed
            )  # fmt: skip
        if larger is not None and larger > smallest:
            _button(
                t.say("Look for a larger change: {size}", size=amount(t, larger, metric)),
                "larger",
                field=f"register_smallest_{metric.code}_{unit.code}",
                value=larger * (100.0 if metric.kind is MetricKind.PROPORTION else 1.0),
                forget=f"register_target_{metric.code}_{unit.code}",
            )
        if richer is not None:
            _button(
                t.say("Choose a metric with more data: {metric}", metric=t.local(richer.name)),
                "metric",
                field=f"register_metric_{unit.code}",
                value=richer.code,
            )


def rounded_up(metric: Metric, size: float) -> float:
    """A size with the decimals of its field, never smaller than it was."""
    step = {MetricKind.SCORE: 100.0, MetricKind.PROPORTION: 1000.0}.get(metric.kind, 10.0)
    return math.ceil(round(size * step, 6)) / step


def _richer(ctx: Context, unit: Unit, metric: Metric) -> Metric | None:
    """The metric of the same family with most data in the unit, where that is more than the chosen one has."""
    choices = registration.metrics(ctx.session, unit_id=key(unit.id), today=ctx.today)
    have = {choice.metric.code: choice.per_week * choice.weeks for choice in choices}
    best = max(choices, key=lambda choice: have[choice.metric.code] * (choice.metric.family is metric.family))
    return best.metric if have[best.metric.code] > have.get(metric.code, 0.0) else None


def _button(label: str, name: str, *, field: str, value: object, forget: str = "") -> None:
    """A choice that fills a field; the field worked out from it is worked out anew."""
    st.button(label, key=f"register_choice_{name}", on_click=_fill, args=(field, value, forget))


def _fill(field: str, value: object, forget: str) -> None:
    st.session_state[field] = value
    st.session_state.pop(forget, None)
