"""The whole portfolio in pictures: funnel, quadrant, themes and units."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.SEE_PILOTS)
    st.title(ctx.t("The whole picture"))
