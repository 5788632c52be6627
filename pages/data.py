"""Data for analysts: files to take away, the dictionary, the commands."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.EXPORT)
    st.title(ctx.t("Data"))
