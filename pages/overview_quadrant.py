"""Every evaluated pilot by what customers gained and what effort it took, beside the same in numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from charts import quadrant as picture
from charts.look import Look
from charts.quadrant import QuadrantPoint
from pages import drawing
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from pages.terms import Term, explain
from services import pilots, portfolio, quadrant
from services.i18n import N_, Translator
from services.quadrant import MISSING, Both
from services.wording import amount

AXES: dict[str, str] = {
    "hours": N_("Hours saved a week, as the team told"),
    "measured": N_("Time or cost that was measured"),
}
UPRIGHT: dict[str, str] = {
    "hours": N_("Hours saved a week"),
    "measured": N_("Time or cost, in multiples of what matters"),
}


def show(ctx: Context, unit_ids: Collection[int] | None) -> None:
    """The picture and the table, then who is missing and why."""
    t = ctx.t
    rows = [
        row
        for row in portfolio.rows(ctx.session, today=ctx.today)
        if unit_ids is None or row.row.pilot.unit_id in unit_ids
    ]
    found = sorted(quadrant.both_axes(ctx.session, rows), key=lambda both: both.row.row.pilot.code)
    if not found:
        st.info(t("No pilot here has been evaluated yet."))
        return
    axis = choice(t("Upwards"), "upwards", {name: t(words) for name, words in AXES.items()}, width=340)
    measured = axis == "measured"
    points = tuple(_point(ctx, both, measured=measured) for both in found if both.missing(measured=measured) is None)
    st.markdown(
        t(
            "To the right customers are better off, upwards less effort is needed. The dashed line is the smallest "
            "change that matters; a line through a point is where its true place may be."
        )
    )
    if not points:
        st.info(t("No pilot here is known on both counts."))
    else:
        _both_sides(ctx, points, axis)
    _left_out(ctx, found, measured=measured)


def _both_sides(ctx: Context, points: tuple[QuadrantPoint, ...], axis: str) -> None:
    t = ctx.t
    upright = t(UPRIGHT[axis])
    with st.grid(columns=2, min_column_width=300, gap="large", key="quadrant_sides"):
        with st.container(key="quadrant_picture"):
            made = _picture(points, upright, drawing.look(ctx), t)
            drawing.draw(ctx, made, picture.describe(points), key=f"quadrant_{axis}")
            st.caption(
                t("Hours are what the team told, not measured: they have no range.")
                if axis == "hours"
                else t("The size that matters is the worsening that the pilot's plan would not have accepted.")
            )
        with st.container(key="quadrant_numbers"):
            st.table(
                drawing.printed(ctx, [_row(ctx, point, upright) for point in points]),
                hide_index=True,
                border="horizontal",
                alt=t("Pilots by customers' gain and effort"),
            )
            explain(ctx, Term.MULTIPLES)


def _row(ctx: Context, point: QuadrantPoint, upright: str) -> dict[str, object]:
    t = ctx.t
    return {
        t("Pilot"): f"[{plain(point.name)}]({ctx.url('pilot', code=point.code)})",
        t("Effect for customers"): t.say(
            "{effect} ({low} to {high})",
            effect=t.number(point.customers, 1, signed=True),
            low=t.number(point.low, 1, signed=True),
            high=t.number(point.high, 1, signed=True),
        ),
        upright: point.told,
    }


def _point(ctx: Context, both: Both, *, measured: bool) -> QuadrantPoint:
    """A pilot that is known on both counts."""
    t, pilot, customers = ctx.t, both.row.row.pilot, both.customers
    if customers is None:
        raise ValueError(f"{pilot.code} has no effect for customers.")
    common: dict[str, Any] = {
        "code": pilot.code,
        "name": pilots.title(pilot, t.language),
        "customers": customers.effect,
        "low": customers.low,
        "high": customers.high,
    }
    if measured and both.measured is not None:
        change, multiple = both.measured.change, both.measured.multiple
        told = t.say(
            "{metric}: {effect} ({low} to {high})",
            metric=t.local(both.measured.metric.name),
            effect=amount(t, change.effect, both.measured.metric, signed=True),
            low=amount(t, change.interval.low, both.measured.metric, signed=True),
            high=amount(t, change.interval.high, both.measured.metric, signed=True),
        )
        return QuadrantPoint(
            **common,
            efficiency=multiple.effect,
            efficiency_low=multiple.low,
            efficiency_high=multiple.high,
            told=plain(told),
        )
    if both.hours_saved is None:
        raise ValueError(f"{pilot.code} has told of no effort.")
    told = t.say(
        "{hours} h a week; set up with {setup} h and {euros} €",
        hours=t.number(both.hours_saved, 1, signed=True),
        setup=t.number(pilot.setup_hours, 0),
        euros=t.number(pilot.setup_eur, 0),
    )
    return QuadrantPoint(**common, efficiency=both.hours_saved, told=plain(told))


@st.cache_data(max_entries=64, show_spinner=False)
def _picture(points: tuple[QuadrantPoint, ...], upright: str, look: Look, _t: Translator) -> dict[str, Any]:
    return picture.chart(points, upright=upright, look=look, t=_t).to_dict()


def _left_out(ctx: Context, found: Sequence[Both], *, measured: bool) -> None:
    """Pilots that are not known on both counts are named, never drawn at zero."""
    t = ctx.t
    missing = [(both, why) for both in found if (why := both.missing(measured=measured)) is not None]
    if not missing:
        return
    with st.container(key="quadrant_missing"):
        st.header(t.say("Not in the picture ({pilots})", pilots=len(missing)))
        st.markdown(
            "\n".join(
                f"- [{plain(pilots.title(both.row.row.pilot, t.language))}]"
                f"({ctx.url('pilot', code=both.row.row.pilot.code)}): {t(MISSING[why])}"
                for both, why in missing
            )
        )
