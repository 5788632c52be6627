"""The weeks whose feedback set a pilot off, and a warning when the last ones were out of the ordinary."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.metrics import Metric
from models.organisation import Unit
from pages import form_problems
from pages.context import Context
from pages.register_draft import FORM
from services.last_weeks import LastWeeks, last_weeks
from services.rows import get, key
from services.wording import sentence
from stats.unusual import Standing

SECONDS = 900


def window(
    ctx: Context, unit: Unit, metric: Metric, comparisons: tuple[int, ...], start_on: dt.date
) -> tuple[tuple[dt.date, dt.date] | None, bool]:
    """The weeks that set the pilot off (they tell regression to the mean from a real change), and whether only their
    first day has been chosen."""
    t = ctx.t
    found = lately(ctx, unit, metric, comparisons)
    has_trigger = st.checkbox(
        t("Some weeks' feedback made us start this"), value=True, key="register_has_trigger", persist_state="session"
    )
    chosen = None
    if has_trigger:
        picked = st.date_input(
            t("Those weeks, first and last day"),
            value=(found.first, found.last),
            max_value=max(start_on - dt.timedelta(days=1), found.last),
            format="DD.MM.YYYY",
            key="register_trigger",
            help=t("Chance made them look worse than usual, at least in part. The evaluation takes that into account."),
            persist_state="session",
        )
        days = picked if isinstance(picked, tuple) else (picked,)
        if len(days) == 2:
            chosen = (days[0], days[1])
    form_problems.at_field(ctx, FORM, "trigger")
    return chosen, has_trigger and chosen is None


def lately(ctx: Context, unit: Unit, metric: Metric, comparisons: tuple[int, ...]) -> LastWeeks:
    """The weeks just gone."""
    return _last_weeks(ctx, ctx.settings.database_url, key(unit.id), key(metric.id), comparisons, ctx.today)


def warn(ctx: Context, gone: LastWeeks, metric: Metric) -> None:
    """Say so when they were out of the ordinary."""
    t, found = ctx.t, gone.found
    if found is None or found.standing is Standing.USUAL:
        return
    said = sentence(t, found.message, metric)
    if found.standing is Standing.BAD:
        st.warning(f"{said} {t('Comparison units and a later start keep that from looking like an effect.')}")
    else:
        st.info(said)


@st.cache_data(ttl=SECONDS, max_entries=200, show_spinner=False)
def _last_weeks(
    _ctx: Context, database: str, unit_id: int, metric_id: int, comparisons: tuple[int, ...], today: dt.date
) -> LastWeeks:
    return last_weeks(
        _ctx.session,
        metric=get(_ctx.session, Metric, metric_id),
        unit_id=unit_id,
        comparison_unit_ids=comparisons,
        today=today,
    )
