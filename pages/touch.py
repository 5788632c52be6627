"""Small screens: targets a finger can hit, and tables that fit instead of scrolling sideways."""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
[role=spinbutton] { display: inline-block; min-width: 24px; min-height: 24px; line-height: 24px; text-align: center; }
[role=combobox] { min-width: 24px; min-height: 24px; }
</style>"""

TABLES = """<style>
@media (max-width: 640px) {
  .stTable td, .stTable th { min-width: 0 !important; padding: 0.3rem 0.15rem !important; }
  .stTable td *, .stTable th * {
    font-size: 0.8125rem !important; min-width: 0 !important; overflow: visible !important;
    overflow-wrap: break-word !important; white-space: normal !important; hyphens: auto;
  }
}
</style>"""


def targets() -> None:
    """The parts of a date and the end of a list of choices are drawn at least 24 pixels wide."""
    st.html(STYLE)


def tables() -> None:
    """On a phone a table is set small and tight so that it fits; words stay whole, or are hyphenated."""
    st.html(TABLES)
