"""A pile of the portfolio: every pilot's interval against its smallest change as a picture, and a row each in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from charts import forest
from charts.forest import ForestRow
from charts.look import Look
from pages import drawing
from pages.context import Context
from pages.plain import plain
from services import pilots, row_words
from services.i18n import Translator
from services.labels import group, label
from services.portfolio import PortfolioRow
from services.rows import key
from services.together import Together
from stats.effect import EffectEstimate
from stats.evaluation import Evaluation
from stats.metric import Direction

ON_A_PHONE = """<style>
@media (max-width: 640px) {
  [class*="st-key-pile_rows_"] :is(td, th):nth-child(2) { display: none; }
  [class*="st-key-pile_rows_"] :is(td, th):nth-child(n + 5) { display: none; }
}
</style>"""
"""The pilot, what is recommended and what was decided fit a phone; the picture and the pilot's page say the rest."""


def show(ctx: Context, rows: Sequence[PortfolioRow], *, name: str, estimates: bool, together: Together | None) -> None:
    """Draw the pile; without estimates only the rows.

    Args:
        ctx: The rerun.
        rows: The pile's pilots.
        name: The pile's, for keys.
        estimates: Whether these pilots can have effects.
        together: The evaluated pilots estimated together, when there are enough of them.
    """
    shared = together.estimates if together else {}
    if estimates:
        picture(ctx, [drawn(ctx, row, shared) for row in rows], key=f"forest_{name}")
    st.html(ON_A_PHONE)
    with st.container(key=f"pile_rows_{name}"):
        st.table([_row(ctx, row, shared, estimates=estimates) for row in rows], hide_index=True, border="horizontal")


def picture(ctx: Context, rows: Sequence[ForestRow], *, key: str) -> None:
    """Draw pilots below each other, in the order given."""
    found = tuple(rows)
    drawing.draw(ctx, _picture(found, drawing.look(ctx), ctx.t), forest.describe(found), key=key)


@st.cache_data(max_entries=256, show_spinner=False)
def _picture(rows: tuple[ForestRow, ...], look: Look, _t: Translator) -> dict[str, Any]:
    """The picture's specification: building it is most of a rerun's cost, and most reruns draw the same."""
    return forest.chart(rows, look=look, t=_t).to_dict()


def drawn(ctx: Context, row: PortfolioRow, shared: Mapping[int, EffectEstimate]) -> ForestRow:
    """The pilot as the forest draws it; without an effect where too few people are behind it."""
    result = row.stored.result if row.stored else None
    with_others = shared.get(key(row.row.pilot.id))
    if result is not None and row_words.of_few(result, row.metric):
        result = with_others = None
    interval = result.interval if result else None
    return ForestRow(
        name=pilots.title(row.row.pilot, ctx.t.language),
        direction=Direction(row.metric.direction.value),
        smallest_change=row.row.plan.smallest_change,
        effect=result.effect if result else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        shrunken=with_others.effect if with_others else None,
        verdict=row_words.verdict(ctx.t, row),
    )


def _row(ctx: Context, row: PortfolioRow, shared: Mapping[int, EffectEstimate], *, estimates: bool) -> dict[str, str]:
    t = ctx.t
    pilot = row.row.pilot
    title = plain(pilots.title(pilot, t.language))
    cells = {
        t("Pilot"): f"[{title}]({ctx.url('pilot', code=pilot.code)})",
        t("Unit"): plain(t.local(row.row.unit.name)),
    }
    if not estimates:
        return {
            **cells,
            t("Where it stands"): label(t, row.row.status),
            t("Starts"): t.date(row.row.plan.start_on),
            t("Metric"): plain(t.local(row.metric.name)),
            t("Cost of the first year"): row_words.cost(t, row.row),
        }
    result = row.stored.result if row.stored else None
    return {
        **cells,
        t("Recommendation"): row_words.verdict(t, row),
        t("Decision"): row_words.decision(t, row, today=ctx.today),
        t("Effect (interval); smallest change"): _effect(ctx, row, result, shared.get(key(pilot.id))),
        t("Evidence level"): row_words.evidence(t, result),
        t("What must not get worse"): _guardrails(ctx, result),
        t("Cost of the first year"): row_words.cost(t, row.row),
    }


def _effect(ctx: Context, row: PortfolioRow, result: Evaluation | None, with_others: EffectEstimate | None) -> str:
    t, metric = ctx.t, row.metric
    name = plain(t.local(metric.name))
    own = row_words.effect(t, result, metric, row.row.plan.smallest_change, name=name)
    if with_others is None or (result is not None and row_words.of_few(result, metric)):
        return own
    return row_words.with_others(t, own, with_others, metric)


def _guardrails(ctx: Context, result: Evaluation | None) -> str:
    """The guardrails' states; groups only where one is worse off, and then first."""
    t = ctx.t
    words = row_words.guardrails(t, result)
    worse = [group(t, one.name) for one in result.subgroups if one.status.value == "harmed"] if result else []
    if not worse:
        return words
    said = t.say("worse off: {groups}", groups=", ".join(worse))
    return said if words == row_words.EMPTY else f"{said}; {words}"
