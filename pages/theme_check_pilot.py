"""Checking limited to one pilot's comments, named in the address: drawn by lot from its weeks before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import streamlit as st

from pages.context import Context, refusals
from services import theme_outcome
from services.pilots import by_code


@dataclass(frozen=True, kw_only=True)
class Only:
    """Which comments are asked.

    Attributes:
        conditions: Conditions on Feedback; none for all.
        by_lot: Whether every one is drawn by lot.
        why: What to say under such a comment.
    """

    conditions: Sequence[sa.ColumnElement[bool]] = ()
    by_lot: bool = False
    why: str = ""


def named() -> bool:
    """Whether the address names a pilot."""
    return bool(st.query_params.get("pilot"))


def conditions(ctx: Context) -> Only:
    """The pilot's comments when the address names one, else every comment."""
    t = ctx.t
    code = st.query_params.get("pilot", "")
    if not code:
        return Only()
    with refusals(ctx) as named:
        pilot = by_code(ctx.session, code)
    if not named.ok:
        return Only()
    ctx.link(f"{pilot.code} {t.local(pilot.title)}", "pilot", icon=":material/science:", code=pilot.code)
    with refusals(ctx) as chosen:
        found = theme_outcome.comments_to_check(ctx.session, pilot, today=ctx.today)
    if not chosen.ok:
        return Only()
    if not found:
        st.info(t("This pilot is not measured by a theme's share, so there is nothing to check for it."))
        return Only()
    return Only(conditions=found, by_lot=True, why=t("Drawn by lot from the pilot's weeks before and after."))
