"""What has been tried about a theme, side by side: alternatives, their effects, evidence and cost."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.themes import Theme
from pages.context import Context
from pages.plain import plain
from services import pilot_words, pilots, portfolio, row_words
from services.labels import label
from services.portfolio import PortfolioRow
from services.rows import key
from stats.rules import Verdict

RANK = (Verdict.SCALE, Verdict.ADAPT, Verdict.EXTEND, Verdict.NOT_ENOUGH_DATA, Verdict.STOP)


@dataclass(frozen=True, kw_only=True)
class _Option:
    """A pilot that answers the theme, with its place in the order."""

    row: PortfolioRow
    place: tuple[int, float, str]


def show(ctx: Context, theme: Theme) -> None:
    """The pilots of the theme, what is recommended first, then the cheaper ones."""
    t = ctx.t
    st.header(t("Pilots that answer this"))
    chosen = {key(row.pilot.id) for row in pilots.list_pilots(ctx.session, today=ctx.today, theme_id=key(theme.id))}
    if not chosen:
        st.markdown(t("Nobody has tried anything about this yet."))
        return
    rows = [row for row in portfolio.rows(ctx.session, today=ctx.today) if row.row.pilot.id in chosen]
    options = sorted((_Option(row=row, place=_place(row)) for row in rows), key=lambda option: option.place)
    st.table(
        [_row(ctx, option.row) for option in options],
        hide_index=True,
        border="horizontal",
        alt=t("Pilots of the theme side by side"),
    )
    st.caption(
        t(
            "Ordered by what the rules recommend, then by the hours a year. An effect is not the order: the largest of "
            "several estimates is often luck."
        )
    )


def _place(row: PortfolioRow) -> tuple[int, float, str]:
    verdict = row.stored.row.verdict if row.stored is not None else None
    known = [rank.value for rank in RANK]
    rank = known.index(verdict) if verdict in known else len(known)
    return rank, portfolio.yearly_hours(row.row), row.row.pilot.code


def _row(ctx: Context, row: PortfolioRow) -> dict[str, str]:
    t = ctx.t
    pilot = row.row.pilot
    title = plain(pilots.title(pilot, t.language))
    result = row.stored.result if row.stored is not None else None
    name = plain(t.local(row.metric.name))
    effect = row_words.effect(t, result, row.metric, row.row.plan.smallest_change, name=name)
    return {
        t("Pilot"): f"[{title}]({ctx.url('pilot', code=pilot.code)})",
        t("Unit"): plain(t.local(row.row.unit.name)),
        t("Where it stands"): label(t, row.row.status),
        t("Effect (interval); smallest change"): effect,
        t("Evidence level"): t(pilot_words.GRADES[result.evidence.grade]) if result else "–",
        t("Cost of the first year"): t.say(
            "{hours} h, {euros} €",
            hours=t.number(portfolio.yearly_hours(row.row), 0, signed=True),
            euros=t.number(pilot.setup_eur, 0),
        ),
    }
