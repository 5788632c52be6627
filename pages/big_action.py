"""The one big thing to do on a page: a link as tall as a thumb."""

from __future__ import annotations

import streamlit as st

from pages.context import Context

STYLE = """<style>
[class*="st-key-big_"] { border: 2px solid currentColor; border-radius: 0.5rem; max-width: 28rem; }
[class*="st-key-big_"] :is(.stPageLink, .stPageLink > *) { width: 100%; }
[class*="st-key-big_"] a { width: 100%; min-height: 3.25rem; padding: 0 1rem; }
[class*="st-key-big_"] a * { font-size: 1.2rem; font-weight: 700; }
</style>"""


def link(ctx: Context, label: str, page: str, *, icon: str, **params: object) -> None:
    """Draw it, in the current container."""
    st.html(STYLE)
    marks = "_".join([page, *(str(value) for value in params.values())])
    with st.container(key=f"big_{marks}"):
        ctx.link(label, page, icon=icon, **params)
