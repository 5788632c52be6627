"""In the customer's shoes: walks along a service path and their pain curve."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.SEE_PILOTS)
    st.title(ctx.t("In the customer’s shoes"))
