"""The pain curve of a path on a page: which walks are looked at together, the picture, the same in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from charts import pain_curve
from charts.look import Look
from charts.pain_curve import MOST_GROUPS, WalkedStage, WalkGroup
from models.walks import ServicePath
from pages import drawing
from pages.context import Context
from pages.plain import plain
from services.i18n import N_, Translator
from services.walks import WalkRow

VIEWS: dict[str, str] = {
    "together": N_("all walks together"),
    "alternatives": N_("by the alternative that was taken"),
    "pilots": N_("before and during a pilot"),
}


def name(ctx: Context, path: ServicePath) -> str:
    """The path's name as it may stand in a heading."""
    return plain(ctx.t.local(path.name))


def stages(ctx: Context, path: ServicePath) -> tuple[str, ...]:
    """The names of its stages."""
    return tuple(ctx.t.local(stage) for stage in path.stages)


def together(ctx: Context, rows: Sequence[WalkRow]) -> tuple[WalkGroup, ...]:
    """All walks as one group."""
    return (_group(ctx.t("all walks"), rows),)


def groups(ctx: Context, path: ServicePath, rows: Sequence[WalkRow], view: str) -> tuple[WalkGroup, ...]:
    """The walks as the view puts them together; the newest groups when there are more than can be told apart."""
    t = ctx.t
    if view == "alternatives":
        named = [(place, t.local(words)) for place, words in enumerate(path.alternatives)]
        found = [_group(words, [row for row in rows if row.walk.alternative == place]) for place, words in named]
        found.append(_group(t("not told"), [row for row in rows if row.walk.alternative is None]))
    elif view == "pilots":
        codes = list(dict.fromkeys(row.pilot.code for row in rows if row.pilot is not None))
        found = [_group(t("without a pilot"), [row for row in rows if row.pilot is None])]
        found += [
            _group(t.say("during {pilot}", pilot=code), [row for row in rows if row.pilot and row.pilot.code == code])
            for code in codes
        ]
    else:
        return together(ctx, rows)
    return tuple(group for group in found if group.walks)[-MOST_GROUPS:]


def draw(ctx: Context, path: ServicePath, drawn: tuple[WalkGroup, ...], *, key: str) -> None:
    """The picture, with its sentence for those who hear it."""
    named = stages(ctx, path)
    made = _picture(drawn, named, drawing.look(ctx), ctx.t)
    drawing.draw(ctx, made, pain_curve.describe(drawn, stages=named), key=key)


def worst(ctx: Context, path: ServicePath, drawn: Sequence[WalkGroup]) -> str:
    """The worst stage in a sentence; "" without walks."""
    found = pain_curve.worst(drawn)
    if found is None:
        return ""
    return ctx.t.say(
        "It hurts most at **{stage}**: half of the walks felt {feeling} or worse there, on a scale from 1 to 5.",
        stage=plain(stages(ctx, path)[found[0]]),
        feeling=ctx.t.number(found[1], 0 if found[1].is_integer() else 1),
    )


def numbers(ctx: Context, path: ServicePath, drawn: Sequence[WalkGroup]) -> None:
    """The picture's numbers as a table."""
    rows = pain_curve.table(drawn, stages=stages(ctx, path), look=drawing.look(ctx), t=ctx.t)
    st.table(drawing.printed(ctx, rows), hide_index=True, border="horizontal", alt=ctx.t("The pain curve's numbers"))


def _group(called: str, rows: Sequence[WalkRow]) -> WalkGroup:
    return WalkGroup(
        name=called,
        walks=tuple(
            tuple(WalkedStage(stage=step.stage, feeling=step.feeling, minute=step.minute) for step in row.steps)
            for row in rows
        ),
    )


@st.cache_data(max_entries=128, show_spinner=False)
def _picture(drawn: tuple[WalkGroup, ...], named: tuple[str, ...], look: Look, _t: Translator) -> dict[str, Any]:
    return pain_curve.chart(drawn, stages=named, look=look, t=_t).to_dict()
