"""A choice from a list that lives in the session and in the address, so that a view can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def choice(name: str, key: str, options: Mapping[str, str], *, width: int | str = 240) -> str:
    """Draw the choice and tell what is chosen.

    Args:
        name: Its label.
        key: Its name in the session and the address.
        options: Code to words; the first is the usual one and stays out of the address. Codes go into the address:
            they are the same in every language.
        width: Of the field, in pixels, or "stretch".
    """
    usual = next(iter(options))
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else usual
    chosen = st.selectbox(
        name, list(options), format_func=options.__getitem__, key=key, width=width, persist_state="session"
    )
    if chosen != usual:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    return chosen
