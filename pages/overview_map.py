"""The portfolio by theme and place: pilots, what is loud and untried, and from whom hardly anything is heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from charts import portfolio_map as picture
from charts.look import Look
from charts.portfolio_map import Mark, PlaceCell, PlacedPilot
from pages import drawing, theme_words
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from pages.theme_words import NOT_SHOWN
from services import pilots, portfolio_map
from services.i18n import N_, Translator
from services.labels import group
from services.permissions import May
from services.portfolio_map import FEWEST_A_WEEK, FEWEST_ANSWERS, FEWEST_SHOWN, STANDING, Heard, MapCell

PLACES: dict[str, str] = {"areas": N_("areas"), "units": N_("single units")}
GAPS_SHOWN = 12
ON_A_PHONE = """<style>
@media (max-width: 640px) {
  .st-key-places_units { overflow-x: auto; }
  .st-key-places_units > div { min-width: 1000px; }
}
</style>"""
"""Single units need their width: a narrow screen moves sideways over them."""


def show(ctx: Context, unit_ids: Collection[int] | None) -> None:
    """The map, the gaps in words, who is hardly heard."""
    t = ctx.t
    places = choice(t("Columns"), "columns", {name: t(words) for name, words in PLACES.items()}, width=200)
    cells = portfolio_map.portfolio_map(
        ctx.session, today=ctx.today, by=ctx.person, unit_ids=unit_ids, single_units=places == "units"
    )
    if not cells:
        st.info(t("There are no themes or no units yet."))
        return
    st.markdown(
        t.say(
            "A mark is a pilot; its shape tells where it stands. A red ground means many unhappy customers in the last "
            "quarter: {loud} or more. Where nothing answers them, the cell has a dashed frame and their number.",
            loud=cells[0].loud,
        )
    )
    drawn = tuple(_cell(ctx, cell) for cell in cells)
    st.html(ON_A_PHONE)
    with st.container(key=f"places_{places}"):
        drawing.draw(ctx, _picture(drawn, drawing.look(ctx), t), picture.describe(drawn), key=f"map_{places}")
    rows = picture.table(drawn, few=t(NOT_SHOWN), t=t)
    if any(cell.hidden for cell in cells):
        st.caption(theme_words.explained(ctx))
    if rows:
        drawing.table(ctx, rows, title=t("The map's marks as a table"), key="map_table")
    with st.grid(columns=2, min_column_width=300, gap="large", key="map_sides"):
        with st.container(key="map_gaps"):
            _gaps(ctx, portfolio_map.gaps(cells))
        with st.container(key="map_heard"):
            _hardly_heard(ctx, unit_ids)


def _cell(ctx: Context, cell: MapCell) -> PlaceCell:
    t = ctx.t
    return PlaceCell(
        theme=t.local(cell.theme.name),
        theme_code=cell.theme.code,
        place=t.local(cell.unit.name),
        place_code=cell.unit.code,
        unhappy=None if cell.hidden else cell.unhappy,
        loud=cell.is_loud,
        pilots=tuple(
            PlacedPilot(name=pilots.title(row.pilot, t.language), mark=Mark(STANDING[row.status].value))
            for row in cell.pilots
        ),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _picture(cells: tuple[PlaceCell, ...], look: Look, _t: Translator) -> dict[str, Any]:
    return picture.chart(cells, look=look, t=_t).to_dict()


def _gaps(ctx: Context, gaps: Sequence[MapCell]) -> None:
    t = ctx.t
    st.header(t("Loud and untried"))
    if not gaps:
        st.success(t("Wherever many customers are unhappy with a theme, something is being tried."))
        return
    lines = []
    for cell in gaps[:GAPS_SHOWN]:
        name = plain(t.local(cell.theme.name))
        if ctx.may(May.SEE_FEEDBACK, cell.unit.id):
            name = f"[{name}]({ctx.url('theme', code=cell.theme.code, unit=cell.unit.code)})"
        ideas = t.say("; ideas waiting: {ideas}", ideas=cell.ideas) if cell.ideas else ""
        place = plain(t.local(cell.unit.name))
        unhappy = t.plural("{n} unhappy customer", "{n} unhappy customers", cell.unhappy)
        lines.append(f"- {name} · {place}: {unhappy}{ideas}")
    st.markdown("\n".join(lines))
    if len(gaps) > GAPS_SHOWN:
        st.caption(t.say("And {more} more in the picture.", more=len(gaps) - GAPS_SHOWN))
    if ctx.may(May.SEE_FEEDBACK):
        ctx.link(t("Where next?"), "where-next", icon=":material/explore:")


def _hardly_heard(ctx: Context, unit_ids: Collection[int] | None) -> None:
    t = ctx.t
    st.header(t("Hardly heard"))
    units = portfolio_map.hardly_heard_units(ctx.session, today=ctx.today, unit_ids=unit_ids)
    groups = [
        found
        for found in portfolio_map.heard_groups(ctx.session, today=ctx.today, unit_ids=unit_ids)
        if found.answers < FEWEST_ANSWERS
    ]
    st.caption(
        t.say(
            "Fewer than {fewest} answers a week over the last quarter. So little says nothing for sure about a change: "
            "ask there in some other way, or go and walk in the customer's shoes.",
            fewest=FEWEST_A_WEEK,
        )
    )
    if not units and not groups:
        st.success(t("Every unit and every group of customers is heard."))
        return
    lines = [f"- {plain(t.local(unit.name))}: {_answers(ctx, found)}" for unit, found in units]
    lines += [f"- {plain(group(t, f'life:{found.name}').capitalize())}: {_answers(ctx, found)}" for found in groups]
    st.markdown("\n".join(lines))


def _answers(ctx: Context, found: Heard) -> str:
    t = ctx.t
    if found.hidden:
        return t.say("fewer than {fewest} answers in the quarter", fewest=FEWEST_SHOWN)
    return t.plural("{n} answer in the quarter", "{n} answers in the quarter", found.answers)
