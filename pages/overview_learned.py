"""What is in use and what taught us something, side by side and told alike; how the culture of trying is doing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from pages.context import Context
from pages.plain import plain, quoted
from services import learned, pilots, portfolio
from services.labels import label
from services.learned import Culture
from services.portfolio import PortfolioRow


def show(ctx: Context, unit_ids: Collection[int] | None) -> None:
    """Three numbers of the whole, then the pilots in two columns of the same size."""
    t = ctx.t
    rows = portfolio.rows(ctx.session, today=ctx.today)
    mine = [row for row in rows if unit_ids is None or row.row.pilot.unit_id in unit_ids]
    _culture(ctx, learned.culture(ctx.session, rows, unit_ids=unit_ids))
    with st.grid(columns=2, min_column_width=300, gap="large", key="learned_sides"):
        with st.container(key="learned_in_use"):
            st.header(t("In use"))
            _cards(ctx, learned.established(mine), t("Nothing has been scaled up here yet."))
        with st.container(key="learned_learned"):
            st.header(t("We learned"))
            _cards(ctx, learned.learned(mine), t("Nothing has been ended or changed here yet. That will come too."))


def _culture(ctx: Context, found: Culture) -> None:
    t = ctx.t
    with st.grid(columns=3, min_column_width=220, key="learned_numbers"):
        st.metric(
            t("Units that are trying something"),
            f"{t.number(found.live_units)}/{t.number(found.units)}",
            help=t("Units with a pilot that runs or waits for its decision."),
            border=True,
        )
        st.metric(
            t("Ended pilots told to customers"),
            f"{t.number(found.told)}/{t.number(found.stopped)}",
            help=t("Pilots that were ended, and whose story is on the public page: what did not help is told too."),
            border=True,
        )
        st.metric(
            t("Days from start to decision"),
            "–" if found.days_to_learning is None else t.number(round(found.days_to_learning)),
            help=t("The median from a pilot's first day to its first decision, when it is known what was learned."),
            border=True,
        )


def _cards(ctx: Context, rows: Sequence[PortfolioRow], nothing: str) -> None:
    t = ctx.t
    if not rows:
        st.info(nothing)
    for row in rows:
        pilot = row.row.pilot
        with st.container(border=True, key=f"learned_{pilot.code}"):
            st.subheader(plain(pilots.title(pilot, t.language)))
            st.caption(f"{plain(t.local(row.row.unit.name))} · {label(t, row.row.status)}")
            said = t.local(pilot.customers_say)
            if said:
                st.markdown(quoted(said))
            lesson = t.local(pilot.lesson)
            if lesson:
                st.markdown(f"**{t('What we learned')}** {plain(lesson)}")
            elif row.decision is not None and row.decision.decision.reason:
                st.markdown(f"**{t('Why it was decided so')}** {plain(row.decision.decision.reason)}")
            ctx.link(t("Open the pilot"), "pilot", icon=":material/science:", code=pilot.code)
