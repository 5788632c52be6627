"""Rows of the meeting: one pilot, one row, opened with one press; a card on a phone."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from charts import interval, signs
from charts.interval import Domain
from pages import drawing, portfolio_rows
from pages.context import Context
from pages.terms import Term, explain
from services import pilots, row_words
from services.pilots import PilotRow
from services.portfolio import Pile, PortfolioRow
from services.traps import traps_of
from stats.guardrails import Guard, GuardResult

OPEN = "meeting_open_pilot"
STYLE = """<style>
.luotsi-case { display: grid; grid-template-columns: 1.5fr 2.3fr 1fr 1.1fr 1.2fr 1fr 1.1fr; gap: 0.25rem 0.9rem;
  margin: 0 !important; padding: 0 !important; font-size: 0.875rem; line-height: 1.35; }
.luotsi-case.pictures { grid-template-columns: 1.5fr 1fr 3fr; }
.luotsi-case dt { font-size: 0.75rem; opacity: 0.8; margin: 0; font-weight: 400; }
.luotsi-case dd { margin: 0; overflow-wrap: anywhere; hyphens: auto; }
.luotsi-case .traps { grid-column: 1 / -1; }
.luotsi-case.pictures .traps { grid-column: auto; }
.luotsi-case .traps dt { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.luotsi-case .traps ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; list-style: none; margin: 0; padding: 0; }
.luotsi-case .traps li { display: inline-flex; gap: 0.3rem; align-items: center; margin: 0; padding: 0;
  font-size: 0.875rem; }
.luotsi-case img.effect { width: 100%; max-width: 220px; height: auto; display: block; margin-bottom: 0.15rem; }
.luotsi-case .dots { letter-spacing: 0.1em; }
[class*="st-key-case_"] { gap: 0.4rem; }
[class*="st-key-open_"] button { text-align: left; }
[class*="st-key-open_"] button p { font-weight: 600; white-space: normal; overflow: visible; }
@media (max-width: 900px) {
  .luotsi-case, .luotsi-case.pictures { grid-template-columns: 1fr 1fr; }
  .luotsi-case .wide, .luotsi-case.pictures .traps { grid-column: 1 / -1; }
}
</style>"""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How the rows are drawn.

    Attributes:
        view: both, words or pictures.
        reach: The multiples of the smallest change that all small pictures reach over.
        meeting_id: The meeting that goes on.
    """

    view: str
    reach: Domain
    meeting_id: int


def begin(ctx: Context, view: str) -> None:
    """What the rows look like and how their small pictures are read; once a page."""
    st.html(STYLE)
    if view == "both":
        st.caption(
            ctx.t(
                "In the small pictures the dot is the estimate and the bar its interval. The whole line is no change, "
                "the dashed one the smallest change that matters; better is to the right, whatever the metric."
            )
        )
    explain(ctx, *([Term.INTERVAL, Term.LEVEL] if view == "words" else [Term.LEVEL]))


def show(ctx: Context, rows: Sequence[PortfolioRow], *, name: str, drawn: Drawn) -> None:
    """The rows of a pile, in the order given; as pictures they have one picture together.

    Args:
        ctx: The rerun.
        rows: At least one pilot.
        name: The pile's, for keys.
        drawn: How.
    """
    if drawn.view == "pictures":
        portfolio_rows.picture(ctx, [portfolio_rows.drawn(ctx, row, {}) for row in rows], key=f"meeting_forest_{name}")
    for row in rows:
        pilot = row.row.pilot
        with st.container(border=True, key=f"case_{pilot.code}"):
            st.button(
                pilots.title(pilot, ctx.t.language),
                key=f"open_{pilot.code}",
                icon=":material/open_in_full:",
                on_click=open_pilot,
                args=(pilot.code,),
            )
            st.html(_body(ctx, row, drawn))


