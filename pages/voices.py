"""Customers' own words, marked with the language they are in, so that a screen reader says them in the right voice."""

from __future__ import annotations

import html

import streamlit as st

from models.feedback import Feedback
from pages.context import Context
from pages.plain import plain
from services.redacted import readable


def voice(ctx: Context, feedback: Feedback) -> None:
    """Draw a comment between quotation marks; marked as another language where it is one."""
    t = ctx.t
    before, after = ("“", "”") if t.language == "en" else ("”", "”")
    words = readable(t, feedback.text or "")
    if feedback.language in (None, "", t.language):
        st.markdown(f"{before}{plain(words)}{after}")
        return
    lines = "<br>".join(html.escape(line) for line in words.split("\n"))
    st.html(f'<p lang="{html.escape(feedback.language or "")}" style="margin:0 0 0.5rem">{before}{lines}{after}</p>')
