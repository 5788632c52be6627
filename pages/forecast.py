"""How many answers about a theme the coming weeks bring, and how well the same method has foretold the past."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from charts import forecast as picture
from pages import drawing, theme_words
from pages.choices import choice
from pages.context import Context
from services.drivers import record_version
from services.forecasts import HORIZON, Forecasts, UnitForecast, forecasts
from services.permissions import May, reach
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, few
from services.theme_pages import all_themes
from services.wording import sentence
from stats.messages import Message
from stats.volume_forecast import BackTest, VolumeForecast

SECONDS = 600


def render(ctx: Context) -> None:
    """A theme's coming weeks, in the units that the person reaches."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    st.title(t("The coming weeks"))
    themes = {theme.code: theme for theme in all_themes(ctx.session)}
    if not themes:
        st.info(t("There is no theme of feedback yet."))
        return
    code = choice(t("Theme"), "code", {code: t.local(theme.name) for code, theme in themes.items()}, width=420)
    with st.spinner(t("Looking ahead…")):
        version = (ctx.settings.database_url, *record_version(ctx.session))
        found = _forecasts(ctx, version, key(themes[code].id), reach(ctx.session, person), ctx.today)
    together = found.together
    lately = sum(together.counts[-HORIZON:])
    if few(lately):
        st.info(
            t.say(
                "In the last {weeks} weeks there were fewer than {least} answers: too few for numbers.",
                weeks=HORIZON,
                least=LEAST_CUSTOMERS,
            )
        )
        return
    if isinstance(together.forecast, Message):
        st.info(sentence(t, together.forecast))
        return
    said = picture.describe(together.forecast)
    st.subheader(sentence(t, said))
    st.markdown(t.say("In the last {weeks} weeks there were {answers}.", weeks=HORIZON, answers=lately))
    drawn = picture.chart(
        together.told, together.forecast, next_monday=together.next_monday, look=drawing.look(ctx), t=t
    )
    drawing.draw(ctx, drawn, said, key="forecast_picture")
    drawing.table(
        ctx,
        picture.table(together.forecast, next_monday=together.next_monday, t=t),
        title=t("The picture's numbers, week by week"),
        key="forecast_table",
    )
    if None in together.told:
        st.caption(theme_words.explained(ctx))
    st.markdown(_tested(ctx, together.forecast.back_test))
    _units(ctx, found)
    ctx.link(t("How the numbers are worked out"), "methods", icon=":material/functions:")


@st.cache_data(ttl=SECONDS, max_entries=100, show_spinner=False)
def _forecasts(
    _ctx: Context, version: tuple[str, int, int], theme_id: int, units: frozenset[int] | None, today: dt.date
) -> Forecasts:
    return forecasts(_ctx.session, theme_id=theme_id, unit_ids=units, today=today, by=_ctx.person)


def _tested(ctx: Context, test: BackTest | None) -> str:
    """How the method would have done in the past."""
    t = ctx.t
    if test is None:
        return t("There are too few weeks to see how well this would have worked in the past.")
    said = t.say(
        "Asked in {origins} past weeks, the same method would have been off by {error} answers on average over the "
        "following {weeks} weeks, and {share} of the totals fell into the range (four of five should, a little more "
        "when answers are few).",
        origins=test.origins,
        error=t.number(test.error, 1),
        weeks=HORIZON,
        share=t.percent(test.coverage),
    )
    plain = t.say("Repeating the last {weeks} weeks would have been off by {error}.", weeks=HORIZON,
                  error=t.number(test.recent_error, 1))  # fmt: skip
    if test.last_year_error is None:
        return f"{said} {plain}"
    year = t.say("Repeating the same weeks of the year before: {error}.", error=t.number(test.last_year_error, 1))
    return f"{said} {plain} {year}"


def _units(ctx: Context, found: Forecasts) -> None:
    t = ctx.t
    if len(found.units) < 2:
        return
    st.header(t("By unit"))
    st.table(
        [_row(ctx, unit) for unit in found.units if isinstance(unit.forecast, VolumeForecast)],
        hide_index=True,
        border="horizontal",
        alt=t("Expected answers by unit, the busiest unit first"),
    )
    if not all(unit.told for unit in found.units):
        st.caption(theme_words.explained(ctx))
    scarce = [unit for unit in found.units if isinstance(unit.forecast, Message)]
    if scarce:
        names = ", ".join(t.local(unit.unit_name) for unit in scarce)
        st.caption(t.say("Too few answers for a forecast: {units}.", units=names))


def _row(ctx: Context, unit: UnitForecast) -> dict[str, str]:
    t, forecast = ctx.t, unit.forecast
    hidden = theme_words.not_shown(ctx)
    if isinstance(forecast, Message):
        return {}
    test = forecast.back_test
    return {
        t("Unit"): t.local(unit.unit_name),
        t.say("Last {weeks} weeks", weeks=HORIZON): t.number(unit.lately) if unit.told else hidden,
        t.say("Next {weeks} weeks", weeks=HORIZON): (
            f"{t.number(forecast.total.mean, 1)} ({t.number(forecast.total.low)}–{t.number(forecast.total.high)})"
            if unit.told
            else hidden
        ),
        t("In range in the past"): drawing.EMPTY if test is None or not unit.told else t.percent(test.coverage),
        t("Off by on average"): drawing.EMPTY if test is None or not unit.told else t.number(test.error, 1),
    }
