"""A theme by unit, by channel and by tone: every number leads to the comments behind it."""

from __future__ import annotations

import streamlit as st

from models.themes import Theme
from pages import theme_filters, theme_words
from pages.context import Context
from pages.plain import plain
from services.i18n import N_
from services.labels import label
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope
from services.theme_grid import Cell, by_channel, by_tone, by_unit

TONES: dict[str, str] = {
    "neg": N_("unhappy"),
    "neu": N_("neither"),
    "pos": N_("happy"),
    "": N_("not known"),
}
ON_A_PHONE = """<style>
@media (max-width: 640px) { .st-key-theme_places :is(td, th):nth-child(5) { display: none; } }
</style>"""
"""Four columns fit beside each other on a phone."""
UNKNOWN = "none"
"""How an unknown tone is called in an address."""


def show(ctx: Context, theme: Theme, scope: Scope) -> None:
    """Three small tables; the units only when there is more than one."""
    st.html(ON_A_PHONE)
    with st.container(key="theme_places"):
        _tables(ctx, theme, scope)


def _tables(ctx: Context, theme: Theme, scope: Scope) -> None:
    t = ctx.t
    theme_id = key(theme.id)
    if scope.unit_ids is None or len(scope.unit_ids) > 1:
        st.header(t("By unit"))
        units = {key(unit.id): unit for unit in all_units(ctx.session)}
        cells = by_unit(ctx.session, scope, theme_id)
        order = sorted(cells, key=lambda unit_id: (-cells[unit_id].answers, units[unit_id].code))
        st.table(
            [
                _row(ctx, theme, t("Unit"), t.local(units[unit_id].name), cells[unit_id], unit=units[unit_id].code)
                for unit_id in order
            ],
            hide_index=True,
            border="horizontal",
            alt=t("The theme by unit"),
        )
    st.header(t("By channel and tone"))
    channels = by_channel(ctx.session, scope, theme_id)
    order = sorted(channels, key=lambda channel: -channels[channel].answers)
    st.table(
        [
            _row(ctx, theme, t("Channel"), label(t, channel), channels[channel], channel=channel.value)
            for channel in order
        ],
        hide_index=True,
        border="horizontal",
        alt=t("The theme by channel"),
    )
    tones = by_tone(ctx.session, scope, theme_id)
    st.table(
        [
            {
                t("Tone"): t(name),
                t("Answers"): _link(ctx, theme, t.number(tones[tone]), tone=tone or UNKNOWN),
                t("Share"): theme_words.share(ctx, tones[tone], sum(tones.values())),
            }
            for tone, name in TONES.items()
            if tones.get(tone)
        ],
        hide_index=True,
        border="horizontal",
        alt=t("The theme by tone"),
    )


def _row(ctx: Context, theme: Theme, heading: str, name: str, cell: Cell, **where: str) -> dict[str, str]:
    t = ctx.t
    return {
        heading: plain(name),
        t("Answers"): _link(ctx, theme, t.number(cell.answers), **where),
        t("Per 100 answers"): t.number(cell.rate, 1) if cell.rate is not None else "–",
        t("Unhappy (interval), answers"): theme_words.share(ctx, cell.negative, cell.judged),
        t("People"): t.number(cell.people),
    }


def _link(ctx: Context, theme: Theme, words: str, **where: str) -> str:
    return f"[{words}]({ctx.url('theme', **theme_filters.carried(code=theme.code, **where))}#comments)"
