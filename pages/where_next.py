"""Where next: themes in units where something could be tried, the most promising first, every factor shown."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from models.organisation import Unit
from models.people import Person
from pages import theme_words
from pages.choices import choice
from pages.context import Context
from services.drivers import RECOMMEND, Drivers, drivers, record_version
from services.errors import BadInput
from services.organisation import all_units, subtree_ids
from services.permissions import May, reach
from services.rows import key
from services.theme_browse import Scope
from services.theme_trend import last_weeks
from services.where_next import QUARTER, STANDS_FOR, Factor, Place, where_next
from stats.errors import CannotEstimateError

SECONDS = 600
WEEKS = 52
SHOWN = 10
MOST = 50


def render(ctx: Context) -> None:
    """The ranking, for the units that the person reaches."""
    t = ctx.t
    person = ctx.require(May.SEE_FEEDBACK)
    ctx.link(t("What matters most"), "drivers", icon=":material/arrow_back:")
    st.title(t("Where next?"))
    st.markdown(
        t(
            "Where a small pilot would help most for the work it takes. Themes that a unit cannot change itself are "
            "left out, and so are those that a pilot or a scale-up already answers there."
        )
    )
    units = _units(ctx, person)
    with st.spinner(t("Working out what matters…")):
        moved = _drivers(ctx, _database(ctx), ctx.today)
    places = where_next(ctx.session, drivers=moved, unit_ids=units, today=ctx.today, by=person)
    if not places:
        st.info(t("Nothing to try stands out: nobody unhappy, or a pilot already answers it."))
        return
    if moved is None:
        st.caption(t("Effects cannot be told from the answers there are, so every theme counts alike."))
    for number, place in enumerate(places[:SHOWN], start=1):
        _card(ctx, number, place, known=moved is not None)
    st.header(t("All of them, with every factor"))
    st.table(
        [_row(ctx, number, place) for number, place in enumerate(places[:MOST], start=1)],
        hide_index=True,
        border="horizontal",
        alt=t("Themes in units, the most promising first"),
    )
    if len(places) > MOST:
        st.caption(t.say("The first {shown} of {total}.", shown=MOST, total=len(places)))
    st.caption(_explained(ctx))
    if not all(place.told for place in places):
        st.caption(theme_words.explained(ctx))
    ctx.link(t("The coming weeks"), "forecast", icon=":material/trending_up:")
    ctx.link(t("How the numbers are worked out"), "methods", icon=":material/functions:")


def _units(ctx: Context, person: Person) -> frozenset[int] | None:
    """One node of the organisation within the person's reach; None for the whole county."""
    t = ctx.t
    units = all_units(ctx.session)
    within = reach(ctx.session, person)
    mine = [unit for unit in units if (within is None or key(unit.id) in within) and _below_the_top(unit, within)]
    names = {unit.code: f"{unit.code} {t.local(unit.name)}" for unit in mine}
    everything = t("The whole county") if within is None else t("All my units")
    chosen = choice(t("Unit"), "unit", {"": everything, **names}, width=320)
    if not chosen:
        return within
    return subtree_ids(units, next(key(unit.id) for unit in mine if unit.code == chosen))


def _below_the_top(unit: Unit, within: frozenset[int] | None) -> bool:
    return unit.parent_id is not None or within is not None


def _database(ctx: Context) -> tuple[str, int, int]:
    return (ctx.settings.database_url, *record_version(ctx.session))


@st.cache_data(ttl=SECONDS, max_entries=20, show_spinner=False)
def _drivers(_ctx: Context, database: tuple[str, int, int], today: dt.date) -> Drivers | None:
    """What moves the recommendation in the whole county over a year; None when that cannot be told."""
    first, last = last_weeks(today, WEEKS)
    try:
        return drivers(_ctx.session, Scope(first=first, last=last), outcome=RECOMMEND, by=_ctx.person)
    except (CannotEstimateError, BadInput):
        return None


def _card(ctx: Context, number: int, place: Place, *, known: bool) -> None:
    t = ctx.t
    with st.container(border=True, key=f"where_next_{number}"):
        st.subheader(f"{number}. {t.local(place.theme.name)} · {t.local(place.unit.name)}")
        st.markdown(" ".join(_reasons(ctx, place, known=known)))
        if place.tried:
            st.caption(t.say("Tried here before and stopped: {pilots}.", pilots=", ".join(place.tried)))
        if ctx.may(May.REGISTER, place.unit.id):
            ctx.action(
                t("Try here"), "register", icon=":material/science:", theme=place.theme.code, unit=place.unit.code
            )


def _reasons(ctx: Context, place: Place, *, known: bool) -> list[str]:
    """What the score is made of, a sentence each; how much worse answers are only where that is known."""
    t = ctx.t
    pilots = (
        t("Pilots of this theme have reached {gain} times their smallest change that matters, in {hours} hours.")
        if place.gain.own and place.hours.own
        else t("Pilots of all themes have reached {gain} times their smallest change that matters, in {hours} hours.")
    )
    sentences = [
        t.say(
            "Unhappy people in {weeks} weeks: {unhappy} ({share} of those who named it).",
            unhappy=place.unhappy,
            weeks=QUARTER,
            share=t.percent(place.unhappy_share),
        )
        if place.told
        else t.say(
            "How many people were unhappy in {weeks} weeks is not shown; the score takes {number}, the same for every "
            "such number.",
            weeks=QUARTER,
            number=STANDS_FOR,
        ),
        t.say("Where it is named, answers are {loss} points worse.", loss=t.number(place.worth.loss, 1))
        if known
        else "",
        pilots.format(gain=t.number(place.worth.gain, 1), hours=t.number(place.worth.hours, 0)),
        t.say("Score **{score}**.", score=t.number(place.worth.score, 2)),
    ]
    return [sentence for sentence in sentences if sentence]


def _row(ctx: Context, number: int, place: Place) -> dict[str, str]:
    t = ctx.t
    theme = f"[{t.local(place.theme.name)}]({ctx.url('theme', code=place.theme.code)})"
    return {
        t("No."): t.number(number),
        t("Theme"): theme,
        t("Unit"): t.local(place.unit.name),
        t("Unhappy people"): f"{t.number(place.unhappy)} ({t.percent(place.unhappy_share)})"
        if place.told
        else theme_words.not_shown(ctx),
        t("Points lost"): f"{t.number(place.worth.loss, 2)}{'' if place.loss.own else '*'}",
        t("What pilots have reached"): _from_pilots(ctx, place.gain, place.worth.gain, 2),
        t("Hours of work"): _from_pilots(ctx, place.hours, place.worth.hours, 1),
        t("Score"): t.number(place.worth.score, 2),
    }


def _from_pilots(ctx: Context, factor: Factor, value: float, decimals: int) -> str:
    """The factor, with how many pilots it rests on; a star where they are not of this theme."""
    t = ctx.t
    pilots = t.plural("{n} pilot", "{n} pilots", factor.pilots)
    return f"{t.number(value, decimals)}{'' if factor.own else '*'} ({pilots})"


def _explained(ctx: Context) -> str:
    return ctx.t.say(
        "Score = unhappy people in {weeks} weeks × points lost where the theme is named (whole county, one year) × "
        "what pilots of the theme have reached in multiples of their smallest change that matters ÷ hours of work in "
        "the first {weeks} weeks. A star: no pilots, or too few answers, of this theme yet, so the value of all is "
        "used.",
        weeks=QUARTER,
    )
