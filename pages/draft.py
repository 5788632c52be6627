"""Answers that the browser keeps until they are saved: `api/drafts.js` follows the keys that these make."""

from __future__ import annotations

import html

import streamlit as st


def box(form: str, saves: int) -> str:
    """The key of the container whose fields are kept: another after every save, so that nothing comes back saved.

    Args:
        form: Which form of whom; letters, digits and underscores.
        saves: How often the person has saved it. It must grow with every save and never shrink.

    >>> box("idea", 3)
    'draft_idea_3'
    """
    return f"draft_{form}_{saves}"


def saved(form: str, saves: int) -> None:
    """Tell the browser that what it kept before the newest save, if there was one, is in the record now."""
    if saves:
        st.html(f'<div hidden data-luotsi-saved="{html.escape(box(form, saves - 1))}"></div>')
