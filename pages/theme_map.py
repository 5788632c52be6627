"""Themes by place and month: a map, the cell that is chosen in it, and the same numbers as a table of links."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from charts import heat_map
from charts.heat_map import HeatCell
from models.themes import Theme
from pages import drawing, theme_filters, theme_seen, theme_words
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from services.i18n import N_
from services.organisation import all_units, subtree_ids
from services.rows import key
from services.small_numbers import few
from services.theme_browse import Scope, quotes
from services.theme_grid import FEWEST_PEOPLE, Cell, Column, grid, unit_columns
from services.theme_pages import all_themes
from services.theme_told import NOTHING, Sight
from services.wording import sentence

COLUMNS: dict[str, str] = {
    "areas": N_("areas"),
    "units": N_("single units"),
    "months": N_("months"),
}
COLOURS: dict[str, str] = {
    "negative": N_("unhappy answers per 100 answers"),
    "all": N_("answers per 100 answers"),
}
ON_A_PHONE = """<style>
@media (max-width: 640px) {
  .st-key-heat { overflow-x: auto; }
  .st-key-heat > div { min-width: 860px; }
}
</style>"""
"""A map needs its width: a narrow screen moves sideways over it."""
Cells = Mapping[tuple[int, str], Cell]
Places = frozenset[tuple[int, str]]


def show(ctx: Context, scope: Scope) -> None:
    """The map, the chosen cell, the table."""
    t = ctx.t
    units = all_units(ctx.session)
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_map"):
        beside = choice(t("Columns"), "columns", {name: t(words) for name, words in COLUMNS.items()}, width=200)
        colour = choice(t("Colour"), "colour", {name: t(words) for name, words in COLOURS.items()}, width=300)
        columns = _columns(ctx, scope, beside)
    if beside == "months":
        scope = replace(scope, first=columns[0].first, last=columns[-1].last)
    cells = grid(ctx.session, scope, columns, units)
    columns = [column for column in columns if any(cell.of for (_, code), cell in cells.items() if code == column.code)]
    themes = _themes(ctx, cells)
    hidden = _hidden(ctx, scope, columns, cells, colour)
    if not columns or not themes:
        st.info(t.say("No answer between {first} and {last} fits these filters.", first=scope.first, last=scope.last))
        return
    st.caption(
        t.say(
            "{first}–{last}. Click a cell to read what is behind it; the table below has the same numbers as links.",
            first=scope.first,
            last=scope.last,
        )
    )
    if hidden:
        st.caption(theme_words.explained(ctx))
    st.html(ON_A_PHONE)
    with st.container(key="heat"):
        chosen = _picture(ctx, themes, columns, cells, hidden, colour)
    if chosen is not None:
        _chosen(ctx, scope, *chosen, cells, hidden)
    _table(ctx, themes, columns, cells, hidden, colour)


def _hidden(
    ctx: Context, scope: Scope, columns: Sequence[Column], cells: Cells, colour: str
) -> frozenset[tuple[int, str]]:
    """Cells whose number is not shown: of few people, or beside one of these. Of months, the small ones."""
    of = theme_seen.told_of(ctx, scope) if columns and columns[0].unit is not None else None
    found = set()
    for (theme_id, code), cell in cells.items():
        unit = next((column.unit for column in columns if column.code == code), None)
        place = Sight(of=of or NOTHING, node=key(unit.id) if of is not None and unit is not None else None)
        shown = place.number(theme_id, cell.people)
        if colour == "negative" and cell.answers:
            toned = place.tones(theme_id, cell.people) if of is not None else _toned(cell)
            shown = shown and toned
        if not shown:
            found.add((theme_id, code))
    return frozenset(found)


def _toned(cell: Cell) -> bool:
    """Whether neither the unhappy ones of a month nor the others are few."""
    spare = cell.answers - cell.people
    return not any(few(max(part - spare, 1)) for part in (cell.negative, cell.judged - cell.negative) if part)


def _columns(ctx: Context, scope: Scope, beside: str) -> list[Column]:
    """Places of the chosen unit, or a range of months chosen here."""
    if beside != "months":
        root = theme_filters.named_unit(ctx)
        return unit_columns(
            all_units(ctx.session), scope, root_id=root.id if root is not None else None, deepest=beside == "units"
        )
    months = theme_filters.full_months(ctx.today)
    names = {column.code: theme_filters.month(ctx, column.first, short=True) for column in months}
    first, last = st.select_slider(
        ctx.t("Months"),
        list(names),
        value=(months[-6].code, months[-1].code),
        format_func=names.__getitem__,
        key="months",
        width=360,
    )
    return [column for column in months if first <= column.code <= last]


def _themes(ctx: Context, cells: Cells) -> list[Theme]:
    """Themes somebody spoke of, most spoken of first; thanks have a view of their own."""
    answers: dict[int, int] = {}
    for (theme_id, _), cell in cells.items():
        answers[theme_id] = answers.get(theme_id, 0) + cell.answers
    found = [theme for theme in all_themes(ctx.session) if answers.get(key(theme.id)) and not theme.praise]
    return sorted(found, key=lambda theme: -answers[key(theme.id)])


def _picture(
    ctx: Context, themes: Sequence[Theme], columns: Sequence[Column], cells: Cells, hidden: Places, colour: str
) -> tuple[Theme, Column] | None:
    """Draw the map; the theme and the column of the cell that was clicked, if any."""
    t = ctx.t
    drawn = [
        HeatCell(
            row=_theme(ctx, theme),
            column=_name(ctx, column),
            row_code=theme.code,
            column_code=column.code,
            value=_value(cells, (key(theme.id), column.code), hidden, colour),
            few=(key(theme.id), column.code) in hidden,
        )
        for theme in themes
        for column in columns
    ]
    made = heat_map.chart(
        drawn,
        title=t(COLOURS[colour]).capitalize(),
        few=theme_words.not_shown(ctx),
        harm=colour == "negative",
        look=drawing.look(ctx),
        t=t,
    ).to_dict()
    state: Any = st.vega_lite_chart(
        spec=drawing.unspoken(made),
        theme=None,
        width="stretch",
        key=f"heat_{colour}_{len(themes)}_{columns[0].code}_{len(columns)}",
        on_select="rerun",
        selection_mode=heat_map.CHOSEN,
        alt=sentence(t, heat_map.describe(drawn)),
    )
    picked = (state.get("selection") or {}).get(heat_map.CHOSEN) or []
    if not picked:
        return None
    theme = next((theme for theme in themes if theme.code == picked[0].get("row")), None)
    column = next((column for column in columns if column.code == picked[0].get("column")), None)
    return None if theme is None or column is None else (theme, column)


def _chosen(ctx: Context, scope: Scope, theme: Theme, column: Column, cells: Cells, hidden: Places) -> None:
    """The numbers of a cell, its newest comment and the way to all of them."""
    t = ctx.t
    cell = cells[key(theme.id), column.code]
    with st.container(border=True, key="heat_chosen"):
        st.markdown(f"**{plain(t.local(theme.name))} · {plain(_name(ctx, column))}**")
        if cell.few:
            st.markdown(t.say("Fewer than {fewest} people spoke of this here.", fewest=FEWEST_PEOPLE))
        elif (key(theme.id), column.code) in hidden:
            st.markdown(theme_words.explained(ctx))
        else:
            st.markdown(
                t.say(
                    "{answers} of {all} answers, from {people}; unhappy {unhappy}",
                    answers=cell.answers,
                    all=cell.of,
                    people=theme_words.people(ctx, cell.people),
                    unhappy=theme_words.share(ctx, cell.negative, cell.judged),
                )
            )
        inside = scope
        if column.unit is not None:
            inside = replace(scope, unit_ids=subtree_ids(all_units(ctx.session), key(column.unit.id)))
        else:
            inside = replace(scope, first=column.first, last=column.last)
        found, _ = quotes(ctx.session, inside, theme_id=key(theme.id), limit=1)
        for quote in found:
            theme_words.quote(ctx, quote)
        ctx.link(t("Read the comments"), "theme", icon=":material/forum:", **_address(theme, column))


def _table(
    ctx: Context, themes: Sequence[Theme], columns: Sequence[Column], cells: Cells, hidden: Places, colour: str
) -> None:
    """The map's numbers, each a link to the comments behind it."""
    t = ctx.t
    with st.expander(t("The map's numbers as a table"), key="heat_table"):
        rows = []
        for theme in themes:
            row = {t("Theme"): f"[{plain(t.local(theme.name))}]({ctx.url('theme', **_address(theme, None))})"}
            for column in columns:
                row[_name(ctx, column)] = _cell(ctx, theme, column, cells, hidden, colour)
            rows.append(row)
        st.table(rows, hide_index=True, border="horizontal", alt=t("Themes by place or month, per 100 answers"))


