"""The part of a card that is filled in already and seldom needs a look."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import form_problems
from pages.context import Context
from pages.register_draft import FORM
from services.errors import BadInput


def more(ctx: Context, name: str, *, open_for: tuple[str, ...] = (), needed: bool = False) -> DeltaGenerator:
    """Where the fields are that need no change; open when one of them was refused or must be written."""
    error = form_problems.kept(FORM)
    refused = isinstance(error, BadInput) and error.field in open_for
    return st.expander(ctx.t("More (filled in already)"), key=name, expanded=refused or needed)
