"""Targets a finger can hit: the parts of a date and the end of a list of choices are drawn at least 24 pixels wide."""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
[role=spinbutton] { display: inline-block; min-width: 24px; min-height: 24px; line-height: 24px; text-align: center; }
[role=combobox] { min-width: 24px; min-height: 24px; }
</style>"""


def targets() -> None:
    """Put the style on the page."""
    st.html(STYLE)
