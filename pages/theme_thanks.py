"""Thanks, unit by unit: what is worth keeping, in customers' own words."""

from __future__ import annotations

import streamlit as st

from pages import theme_filters, theme_seen, theme_words
from pages.context import Context
from pages.plain import plain
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope, quotes
from services.theme_grid import Cell, by_unit
from services.theme_pages import all_themes
from services.theme_told import Sight, alone

QUOTES = 6


def show(ctx: Context, scope: Scope) -> None:
    """The themes that collect thanks, with the newest words and the units they go to."""
    t = ctx.t
    themes = [theme for theme in all_themes(ctx.session) if theme.praise and theme.parent_id is None]
    everywhere = all_units(ctx.session)
    units = {key(unit.id): unit for unit in everywhere}
    spoken = False
    looked = theme_seen.look(ctx, scope)
    for theme in themes:
        cells = by_unit(ctx.session, scope, key(theme.id))
        if not cells:
            continue
        spoken = True
        st.header(t.local(theme.name))
        people = sum(cell.people for cell in cells.values())
        st.markdown(
            t.say(
                "{thanks} to {units}, {first}–{last}",
                thanks=t.plural("{n} thank-you", "{n} thanks", sum(cell.answers for cell in cells.values())),
                units=t.plural("{n} unit", "{n} units", len(cells)),
                first=scope.first,
                last=scope.last,
            )
            if looked.number(key(theme.id), people)
            else t.say("{first}–{last}: the number of thanks is not shown", first=scope.first, last=scope.last)
        )
        found, total = quotes(ctx.session, scope, theme_id=key(theme.id), limit=QUOTES)
        if found:
            with st.grid(columns="auto", min_column_width=300):
                for quote in found:
                    with st.container(border=True, height="stretch", key=f"thanks_{quote.feedback.id}"):
                        theme_words.quote(ctx, quote)
        if total > len(found):
            ctx.link(
                t.say("All {n} in words", n=total),
                "theme",
                icon=":material/arrow_forward:",
                **theme_filters.carried(code=theme.code),
            )
        told = {
            unit_id: Sight(of=looked.of, node=alone(everywhere, unit_id)).number(key(theme.id), cell.people)
            for unit_id, cell in cells.items()
        }
        rows = [
            (-cell.answers * told[unit_id], units[unit_id].code, t.local(units[unit_id].name), cell, told[unit_id])
            for unit_id, cell in cells.items()
        ]
        st.table(
            [_row(ctx, theme.code, *row[1:]) for row in sorted(rows, key=lambda row: row[:2])],
            hide_index=True,
            border="horizontal",
            alt=t("Thanks by unit"),
        )
    if spoken:
        st.caption(theme_words.explained(ctx))
    else:
        st.info(t.say("No thanks between {first} and {last} fit these filters.", first=scope.first, last=scope.last))


def _row(ctx: Context, theme: str, unit: str, name: str, cell: Cell, told: bool) -> dict[str, str]:
    t, hidden = ctx.t, theme_words.not_shown(ctx)
    address = ctx.url("theme", **theme_filters.carried(code=theme, unit=unit))
    return {
        t("Unit"): plain(name),
        t("Thanks"): f"[{t.number(cell.answers) if told else hidden}]({address}#comments)",
        t("People"): t.number(cell.people) if told else hidden,
        t("Per 100 answers"): hidden if not told else t.number(cell.rate, 1) if cell.rate is not None else "–",
    }
