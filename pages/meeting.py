"""The meeting: every pilot by pile, decided one after the other, minutes at the end."""

from __future__ import annotations

import streamlit as st

from pages.context import Context
from services.permissions import May


def render(ctx: Context) -> None:
    """The page."""
    ctx.require(May.MEET)
    st.title(ctx.t("Meeting"))