def open_pilot(code: str) -> None:
    """Open a pilot beside the meeting; it stays open over reruns until it is closed."""
    st.session_state[OPEN] = code


def close_pilot() -> None:
    """Close the open pilot on the next run."""
    st.session_state.pop(OPEN, None)


def unit_words(ctx: Context, row: PilotRow) -> str:
    """The unit's code and name."""
    return f"{row.unit.code} {ctx.t.local(row.unit.name)}"


def _body(ctx: Context, row: PortfolioRow, drawn: Drawn) -> str:
    t = ctx.t
    result = row.stored.result if row.stored else None
    metric, smallest = row.metric, row.row.plan.smallest_change
    evidence = html.escape(row_words.evidence(t, result))
    dots = row_words.dots(result)
    graded = f'<span class="dots" aria-hidden="true">{dots}</span> {evidence}' if dots else evidence
    told = _told(ctx, row)
    if drawn.view == "pictures":
        fields = [told, (t("Evidence level"), graded, "")]
    else:
        guards, groups = (result.guardrails, result.subgroups) if result is not None else ((), ())
        effect = _picture(ctx, row, drawn) + html.escape(row_words.effect(t, result, metric, smallest))
        fields = [
            told,
            (t("Effect (interval); smallest change"), effect, "wide"),
            (t("Evidence level"), graded, ""),
            (t("What must not get worse"), _guarded(row_words.guardrails(t, result), guards), ""),
            (t("Groups of customers"), _guarded(row_words.groups(t, result), groups), ""),
            (t("Cost of the first year"), html.escape(row_words.cost(t, row.row)), ""),
            (t("Staff"), html.escape(row_words.staff(t, row)), ""),
        ]
    cells = "".join(
        f'<div class="{kind}"><dt>{html.escape(name)}</dt><dd>{value}</dd></div>' for name, value, kind in fields
    )
    return f'<dl class="luotsi-case {drawn.view}">{cells}{_traps(ctx, row)}</dl>'


def _guarded(said: str, found: Sequence[GuardResult]) -> str:
    """What is said of guardrails or groups; what got worse stands first, in bold."""
    if not any(one.status is Guard.HARMED for one in found):
        return html.escape(said)
    worse, mark, rest = said.partition("; ")
    return f"<strong>{html.escape(worse)}</strong>{mark}{html.escape(rest)}"


def _told(ctx: Context, row: PortfolioRow) -> tuple[str, str, str]:
    """What was decided, when the meeting or an earlier one did; else what is recommended."""
    t = ctx.t
    decided = row.waiting is not None or row.pile in (Pile.FOLLOW_UP, Pile.LEARNED)
    if decided:
        name, value = t("Decision"), row_words.decision(t, row, today=ctx.today)
    else:
        name, value = t("Recommendation"), row_words.verdict(t, row)
    unit = html.escape(unit_words(ctx, row.row))
    return name, f"<strong>{html.escape(value)}</strong><br>{unit}", ""


def _picture(ctx: Context, row: PortfolioRow, drawn: Drawn) -> str:
    """The small picture; the words beside it say the same, so it has none of its own."""
    if drawn.view != "both":
        return ""
    address = interval.picture(portfolio_rows.drawn(ctx, row, {}), reach=drawn.reach, look=drawing.look(ctx))
    return f'<img class="effect" alt="" src="{address}">' if address else ""


def _traps(ctx: Context, row: PortfolioRow) -> str:
    t, look = ctx.t, drawing.look(ctx)
    result = row.stored.result if row.stored else None
    found = traps_of(result) if result is not None else ()
    if not found:
        return ""
    lines = "".join(
        f'<li><img alt="" width="16" height="16" src="{signs.sign(trap.name, look=look, serious=trap.serious)}">'
        f"{html.escape(t(trap.words))}</li>"
        for trap in found
    )
    return f'<div class="traps"><dt>{html.escape(t("What could mislead"))}</dt><dd><ul>{lines}</ul></dd></div>'
