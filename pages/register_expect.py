"""Card 3 of a registration: the prediction, the metric, the smallest change that matters, what must not worsen."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.metrics import Direction, Metric
from models.organisation import Unit
from pages import form_problems
from pages.context import Context
from pages.metric_input import metric_number
from pages.plain import plain
from pages.register_draft import FORM
from pages.register_more import more
from pages.register_why import Why
from services import recent, registration, theme_metric
from services.labels import group
from services.permissions import May
from services.recent import Level
from services.registration import MetricChoice
from services.rows import get, key
from services.theme_metric import Offer
from services.wording import level as level_text

LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What card 3 holds."""

    metric: Metric
    smallest_change: float
    prediction: str
    noticing: str
    must_not_worsen: str
    guardrails: tuple[tuple[int, float], ...]
    subgroups: tuple[str, ...]
    picture: DeltaGenerator
    beside: DeltaGenerator


def card(ctx: Context, why: Why) -> Expected | None:
    """Draw the card; None when there is no metric to choose.

    The picture and what stands beside it depend on card 4 too, so places are kept for them.
    """
    t, unit, theme_id = ctx.t, why.unit, why.theme_ids[0]
    choices = registration.metrics(ctx.session, unit_id=key(unit.id), today=ctx.today)
    share = theme_metric.offer(ctx.session, theme_id=theme_id, unit_id=key(unit.id), today=ctx.today)
    if not choices and share is None:
        st.info(t("No metric has been defined yet. Ask the administrator to add one."))
        return None
    left, right = st.columns([5, 6], gap="medium")
    with left:
        metric = _metric(ctx, unit, choices, share)
        now = recent.levels(ctx.session, metric=metric, units=[unit], today=ctx.today).get(key(unit.id))
        _how_it_stands(ctx, metric, now)
        beside = st.container(key="register_beside_picture")
    picture = right.container(key="register_picture")
    own = f"{metric.code}_{unit.code}"
    told = st.container()
    with more(ctx, "register_more_3", open_for=("smallest_change", "guardrails")):
        smallest = metric_number(
            ctx,
            t("Smallest change that matters to the customer"),
            metric,
            registration.smallest_change(metric, now.value if now else None),
            key=f"register_smallest_{own}",
            change=True,
            keep="session",
        )
        form_problems.at_field(ctx, FORM, "smallest_change")
        start = _target(ctx, metric, now, smallest, own)
        guardrails = _guardrails(ctx, why, metric, own)
        subgroups = _groups(ctx, unit, metric, own)
    must_not_worsen = ", ".join(t.local(guard.name) for guard, _ in guardrails)
    with told:
        prediction = _prediction(ctx, start)
        if must_not_worsen:
            st.caption(t.say("Must not get worse, and is followed as well: {metrics}.", metrics=plain(must_not_worsen)))
        else:
            st.caption(t("Nothing is followed for harm. Choose something under More."))
    return Expected(
        metric=metric,
        smallest_change=smallest,
        prediction=prediction,
        noticing=t.local(metric.name),
        must_not_worsen=must_not_worsen,
        guardrails=tuple((key(guard.id), margin) for guard, margin in guardrails),
        subgroups=subgroups,
        picture=picture,
        beside=beside,
    )


def _metric(ctx: Context, unit: Unit, choices: list[MetricChoice], share: Offer | None) -> Metric:
    t = ctx.t
    by_code = {choice.metric.code: choice for choice in choices}

    def name(code: str) -> str:
        if share is not None and code == share.code:
            return t.say("{metric} ({n} a week)", metric=t.local(share.name), n=t.number(share.per_week, 0))
        choice = by_code[code]
        title = t.local(choice.metric.name)
        if choice.weeks:
            return t.say("{metric} ({n} a week)", metric=title, n=t.number(choice.per_week, 0))
        if choice.metric.manual:
            return t.say("{metric} (entered in the weekly log)", metric=title)
        return t.say("{metric} (no data in the unit yet)", metric=title)

    code = st.selectbox(
        t("How will you notice? The metric"),
        [*by_code, *([share.code] if share is not None else [])],
        format_func=name,
        key=f"register_metric_{unit.code}",
        help=t("The metric with most data in your unit is proposed: it shows a change soonest."),
        persist_state="session",
    )
    if share is None or code != share.code:
        return by_code[code].metric
    st.warning(
        t.say(
            "A model sorts the comments into themes, and it makes mistakes. This metric gives no result until people "
            "have checked at least {n} comments drawn by lot from before the start and {n} from after it, and as many "
            "from the comparison units. Change the metric if there is no time for that.",
            n=share.to_check,
        )
    )
    with ctx.writing() as session:
        number = key(theme_metric.metric_of(session, theme_id=key(share.theme.id), by=ctx.require(May.REGISTER)).id)
    return get(ctx.session, Metric, number)


