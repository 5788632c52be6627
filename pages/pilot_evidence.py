"""The evidence of a pilot: the weeks, the effect, what must not get worse, the checks, how good the evidence is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts import effect as effect_chart
from charts import looks as looks_chart
from charts import series as series_chart
from charts.effect import Estimate
from charts.series import Marker
from models.metrics import Metric
from pages import drawing
from pages.context import Context
from pages.terms import Term, explain
from services import evaluation, pilot_words
from services.labels import group
from services.pilot_words import Teller
from services.plans import WholePlan
from services.weekly_told import few_answers, least, told_series
from services.wording import amount
from stats.check import Check
from stats.curves import WeeklySeries
from stats.evaluation import Evaluation
from stats.guardrails import GuardResult


def evidence(ctx: Context, whole: WholePlan, result: Evaluation) -> None:
    """Draw everything the recommendation rests on."""
    t = ctx.t
    tell = pilot_words.teller(t, whole)
    st.header(t("Evidence"))
    if result.series is not None:
        _weeks(ctx, whole, told_series(result.series, whole.metric))
    found = effect_chart.of(result)
    if found is not None and few_answers(whole.metric, (result.answers_before, result.answers_after)):
        st.subheader(t("Estimated effect"))
        st.markdown(t("not shown (too few respondents)").capitalize() + ".")
    elif found is not None:
        _effect(ctx, whole, result, found)
    _guardrails(ctx, whole, result.guardrails)
    _subgroups(ctx, whole.metric, result.subgroups)
    _checks(ctx, tell, result.checks)
    _grade(ctx, tell, result)
    _looks(ctx, whole.metric, result)
    _sensitivity(ctx, whole.metric, result)


def _weeks(ctx: Context, whole: WholePlan, series: WeeklySeries) -> None:
    t, start = ctx.t, whole.plan.start_on
    events = [
        Marker(on=event.on_date, text=t.local(event.name)) for event in evaluation.events_near(ctx.session, whole)
    ]
    measure = drawing.measure(ctx, whole.metric)
    st.subheader(t.local(whole.metric.name))
    chart = series_chart.chart(series, start=start, measure=measure, look=drawing.look(ctx), t=t, events=events)
    words = series_chart.describe(series, start=start, measure=measure)
    drawing.draw(ctx, chart, words, key="pilot_series", metric=whole.metric)
    if np.isnan(series.n).any():
        st.caption(
            t.say(
                "A cross: a week of fewer than {least} answers, which is not shown. The evaluation reads it all the "
                "same.",
                least=least(whole.metric),
            )
        )
    rows = series_chart.table(series, measure=measure, t=t)
    drawing.table(ctx, rows, title=t("The weeks as a table"), key="pilot_series_table", metric=whole.metric)


def _effect(ctx: Context, whole: WholePlan, result: Evaluation, found: Estimate) -> None:
    t = ctx.t
    st.subheader(t("Effect against the smallest change that matters"))
    chart = effect_chart.chart(found, measure=drawing.measure(ctx, whole.metric), look=drawing.look(ctx), t=t)
    drawing.draw(ctx, chart, effect_chart.describe(found), key="pilot_effect", metric=whole.metric)
    (numbers,) = drawing.printed(ctx, effect_chart.table(found, t=t), whole.metric)
    rows = [{t("What"): name, t("Value"): value} for name, value in numbers.items()]
    st.table(rows, hide_index=True, hide_header=True, border="horizontal", width="content")
    explain(ctx, Term.INTERVAL, Term.SMALLEST)
    st.caption(
        t.say(
            "{method}. {before} answers or cases before the start, {after} after it; interval {level} %.",
            method=pilot_words.named(t, pilot_words.METHODS, result.method or ""),
            before=t.number(result.answers_before, 0),
            after=t.number(result.answers_after, 0),
            level=t.number(result.confidence_level * 100, 0),
        )
    )


def _guardrails(ctx: Context, whole: WholePlan, found: Sequence[GuardResult]) -> None:
    t = ctx.t
    st.subheader(t("What must not get worse"))
    if not whole.guardrails:
        st.markdown(t("The plan names no guardrail."))
        return
    results = {guard.name: guard for guard in found}
    rows = []
    for metric, margin in whole.guardrails:
        guard = results.get(metric.code)
        rows.append(
            {
                t("Guardrail"): t.local(metric.name),
                t("State"): t(pilot_words.GUARDS[guard.status.value]) if guard else t("no data"),
                t("Change and its interval"): _interval(ctx, guard, metric),
                t("Too much worsening"): amount(t, margin, metric),
            }
        )
    st.table(rows, hide_index=True, border="horizontal")
    explain(ctx, Term.GUARDRAIL)


def _interval(ctx: Context, guard: GuardResult | None, metric: Metric) -> str:
    if guard is None or guard.estimate is None:
        return drawing.EMPTY
    return pilot_words.with_interval(ctx.t, guard.estimate, metric)


def _subgroups(ctx: Context, metric: Metric, found: Sequence[GuardResult]) -> None:
    t = ctx.t
    if not found:
        return
    st.subheader(t("Groups of customers"))
    rows = [
        {
            t("Group"): group(t, one.name),
            t("State"): t(pilot_words.GROUPS[one.status.value]),
            t("Change and its interval"): _interval(ctx, one, metric),
        }
        for one in found
    ]
    st.table(rows, hide_index=True, border="horizontal")
    explain(ctx, Term.GROUPS)


def _checks(ctx: Context, tell: Teller, checks: Sequence[Check]) -> None:
    t = ctx.t
    if not checks:
        return
    st.subheader(t("Checks"))
    words = {True: t("in order"), False: t("attention"), None: t("for information")}
    order = {False: 0, True: 1, None: 2}
    rows = [
        {
            t("Check"): pilot_words.named(t, pilot_words.CHECKS, check.name),
            t("State"): words[check.passed],
            t("What was seen"): tell.say(check.detail),
        }
        for check in sorted(checks, key=lambda check: order[check.passed])
    ]
    st.table(rows, hide_index=True, border="horizontal")
    explain(ctx, Term.CHECKS)


def _grade(ctx: Context, tell: Teller, result: Evaluation) -> None:
    t, found = ctx.t, result.evidence
    st.subheader(t("How good the evidence is"))
    st.markdown(
        t.say(
            "Evidence level: **{grade}** (our own, GRADE-style). Maryland scale {maryland}/5, Nesta level {nesta}/5.",
            grade=t(pilot_words.GRADES[found.grade]),
            maryland=found.maryland,
            nesta=found.nesta,
        )
    )
    explain(ctx, Term.LEVEL)
    st.markdown("\n".join(f"- {tell.say(reason)}" for reason in found.reasons))
    if result.minimum_detectable_effect is not None:
        st.markdown(
            t.say(
                "With these data the pilot finds a true change of {size} or more four times out of five.",
                size=amount(t, result.minimum_detectable_effect, tell.metric),
            )
        )


def _looks(ctx: Context, metric: Metric, result: Evaluation) -> None:
    t = ctx.t
    with st.expander(t("Planned reviews and their bounds"), key="pilot_looks"):
        st.markdown(
            t(
                "Looking at the numbers every week makes chance look like an effect. So an effect counts only when a "
                "planned review passes its bound, and early bounds are strict."
            )
        )
        planned = result.plan.reviews
        if result.looks:
            chart = looks_chart.chart(result.looks, planned=planned, look=drawing.look(ctx), t=t)
            drawing.draw(
                ctx, chart, looks_chart.describe(result.looks, planned=planned), key="pilot_looks_chart", metric=metric
            )
            rows = looks_chart.table(result.looks, t=t)
            st.table(drawing.printed(ctx, rows, metric), hide_index=True, border="horizontal")
        else:
            st.markdown(t("No planned review has been held yet."))


def _sensitivity(ctx: Context, metric: Metric, result: Evaluation) -> None:
    t = ctx.t
    if not result.sensitivity:
        return
    with st.expander(t("The same question by other methods"), key="pilot_sensitivity"):
        rows = [
            {
                t("Method"): pilot_words.named(t, pilot_words.METHODS, line.method),
                t("Effect and its interval"): pilot_words.with_interval(t, line, metric),
            }
            for line in result.sensitivity
        ]
        st.table(rows, hide_index=True, border="horizontal")
        explain(ctx, Term.OTHER_METHODS)
