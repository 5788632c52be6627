"""The accessibility statement: what is known not to work, and where to say so."""

from __future__ import annotations

import streamlit as st

from pages.context import Context


def render(ctx: Context) -> None:
    """The page."""
    st.title(ctx.t("Accessibility statement"))