def _how_it_stands(ctx: Context, metric: Metric, now: Level | None) -> None:
    t = ctx.t
    better = t("more is better") if metric.direction is Direction.INCREASE else t("less is better")
    if now is None:
        st.warning(
            t("This metric has no values in the unit for the last 16 weeks, so its level before the pilot is unknown.")
        )
        return
    st.markdown(
        t.say(
            "Now: **{level}** ({better}). {n} answers or cases a week in {weeks} of the last {total} weeks.",
            level=level_text(t, now.value, metric),
            better=better,
            n=t.number(now.per_week, 0),
            weeks=now.weeks,
            total=recent.RECENT_WEEKS,
        )
    )


def _target(ctx: Context, metric: Metric, now: Level | None, smallest: float, own: str) -> str:
    """“X goes from A to B, because”: the part of the prediction that is worked out."""
    t = ctx.t
    if now is None:
        return t.say("{metric} gets better, because", metric=t.local(metric.name))
    expected = metric_number(
        ctx,
        t("Where do you expect it to be at the end?"),
        metric,
        registration.target(metric, now.value, smallest),
        key=f"register_target_{own}",
        keep="session",
    )
    if (expected - now.value) * (1 if metric.direction is Direction.INCREASE else -1) <= 0:
        st.warning(t("This is not better than now. Is that what you expect?"))
    return t.say(
        "{metric}: from {now} to {target}, because",
        metric=t.local(metric.name),
        now=level_text(t, now.value, metric),
        target=level_text(t, expected, metric),
    )


def _prediction(ctx: Context, start: str) -> str:
    """The prediction: its worked-out part, and the reason, which is the person's own."""
    t = ctx.t
    reason = st.text_area(
        t("Your prediction: {start} …").format(start=start),
        height=80,
        max_chars=LONGEST,
        placeholder=t("For example: the rush clears before 2 p.m."),
        key="register_reason",
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "prediction")
    return f"{start} {reason.strip()}" if reason and reason.strip() else ""


def _guardrails(ctx: Context, why: Why, metric: Metric, own: str) -> list[tuple[Metric, float]]:
    t, template = ctx.t, why.template
    choices = registration.guardrails(
        ctx.session,
        metric=metric,
        unit_id=key(why.unit.id),
        today=ctx.today,
        families=template.guardrails if template is not None else (),
    )
    by_code = {choice.metric.code: choice for choice in choices}

    def name(code: str) -> str:
        title = t.local(by_code[code].metric.name)
        return title if by_code[code].has_data else t.say("{metric} (no data in the unit yet)", metric=title)

    ticked = st.multiselect(
        t("What must not get worse?"),
        list(by_code),
        default=[choice.metric.code for choice in choices if choice.proposed],
        format_func=name,
        key=f"register_guardrails_{own}_{template.code if template is not None else ''}",
        placeholder=t("None"),
        persist_state="session",
    )
    found = []
    for code in ticked:
        guard = by_code[code].metric
        margin = metric_number(
            ctx,
            t.say("Too much worsening: {metric}", metric=t.local(guard.name)),
            guard,
            by_code[code].margin,
            key=f"register_margin_{own}_{code}",
            change=True,
            keep="session",
        )
        found.append((guard, margin))
    form_problems.at_field(ctx, FORM, "guardrails")
    return found


def _groups(ctx: Context, unit: Unit, metric: Metric, own: str) -> tuple[str, ...]:
    t = ctx.t
    choices = registration.groups(ctx.session, metric=metric, unit_id=key(unit.id), today=ctx.today)
    if not choices:
        return ()
    answers = {choice.group: choice.answers for choice in choices}
    return tuple(
        st.multiselect(
            t("Groups looked at separately, so that none of them is harmed unseen"),
            list(answers),
            default=[choice.group for choice in choices if choice.proposed],
            format_func=lambda value: f"{group(t, value)} ({t.plural('{n} answer', '{n} answers', answers[value])})",
            key=f"register_groups_{own}",
            placeholder=t("None"),
            persist_state="session",
        )
    )
