"""Units to compare with in a registration: the most alike are chosen already, with the reasons; a person may change."""

from __future__ import annotations

import datetime as dt

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.metrics import Metric
from models.organisation import Unit
from pages import form_problems
from pages.context import Context
from pages.plain import plain
from pages.register_draft import FORM
from services import comparisons
from services.comparisons import ComparisonChoice
from services.rows import get, key
from services.wording import level as level_text
from services.wording import sentence

SECONDS = 900


def units(ctx: Context, unit: Unit, metric: Metric, told: DeltaGenerator) -> tuple[int, ...]:
    """Draw the choice, and say in `told` what was chosen; returns the ids of the units to compare with."""
    t = ctx.t
    found = _choices(ctx, ctx.settings.database_url, key(unit.id), key(metric.id), ctx.today)
    choices = {choice.code: choice for choice in found}
    codes = st.multiselect(
        t("Units to compare with, which go on as before"),
        list(choices),
        default=[choice.code for choice in found if choice.proposed],
        format_func=lambda code: _name(ctx, choices[code], metric),
        key=f"register_comparisons_{metric.code}_{unit.code}",
        placeholder=t("None"),
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "comparison_units", "pilot_units")
    with told:
        _told(ctx, [choices[code] for code in codes], any_other=bool(choices))
    if codes:
        _reasons(ctx, [choices[code] for code in codes], metric)
    return tuple(choices[code].unit_id for code in codes)


def _told(ctx: Context, chosen: list[ComparisonChoice], *, any_other: bool) -> None:
    """Which units go on as before, and what is weak about them."""
    t = ctx.t
    if chosen:
        names = ", ".join(plain(t.local(choice.name)) for choice in chosen)
        st.caption(t.say("Compared with units that go on as before: {units}.", units=names))
    if not any_other:
        st.info(
            t("No other unit has data on this metric. Without comparison the verdict can be no stronger than “extend”.")
        )
    elif len(chosen) < 2:
        st.info(t("With fewer than two comparison units the verdict can be no stronger than “extend”."))
    for choice in chosen:
        if choice.busy:
            st.warning(
                t.say(
                    "{unit} tries something with the same metric itself, so it may not show what going on as before "
                    "would give.",
                    unit=t.local(choice.name),
                )
            )


def _name(ctx: Context, choice: ComparisonChoice, metric: Metric) -> str:
    t = ctx.t
    return t.say(
        "{unit} ({level}, {n} a week)",
        unit=t.local(choice.name),
        level=level_text(t, choice.level.value, metric),
        n=t.number(choice.level.per_week, 0),
    )


def _reasons(ctx: Context, chosen: list[ComparisonChoice], metric: Metric) -> None:
    t = ctx.t
    st.caption(
        t(
            "Units that have been most like yours over the past year are proposed. "
            "The last six weeks have no say in it, so that bad luck is not compared with bad luck."
        )
    )
    with st.expander(t("Why these units?"), key="register_why_units"):
        lines = [
            f"- **{t.local(choice.name)}:** " + " ".join(sentence(t, reason, metric) for reason in choice.reasons)
            for choice in chosen
        ]
        st.markdown("\n".join(lines))


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _choices(
    _ctx: Context, database: str, unit_id: int, metric_id: int, today: dt.date
) -> tuple[ComparisonChoice, ...]:
    metric = get(_ctx.session, Metric, metric_id)
    return comparisons.choices(_ctx.session, metric=metric, unit_id=unit_id, today=today)
