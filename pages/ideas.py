"""Ideas of the staff: propose, vote, and hear what came of it."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.PROPOSE)
    st.title(ctx.t("Ideas"))