def _cell(ctx: Context, theme: Theme, column: Column, cells: Cells, hidden: Places, colour: str) -> str:
    t, place = ctx.t, (key(theme.id), column.code)
    if not cells[place].answers:
        return "–"
    words = theme_words.not_shown(ctx) if place in hidden else t.number(_value(cells, place, hidden, colour), 1)
    return f"[{words}]({ctx.url('theme', **_address(theme, column))}#comments)"


def _address(theme: Theme, column: Column | None) -> dict[str, object]:
    if column is None:
        return theme_filters.carried(code=theme.code)
    if column.unit is not None:
        return theme_filters.carried(code=theme.code, unit=column.unit.code)
    return theme_filters.carried(code=theme.code, weeks=column.code)


def _value(cells: Cells, place: tuple[int, str], hidden: Places, colour: str) -> float:
    value = cells[place].negative_rate if colour == "negative" else cells[place].rate
    return math.nan if place in hidden or value is None else value


def _theme(ctx: Context, theme: Theme) -> str:
    """The theme's name, marked when its answers are in the numbers of the one above it too."""
    name = ctx.t.local(theme.name)
    return name if theme.parent_id is None else f"↳ {name}"


def _name(ctx: Context, column: Column) -> str:
    if column.unit is not None:
        return ctx.t.local(column.unit.name)
    return theme_filters.month(ctx, column.first, short=True)
