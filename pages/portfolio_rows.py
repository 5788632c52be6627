"""A pile of the portfolio: every pilot's interval against its smallest change as a picture, and a row each in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from charts import forest
from charts.forest import ForestRow
from charts.look import Look
from models.decisions import Choice, Verdict
from models.pilots import Status
from pages import drawing
from pages.context import Context
from pages.pilot_decide import DECISIONS
from pages.plain import plain
from services import pilot_words, pilots, portfolio
from services.i18n import Translator
from services.labels import group, label
from services.portfolio import Pile, PortfolioRow
from services.rows import key
from services.together import Together
from services.wording import amount
from stats.effect import EffectEstimate
from stats.evaluation import Evaluation
from stats.metric import Direction

EMPTY = "–"


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
        drawn = tuple(_drawn(ctx, row, shared) for row in rows)
        drawing.draw(ctx, _picture(drawn, drawing.look(ctx), ctx.t), forest.describe(drawn), key=f"forest_{name}")
    st.table([_row(ctx, row, shared, estimates=estimates) for row in rows], hide_index=True, border="horizontal")


@st.cache_data(max_entries=256, show_spinner=False)
def _picture(rows: tuple[ForestRow, ...], look: Look, _t: Translator) -> dict[str, Any]:
    """The picture's specification: building it is most of a rerun's cost, and most reruns draw the same."""
    return forest.chart(rows, look=look, t=_t).to_dict()


def _drawn(ctx: Context, row: PortfolioRow, shared: Mapping[int, EffectEstimate]) -> ForestRow:
    result = row.stored.result if row.stored else None
    interval = result.interval if result else None
    with_others = shared.get(key(row.row.pilot.id))
    return ForestRow(
        name=pilots.title(row.row.pilot, ctx.t.language),
        direction=Direction(row.metric.direction.value),
        smallest_change=row.row.plan.smallest_change,
        effect=result.effect if result else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        shrunken=with_others.effect if with_others else None,
        verdict=_verdict(ctx, row),
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
            t("Cost of the first year"): _cost(ctx, row),
        }
    result = row.stored.result if row.stored else None
    return {
        **cells,
        t("Recommendation"): _verdict(ctx, row),
        t("Decision"): _decision(ctx, row),
        t("Effect (interval); smallest change"): _effect(ctx, row, result, shared.get(key(pilot.id))),
        t("Evidence level"): t(pilot_words.GRADES[result.evidence.grade]) if result else EMPTY,
        t("What must not get worse"): _guardrails(ctx, result),
        t("Cost of the first year"): _cost(ctx, row),
    }


def _verdict(ctx: Context, row: PortfolioRow) -> str:
    if row.stored is None:
        return ctx.t("not evaluated yet")
    return label(ctx.t, Verdict(row.stored.row.verdict))


def _decision(ctx: Context, row: PortfolioRow) -> str:
    t = ctx.t
    if row.waiting is not None:
        choice = t(DECISIONS[Choice(row.waiting.decision.choice)])
        return t.say("{choice}: waits for a second person", choice=choice)
    if row.decision is not None:
        decision = row.decision.decision
        made = f"{t(DECISIONS[Choice(decision.choice)])}, {t.value(decision.at)}"
        if decision.review_on is None or row.pile is not Pile.FOLLOW_UP:
            return made
        if row.row.status is Status.SCALING and decision.review_on < ctx.today:
            return t.say("{decision}; the check was due {date}", decision=made, date=decision.review_on)
        return t.say("{decision}; check {date}", decision=made, date=decision.review_on)
    return EMPTY


def _effect(ctx: Context, row: PortfolioRow, result: Evaluation | None, with_others: EffectEstimate | None) -> str:
    t, metric = ctx.t, row.metric
    if result is None or result.effect is None or result.interval is None:
        return t("no estimate yet")
    own = t.say(
        "{metric}: {effect} ({low} to {high}); {smallest}",
        metric=plain(t.local(metric.name)),
        effect=amount(t, result.effect, metric, signed=True),
        low=pilot_words.bare(t, result.interval.low, metric),
        high=pilot_words.bare(t, result.interval.high, metric),
        smallest=amount(t, row.row.plan.smallest_change, metric),
    )
    if with_others is None:
        return own
    return t.say(
        "{own}. Together with the others: {effect} ({low} to {high})",
        own=own,
        effect=pilot_words.bare(t, with_others.effect, metric),
        low=pilot_words.bare(t, with_others.interval.low, metric),
        high=pilot_words.bare(t, with_others.interval.high, metric),
    )


def _guardrails(ctx: Context, result: Evaluation | None) -> str:
    t = ctx.t
    if result is None or not (result.guardrails or result.subgroups):
        return EMPTY
    states = Counter(guard.status.value for guard in result.guardrails)
    words = [
        f"{t(pilot_words.GUARDS[state])}: {states[state]}" for state in ("harmed", "unclear", "held") if states[state]
    ]
    worse = [group(t, one.name) for one in result.subgroups if one.status.value == "harmed"]
    if worse:
        words.insert(0, t.say("worse off: {groups}", groups=", ".join(worse)))
    return "; ".join(words) or EMPTY


def _cost(ctx: Context, row: PortfolioRow) -> str:
    t = ctx.t
    return t.say(
        "{hours} h, {euros} €",
        hours=t.number(portfolio.yearly_hours(row.row), 0, signed=True),
        euros=t.number(row.row.pilot.setup_eur, 0),
    )
