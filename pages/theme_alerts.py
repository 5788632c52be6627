"""Alerts: a theme in a unit that is spoken of unusually much or little, since when, and the words behind it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.organisation import Unit
from models.themes import Theme
from pages import theme_filters
from pages.context import Context
from pages.plain import plain
from services import theme_alerts
from services.organisation import all_units
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, few
from services.theme_alerts import WEEKS, Alert
from services.theme_browse import Scope
from services.theme_pages import all_themes

SECONDS = 60
"""How long the alerts of the whole county are kept: they are of whole weeks, and each takes every answer of a year."""


def found(ctx: Context, scope: Scope) -> list[Alert]:
    """The alerts of the units that are looked at."""
    return theme_alerts.within(_alerts(ctx, ctx.settings.database_url, ctx.today), scope.unit_ids)


def badges(ctx: Context, scope: Scope) -> dict[int, str]:
    """A mark for each theme that has an alert, by the theme's id."""
    t = ctx.t
    themes = {key(theme.id): theme for theme in all_themes(ctx.session)}
    marks: dict[int, str] = {}
    for alert in found(ctx, scope):
        theme = themes[alert.theme_id]
        words = t("alert: more") if alert.rise else t("alert: less")
        mark = f" :{_colour(theme, alert)}-badge[{words}]"
        if mark not in marks.get(alert.theme_id, ""):
            marks[alert.theme_id] = marks.get(alert.theme_id, "") + mark
    return marks


def show(ctx: Context, scope: Scope) -> None:
    """The alerts as a table, the surest first."""
    t = ctx.t
    rows = found(ctx, scope)
    st.markdown(
        t.say(
            "Every theme in every unit is compared with its own last {weeks} weeks, as a share of the unit's answers. "
            "Where the latest weeks differ by more than chance, there is an alert. The period and the further filters "
            "above do not change this.",
            weeks=WEEKS,
        )
    )
    if rows:
        themes = {key(theme.id): theme for theme in all_themes(ctx.session)}
        units = {key(unit.id): unit for unit in all_units(ctx.session)}
        st.table(
            [_row(ctx, alert, themes[alert.theme_id], units.get(alert.unit_id or 0)) for alert in rows],
            hide_index=True,
            border="horizontal",
            alt=t("Themes that are spoken of unusually much or little"),
        )
    else:
        st.info(t("No alerts: the latest weeks are like the weeks before."))
    st.caption(
        t(
            "All themes and units are judged at once, so that alarms without a cause stay under one a month in the "
            "whole county. An alert tells that something changed, not why: read the comments."
        )
    )


def of_theme(ctx: Context, theme: Theme, scope: Scope) -> None:
    """A theme's own alerts, on its page."""
    units = {key(unit.id): unit for unit in all_units(ctx.session)}
    for alert in found(ctx, scope):
        if alert.theme_id == theme.id:
            place = _place(ctx, units.get(alert.unit_id or 0))
            said = f"**{place}**: {_what(ctx, alert)}"
            (st.warning if _colour(theme, alert) == "red" else st.info)(said)


def _row(ctx: Context, alert: Alert, theme: Theme, unit: Unit | None) -> dict[str, str]:
    t = ctx.t
    own = {"unit": unit.code if unit is not None else None, "weeks": _weeks(alert)}
    there = ctx.url("theme", code=theme.code, **own)
    direction = t("more") if alert.rise else t("less")
    return {
        t("Theme"): f"[{plain(t.local(theme.name))}]({there}) :{_colour(theme, alert)}-badge[{direction}]",
        t("Unit"): plain(_place(ctx, unit)),
        t("What changed"): _what(ctx, alert),
        t("Comments"): f"[{t('Read the comments')}]({there}#comments)",
    }


def _what(ctx: Context, alert: Alert) -> str:
    """What changed; without numbers where they are of few answers, and the usual number when that is small."""
    t = ctx.t
    if few(alert.answers) or 0 < alert.expected < LEAST_CUSTOMERS:
        return t.say(
            "since {since} ({weeks}) {much} than usual; the numbers are too small to be shown",
            since=alert.since,
            weeks=t.plural("{n} week", "{n} weeks", alert.weeks),
            much=t("more often") if alert.rise else t("more rarely"),
        )
    return t.say(
        "since {since} ({weeks}) {answers} where some {expected} would be usual",
        since=alert.since,
        weeks=t.plural("{n} week", "{n} weeks", alert.weeks),
        answers=t.plural("{n} answer", "{n} answers", alert.answers),
        expected=t.number(alert.expected, 0 if alert.expected >= 10 else 1),
    )


def _place(ctx: Context, unit: Unit | None) -> str:
    return ctx.t("The whole county") if unit is None else ctx.t.local(unit.name)


def _colour(theme: Theme, alert: Alert) -> str:
    """Red for more trouble or fewer thanks."""
    return "red" if alert.rise != theme.praise else "green"


def _weeks(alert: Alert) -> str | None:
    """The shortest of the periods that can be chosen which holds the whole of it; 12 weeks is the usual one."""
    if alert.weeks <= min(theme_filters.WEEKS):
        return str(min(theme_filters.WEEKS))
    return None if alert.weeks <= next(iter(theme_filters.WEEKS)) else str(sorted(theme_filters.WEEKS)[2])


@st.cache_data(ttl=SECONDS, max_entries=8, show_spinner=False)
def _alerts(_ctx: Context, database: str, today: dt.date) -> list[Alert]:
    return theme_alerts.alerts(_ctx.session, today=today)
