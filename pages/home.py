"""The first page, by role."""

from __future__ import annotations

import streamlit as st

from pages.context import Context


def render(ctx: Context) -> None:
    """Greet."""
    st.title(ctx.t("Home"))
