"""One pilot on one page, to read before deciding; also as PDF."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.SEE_PILOTS)
    st.title(ctx.t("One-page brief"))
