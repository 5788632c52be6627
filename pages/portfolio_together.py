"""The pilots estimated together, in a few sentences: how many gains stand, how large and how different effects are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.context import Context
from services.portfolio import PortfolioRow
from services.together import Together, together
from services.wording import sentence
from stats.errors import CannotEstimateError


def show(ctx: Context, rows: Sequence[PortfolioRow]) -> Together | None:
    """Say what the whole portfolio tells, and return it; None when there are too few pilots to say anything.

    Args:
        ctx: The rerun.
        rows: Every pilot, whatever the filters leave.
    """
    t = ctx.t
    with st.container(border=True, key="portfolio_together"):
        st.subheader(t("Estimated together with the other pilots"))
        try:
            found = together(rows)
        except CannotEstimateError as error:
            st.markdown(sentence(t, error.message))
            return None
        st.markdown("\n".join(f"- {line}" for line in (_gains(ctx, found), _mean(ctx, found), _spread(ctx, found))))
        st.caption(
            t(
                "The largest estimates often owe something to luck. So each is moved towards the others, the further "
                "the less sure it is: that is what may be expected of the change. In the pictures it is the diamond."
            )
        )
    return found


def _gains(ctx: Context, found: Together) -> str:
    t = ctx.t
    if not found.finished:
        return t("No pilot has been run to its end yet.")
    if not found.gains:
        return t.say(
            "Pilots run to their end: {finished}. None gained so clearly that it stands when all are judged at once: "
            "the best result may be chance.",
            finished=found.finished,
        )
    return t.say(
        "Pilots run to their end: {finished}. Of these, {gains} gained so clearly that it stands when all are judged "
        "at once. Of such gains at most about one in ten is chance.",
        finished=found.finished,
        gains=found.gains,
    )


def _mean(ctx: Context, found: Together) -> str:
    t = ctx.t
    return t.say(
        "Pilots with an estimate: {pilots}. On average their effect is {mean} times the smallest change that matters "
        "(interval {low} to {high}).",
        pilots=len(found.estimates),
        mean=t.number(found.mean.effect, 1),
        low=t.number(found.mean.interval.low, 1),
        high=t.number(found.mean.interval.high, 1),
    )


def _spread(ctx: Context, found: Together) -> str:
    t, interval = ctx.t, found.between_sd_interval
    if interval is None:
        return t("The estimates are as alike as if the pilots did not differ at all.")
    if round(found.between_sd, 1) == 0:
        return t.say(
            "The differences between the pilots may all be chance; true effects differ by {high} times the smallest "
            "change at most.",
            high=t.number(interval.high, 1),
        )
    return t.say(
        "The pilots differ: about two in three lie within {sd} times the smallest change of that average (interval "
        "{low} to {high}).",
        sd=t.number(found.between_sd, 1),
        low=t.number(interval.low, 1),
        high=t.number(interval.high, 1),
    )
