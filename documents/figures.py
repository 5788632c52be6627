"""Charts of the charts room as documents show them: SVG, with the sentence that stands for the picture."""

from __future__ import annotations

from dataclasses import dataclass

from charts import effect as effect_chart
from charts.look import Look
from charts.measure import Measure
from documents import pictures
from models.metrics import Metric
from services.i18n import Translator
from services.wording import sentence
from stats.evaluation import Evaluation
from stats.metric import Direction, Kind


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A picture for paper.

    Attributes:
        svg: The picture.
        alt: What it shows, in one sentence.
    """

    svg: bytes
    alt: str


def measure(t: Translator, metric: Metric) -> Measure:
    """The metric as charts print it."""
    return Measure(
        name=t.local(metric.name),
        kind=Kind(metric.kind.value),
        direction=Direction(metric.direction.value),
        unit=t.local(metric.unit_text),
    )


def effect(t: Translator, metric: Metric, result: Evaluation, *, width: int = pictures.WIDTH) -> Figure | None:
    """An effect with its interval against the smallest change that matters; None without an estimate."""
    found = effect_chart.of(result)
    if found is None:
        return None
    look = Look(language=t.language)
    chart = effect_chart.chart(found, measure=measure(t, metric), look=look, t=t)
    drawn = pictures.svg(chart.to_dict(), look=look, width=width)
    return Figure(svg=drawn, alt=sentence(t, effect_chart.describe(found), metric))
