"""Sentences and amounts of the statistics, as a reader of the chosen language writes them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from models.metrics import Metric, MetricKind
from services.i18n import Translator
from stats.messages import Amount, Level, Message


def amount(t: Translator, value: float, metric: Metric | None, *, signed: bool = False) -> str:
    """A change in a metric with its unit: percentage points for a share, else the metric's own unit.

    Args:
        t: The language.
        value: The change, in the metric's unit (a share's as a fraction).
        metric: The metric; None prints a bare number.
        signed: Whether a gain gets its plus sign.
    """
    if value != value:
        return "–"
    if metric is None:
        return t.number(value, 2, signed=signed)
    if metric.kind is MetricKind.PROPORTION:
        return t.say("{points} percentage points", points=t.number(value * 100, 1, signed=signed))
    decimals = 2 if metric.kind is MetricKind.SCORE else 1
    number = t.number(value, decimals, signed=signed)
    unit = t.local(metric.unit_text)
    return f"{number}\N{NO-BREAK SPACE}{unit}" if unit else number


def level(t: Translator, value: float, metric: Metric) -> str:
    """A metric's value, not a change: per cent for a share."""
    if metric.kind is MetricKind.PROPORTION:
        return t.percent(value, 1)
    return amount(t, value, metric)


def sentence(t: Translator, message: Message, metric: Metric | None = None) -> str:
    """A message of the statistics in the translator's language."""
    return t(message.text).format(**{name: _value(t, value, metric) for name, value in message.values.items()})


def _value(t: Translator, value: object, metric: Metric | None) -> str:
    if isinstance(value, Message):
        return sentence(t, value, metric)
    if isinstance(value, Level) and metric is not None:
        return level(t, float(value), metric)
    if isinstance(value, Amount):
        return amount(t, float(value), metric)
    if isinstance(value, np.datetime64):
        return t.date(value.astype("datetime64[D]").astype(dt.date))
    if isinstance(value, tuple | list):
        return ", ".join(_value(t, part, metric) for part in value)
    if isinstance(value, np.generic):
        return t.value(value.item())
    return t.value(value)
