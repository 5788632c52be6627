"""A theme by unit, by channel and by tone: every number leads to the comments behind it."""

from __future__ import annotations

import streamlit as st

from models.themes import Theme
from pages import theme_filters, theme_seen, theme_words
from pages.context import Context
from pages.plain import plain
from services.i18n import N_
from services.labels import label
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope, summary
from services.theme_grid import Cell, by_channel, by_tone, by_unit, channels_told, tones_told
from services.theme_told import Sight, alone

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
    """Three small tables, where the theme's number may be told; the units only when there is more than one."""
    st.html(ON_A_PHONE)
    with st.container(key="theme_places"):
        _tables(ctx, theme, scope)


def _tables(ctx: Context, theme: Theme, scope: Scope) -> None:
    t = ctx.t
    theme_id = key(theme.id)
    looked = theme_seen.look(ctx, scope)
    people = summary(ctx.session, scope, theme).people
    if not looked.number(theme_id, people):
        return
    if scope.unit_ids is None or len(scope.unit_ids) > 1:
        st.header(t("By unit"))
        everywhere = all_units(ctx.session)
        units = {key(unit.id): unit for unit in everywhere}
        cells = by_unit(ctx.session, scope, theme_id)
        told = {}
        for unit_id, cell in cells.items():
            place = Sight(of=looked.of, node=alone(everywhere, unit_id))
            told[unit_id] = (place.number(theme_id, cell.people), place.tones(theme_id, cell.people))
        order = sorted(cells, key=lambda unit_id: (-cells[unit_id].answers * told[unit_id][0], units[unit_id].code))
        st.table(
            [
                _row(
                    ctx, theme, t("Unit"), t.local(units[unit_id].name), cells[unit_id], told[unit_id],
                    unit=units[unit_id].code,
                )
                for unit_id in order
            ],
            hide_index=True,
            border="horizontal",
            alt=t("The theme by unit"),
        )  # fmt: skip
    st.header(t("By channel and tone"))
    unhappy = looked.tones(theme_id, people)
    channels = by_channel(ctx.session, scope, theme_id)
    may = channels_told(channels, tones=unhappy)
    by_size = sorted(channels, key=lambda channel: (-channels[channel].answers * may[channel][0], channel.value))
    st.table(
        [_row(ctx, theme, t("Channel"), label(t, one), channels[one], may[one], channel=one.value) for one in by_size],
        hide_index=True,
        border="horizontal",
        alt=t("The theme by channel"),
    )
    tones = by_tone(ctx.session, scope, theme_id)
    kept = tones_told(tones, unhappy=unhappy)
    st.table(
        [
            {
                t("Tone"): t(name),
                t("Answers"): _link(
                    ctx, theme, t.number(tones[tone]) if tone in kept else theme_words.not_shown(ctx),
                    tone=tone or UNKNOWN,
                ),
                t("Share"): theme_words.share(ctx, tones[tone], sum(tones.values()))
                if tone in kept
                else theme_words.not_shown(ctx),
            }
            for tone, name in TONES.items()
            if tones.get(tone)
        ],
        hide_index=True,
        border="horizontal",
        alt=t("The theme by tone"),
    )  # fmt: skip


def _row(
    ctx: Context, theme: Theme, heading: str, name: str, cell: Cell, told: tuple[bool, bool], **where: str
) -> dict[str, str]:
    """A place or a channel; `told` says whether its number may be told, and whether the unhappy ones may."""
    t, hidden = ctx.t, theme_words.not_shown(ctx)
    number, unhappy = told
    rate = t.number(cell.rate, 1) if cell.rate is not None else "–"
    return {
        heading: plain(name),
        t("Answers"): _link(ctx, theme, t.number(cell.answers) if number else hidden, **where),
        t("Per 100 answers"): rate if number else hidden,
        t("Unhappy (interval), answers"): theme_words.share(ctx, cell.negative, cell.judged) if unhappy else hidden,
        t("People"): t.number(cell.people) if number else hidden,
    }


def _link(ctx: Context, theme: Theme, words: str, **where: str) -> str:
    return f"[{words}]({ctx.url('theme', **theme_filters.carried(code=theme.code, **where))}#comments)"
